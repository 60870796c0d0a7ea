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

MODES = ("landlock", "closed-fs", "rlimits-only")  # see `lockdown`; best first


class LinuxBackend:
    """Opens sessions in forks of one zygote, which is started by `start` or the first `open`, and restarted after it died.

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
        self._zygote: Zygote | None = None
        self._starting = threading.RLock()

    def start(self) -> None:
        """Start the zygote and return at once; it warms up while the caller does something else."""
        with self._starting:
            if self._zygote is None:
                self._zygote = Zygote(*self._arguments)

    def facts(self) -> "Ready":
        """The properties of the sandbox on this machine (waits until the zygote serves)."""
        return self._serving().ready()

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

        zygote = self._serving()
        request = load_request(source)
        try:
            return LinuxSession(zygote, zygote.ready().mode, request, limits)
        except OverloadedError:
            raise
        except SandboxError:
            with self._starting:
                if self._zygote is zygote:  # not one that another thread has started meanwhile
                    self.close()
            raise

    def _serving(self) -> Zygote:
        with self._starting:
            if self._zygote is not None and self._zygote.ended():
                self.close()
            self.start()
            assert self._zygote is not None
            return self._zygote

    def close(self) -> None:
        """End the zygote and with it every remaining child."""
        with self._starting:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
