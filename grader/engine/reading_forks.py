"""The processes that submissions are read in: forks of one zygote, locked down, with limits of their own."""

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn, Self

from grader.errors import OverloadedError, SandboxError
from grader.sandbox.control import ENDING_MS
from grader.sandbox.wire import HEADER
from grader.text.language import gettext as _
from grader.text.language import spoken

if TYPE_CHECKING:
    from grader.sandbox.control import Reaped
    from grader.sandbox.linux.spawn import Zygote

SECONDS = 10  # of CPU time for one submission, or for some archives to list
WALL_SECONDS = 120.0  # after that, the machine is too busy
MEMORY = 1 << 30  # bytes of address space beyond the zygote's
_TASK = "grader.submissions.reading_process"
_NAMESPACES = ("unshare", "none")  # bwrap would hide the readers


class EndedError(Exception):
    """The process that reads gives no answer; why, for the student."""


class Forks:
    """The zygote, which starts in the background. Threads may share it.

    Args:
        more: arguments for what is imported there (see `reading_process.prepare`).
    """

    def __init__(self, weak: bool = False, *more: str) -> None:
        self._weak, self._more = weak, more
        self._zygote: Zygote | None = None
        self._asking = threading.Lock()
        self._serving()

    def close(self) -> None:
        """End the zygote."""
        with self._asking:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def fork(self, ipc: int, output: int, given: Sequence[int]) -> tuple[int, int]:
        """A process that reads, as `Zygote.fork`."""
        with self._asking:
            return self._serving().fork(ipc, output, SECONDS, MEMORY, given)

    def reap(self, pid: int) -> "Reaped":
        """How a process ended, as `Zygote.reap`."""
        with self._asking:
            return self._serving().reap(pid)

    def _serving(self) -> "Zygote":
        from grader.sandbox.linux.spawn import Zygote

        if self._zygote is not None and self._zygote.ended():
            self._zygote.close()
            self._zygote = None
        if self._zygote is None:
            self._zygote = Zygote(None if self._weak else "closed-fs", self._weak, _NAMESPACES, (_TASK, spoken(), *self._more))
        return self._zygote


class ReadingProcess:
    """One process that reads, from its start to its end."""

    def __init__(self, forks: Forks, given: Sequence[int]) -> None:
        self._forks = forks
        self._end = time.monotonic() + WALL_SECONDS
        self._socket, ipc = socket.socketpair()
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            self._pid, self._pidfd = forks.fork(ipc.fileno(), null, given)
        except BaseException:
            self._socket.close()
            raise
        finally:
            ipc.close()
            os.close(null)
        self._locked = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pidfd >= 0:
            with contextlib.suppress(SandboxError):  # the answer is complete; the next one reports it
                self._reap()

    def send(self, body: bytes) -> None:
        """Send the request; the process has said that it is locked down."""
        if self.receive(0):
            raise AssertionError  # nothing is longer than 0
        self._locked = True
        try:
            self._socket.settimeout(max(self._end - time.monotonic(), 0.001))
            self._socket.sendall(HEADER.pack(len(body)) + body)
        except OSError:
            self._why()

    def receive(self, most: int) -> bytearray:
        """The next answer, of at most `most` bytes."""
        (size,) = HEADER.unpack(self._exactly(HEADER.size))
        if size > most:
            raise EndedError(_("it has too much in it"))
        return self._exactly(size)

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            try:
                self._socket.settimeout(max(self._end - time.monotonic(), 0.001))
                count = self._socket.recv_into(rest)
            except OSError:
                count = 0
            if not count:
                self._why()
            rest = rest[count:]
        return data

    def _why(self) -> NoReturn:
        """Raise why there is no answer."""
        late = time.monotonic() >= self._end
        ending = select.poll()
        ending.register(self._pidfd, select.POLLIN)
        ended = bool(ending.poll(0 if late else ENDING_MS))
        reaped = self._reap()
        if not self._locked:
            raise SandboxError("a process to read submissions in could not be locked down")
        if reaped.cpu_seconds >= SECONDS - 0.5:
            raise EndedError(_("it took more than {n} s to read; save it again without outputs").format(n=SECONDS))
        if late:
            raise OverloadedError(f"the machine was too busy: a submission was not read in {WALL_SECONDS:g} s")
        if ended and reaped.status == -signal.SIGKILL:
            raise SandboxError("a process that reads submissions was ended from outside")
        raise EndedError(_("it broke the program that reads it"))

    def _reap(self) -> "Reaped":
        pidfd, self._pidfd = self._pidfd, -1
        self._socket.close()
        try:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            return self._forks.reap(self._pid)
        finally:
            os.close(pidfd)
