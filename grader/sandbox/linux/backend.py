"""The Linux backend: a locked-down fork of the zygote for each submission (see `session` for what happens in one).

Nothing heavy is imported before `open`, so that the caller can `start` the zygote first and import numpy meanwhile.
"""

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from grader.errors import OverloadedError, SandboxError
from grader.sandbox.linux.namespaces import KINDS
from grader.sandbox.linux.spawn import Zygote

if TYPE_CHECKING:
    from grader.sandbox.backend import Limits, Session, Source
    from grader.sandbox.control import Ready
    from grader.sandbox.offer import Offer

MODES = ("landlock", "closed-fs", "rlimits-only")  # see `lockdown`; best first


def _offer(names: tuple[str, ...]) -> "Offer | None":
    if not names:
        return None
    from grader.sandbox.offer import offer_of

    return offer_of(names)


class LinuxBackend:
    """Opens sessions in forks of a zygote, which is started by `start` or the first `open`, and restarted after it died.

    There is one zygote for each list of modules that a course offers: what an assignment does not offer is not in its children.

    Args:
        mode: one of `MODES`; None for the best that works here.
        weak: whether `rlimits-only` is acceptable where nothing better works.
        namespaces: kinds of namespace to try, in order (see `namespaces`).
    """

    name = "linux"

    def __init__(self, mode: str | None = None, weak: bool = False, namespaces: tuple[str, ...] = KINDS) -> None:
        if mode is not None and mode not in MODES:
            raise ValueError(f"no sandbox mode {mode!r}; there are {', '.join(MODES)}")
        self._arguments = (mode, weak, namespaces)
        self._zygotes: dict[tuple[str, ...], Zygote] = {}
        self._starting = threading.RLock()

    def start(self, offered: tuple[str, ...] = ()) -> None:
        """Start the zygote and return at once; it warms up while the caller does something else."""
        with self._starting:
            if offered not in self._zygotes:
                self._zygotes[offered] = Zygote(*self._arguments, offer=_offer(offered))

    def facts(self, offered: tuple[str, ...] = ()) -> "Ready":
        """The properties of the sandbox on this machine (waits until the zygote serves)."""
        return self._serving(offered).ready()

    def imported(self, offered: tuple[str, ...]) -> dict[str, float]:
        """The seconds that importing each of these modules took."""
        return dict(self.facts(offered).imported)

    @property
    def namespace(self) -> str:
        """The kind of namespace in force: `bwrap`, `unshare` or `none`."""
        zygote = self._serving()
        zygote.ready()
        return zygote.namespace

    def refused(self) -> dict[str, str]:
        """Why no stronger kind of namespace is in force, by kind."""
        zygote = self._serving()
        zygote.ready()
        return zygote.refused

    @property
    def zygote_pid(self) -> int:
        """The process that `start` created."""
        return self._serving().pid

    def open(self, source: "Source", limits: "Limits") -> "Session":
        """A new child that has executed `source` (see `Session.loaded`)."""
        from grader.sandbox.child_session import load_request
        from grader.sandbox.linux.session import LinuxSession

        zygote = self._serving(source.offered)
        request = load_request(source)
        try:
            return LinuxSession(zygote, zygote.ready().mode, request, limits)
        except OverloadedError:
            raise
        except SandboxError:
            with self._starting:
                if self._zygotes.get(source.offered) is zygote:  # not one that another thread has started meanwhile
                    self._zygotes.pop(source.offered).close()
            raise

    def _serving(self, offered: tuple[str, ...] = ()) -> Zygote:
        with self._starting:
            if offered in self._zygotes and self._zygotes[offered].ended():
                self._zygotes.pop(offered).close()
            self.start(offered)
            return self._zygotes[offered]

    def close(self) -> None:
        """End the zygotes and with them every remaining child."""
        with self._starting:
            while self._zygotes:
                self._zygotes.popitem()[1].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
