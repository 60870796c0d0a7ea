"""The supervisor's handle of a zygote: start it, have it fork and reap children, end it.

Modules that are not needed to start it are imported where they are used, because `grader check` waits for the zygote's start.
"""

import contextlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import SandboxError
from grader.sandbox import launch
from grader.sandbox.linux import namespaces

if TYPE_CHECKING:
    from grader.sandbox.control import Answer, Fork, Ready, Reap, Reaped
    from grader.sandbox.offer import Offer

ANSWER_SECONDS = 20.0
_WORKER = "grader.sandbox.child.worker"


class _FinalError(Exception):
    """It cannot be started in any namespace."""


class _TooSlowError(SandboxError):
    """It did not answer in time: what a library has printed meanwhile does not count as a reason."""


class Zygote:
    """A zygote, which starts in the background: the first use waits until it serves. Threads can share it.

    Attributes:
        namespace: the kind of namespace that it is in, known once it serves.
        refused: why not in a stronger kind, by kind.

    Args:
        task: the module that serves in its children, and arguments of its `prepare`.
        offer: the modules that it imports besides numpy.
    """

    def __init__(
        self,
        mode: str | None,
        weak: bool,
        kinds: tuple[str, ...],
        task: Sequence[str] = (_WORKER,),
        offer: "Offer | None" = None,
    ) -> None:
        self._arguments, self._task = (mode or "", "weak" if weak else "strict"), task
        self._offer = launch.given(offer)
        self._candidates = list(namespaces.candidates(kinds, offer.readable if offer else ()))
        self._ready: Ready | None = None
        self._failed: SandboxError | None = None
        self._broken = False
        self._asking = threading.RLock()  # one request at a time
        self.refused: dict[str, str] = {}
        self._spawn()

    def _spawn(self) -> None:
        self._candidate = self._candidates.pop(0)
        self.namespace, prefix = self._candidate
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = launch.command(
            "grader.sandbox.linux.zygote", *self._arguments, self.namespace, str(theirs.fileno()), self._offer, *self._task
        )
        self._control = ours
        self._said = os.fdopen(os.memfd_create("zygote"), "w+b")
        try:
            self._process = subprocess.Popen(
                [*prefix, *command],
                env=launch.environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                pass_fds=(theirs.fileno(),),
                process_group=0,  # Ctrl-C in a terminal is for the supervisor alone
            )
        except OSError as error:
            raise SandboxError(f"the sandbox could not be started: {error}") from error
        finally:
            theirs.close()

    @property
    def pid(self) -> int:
        """The process that was started: the zygote, or the program that put it into namespaces."""
        return self._process.pid

    def ended(self) -> bool:
        """Whether it has served and does not any more."""
        return self._ready is not None and (self._broken or self._process.poll() is not None)

    def ready(self) -> "Ready":
        """Wait until it serves; if it cannot be started in these namespaces, try the next.

        Where it gave no reason (it was killed, or too slow), a weaker kind is not chosen: it is started once more. Who asks again after
        that is told the same.

        Raises:
            SandboxError: it could be started in none, or gave no reason twice.
        """
        with self._asking:
            if self._failed is not None:
                raise self._failed
            try:
                return self._ready or self._served()
            except SandboxError as error:
                self._failed = error
                raise

    def _served(self) -> "Ready":
        from grader.sandbox import control

        silent, patience = 0, launch.start_seconds(self._offer)
        while self._ready is None:
            reason = how = ""
            slow = False
            try:
                answer = self._answer(patience)[0]
                if isinstance(answer, control.Ready):
                    self._ready = answer
                    break
                reason = answer.reason if isinstance(answer, control.Failed) else "it did not start as expected"
                if isinstance(answer, control.Failed) and answer.final:
                    raise _FinalError(reason)
            except _FinalError as error:
                self.close()
                raise SandboxError(f"the sandbox could not be started: {error}") from None
            except _TooSlowError as error:
                slow, how = True, str(error)
            except SandboxError as error:
                reason, how = self._last_words(), str(error)
            self.close()
            if not reason and not slow and self._process.returncode > 0:
                reason = f"it ended with exit code {self._process.returncode}"
            if reason:
                self.refused[self.namespace] = reason
            else:
                silent += 1
                if silent > 1:
                    raise SandboxError(f"the sandbox could not be tried in namespaces of kind {self.namespace}: {how}, twice")
                self._candidates.insert(0, self._candidate)
            if not self._candidates:
                raise SandboxError(f"the sandbox could not be started: {reason}")
            self._broken = False
            self._spawn()
        return self._ready

    def fork(self, ipc: int, output: int, cpu_seconds: int, memory: int, given: Sequence[int] = ()) -> tuple[int, int]:
        """The pid and pidfd of a new child, which has the descriptors `ipc` and `output`, and those `given` from `FIRST_GIVEN` on."""
        from grader.sandbox import control

        self.ready()
        answer, fds = self._ask(control.Fork(cpu_seconds, memory), [ipc, output, *given])
        if isinstance(answer, control.Forked) and len(fds) == 1:
            return answer.pid, fds[0]
        raise SandboxError(answer.reason if isinstance(answer, control.Failed) else "the sandbox's zygote did not fork a child")

    def reap(self, pid: int) -> "Reaped":
        """The exit status of child `pid`, which has been killed or has ended."""
        from grader.sandbox import control

        answer, _ = self._ask(control.Reap(pid), [])
        if isinstance(answer, control.Reaped):
            return answer
        raise SandboxError("the sandbox's zygote does not know the child")

    def close(self) -> None:
        """End it: closing its socket is enough; it is killed if it does not react."""
        self._control.close()
        self._said.close()
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            for pid in _children(self._process.pid):  # bwrap's is the first of its namespace: all others there end with it
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2)

    def _ask(self, request: "Fork | Reap", fds: list[int]) -> "tuple[Answer, list[int]]":
        from grader.sandbox import control

        with self._asking:
            try:
                socket.send_fds(self._control, [control.encode(request)], fds)
            except OSError as error:
                raise self._lost(f"has ended ({error})") from None
            return self._answer(ANSWER_SECONDS)

    def _answer(self, seconds: float) -> "tuple[Answer, list[int]]":
        import msgspec

        from grader.sandbox import control

        try:
            self._control.settimeout(seconds)
            packet, fds, _, _ = socket.recv_fds(self._control, control.PACKET, 1)
            if packet:
                answer: Answer = control.decode_answer(packet)
                return answer, fds
        except TimeoutError:
            self._broken = True
            raise _TooSlowError(f"the sandbox's zygote did not answer within {seconds:g} s") from None
        except (OSError, msgspec.MsgspecError) as error:
            raise self._lost(f"has ended ({error})") from None
        raise self._lost("has ended")

    def _lost(self, how: str) -> SandboxError:
        self._broken = True
        return SandboxError(f"the sandbox's zygote {how}")

    def _last_words(self) -> str:
        """The last line that it, or the program that starts it, wrote to its error output."""
        size = os.fstat(self._said.fileno()).st_size
        text = os.pread(self._said.fileno(), 2000, max(0, size - 2000)).decode("utf-8", "replace").strip()
        return text.splitlines()[-1][:500] if text else ""


def _children(pid: int) -> list[int]:
    """The processes that the first thread of `pid` has started."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []
