"""Reading what students handed in, in a process that is locked down and has limits of its own (see `submissions.reading_process`).

    files ─► opened here ─► descriptors ─► a fork for each hand-in ─► source, cells, lists of members: typed, of limited size

What a file does to that process is that hand-in's: it becomes one that cannot be read, with the reason. Only a process that does not start,
or that something else ends, is the grader's fault.
"""

import contextlib
import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self, TypeVar

import msgspec
from msgspec.structs import replace

from grader.engine.opened_files import OpenedFiles
from grader.errors import OverloadedError, SandboxError
from grader.sandbox.control import MOST_GIVEN
from grader.sandbox.price import price
from grader.sandbox.wire import HEADER
from grader.submissions import files
from grader.submissions.files import Archive, File, MachineFault, Unreadable, UnreadableError
from grader.submissions.read import HERE, Reader, Reading, Submission, SubmittedFiles
from grader.submissions.tokens import MAX_SOURCE, Token
from grader.text.language import gettext as _
from grader.text.language import spoken

if TYPE_CHECKING:
    from grader.sandbox.control import Reaped
    from grader.sandbox.linux.spawn import Zygote

T = TypeVar("T")
ROOM = 128 << 20  # bytes of memory that an answer may take here
SECONDS = 10  # of CPU time for one hand-in, or for some archives to list
WALL_SECONDS = 120.0  # after that, the machine is too busy
MEMORY = 1 << 30  # bytes of address space beyond the zygote's
AT_ONCE = 4  # hand-ins that are read at a time, which limits the memory of all
LARGEST = {"read": 24 << 20, "list": 64 << 20, "fetch": files.MAX_NOTEBOOK + 1000, "cut": 24 << 20}  # bytes of an answer
_TASK = "grader.submissions.reading_process"
_NAMESPACES = ("unshare", "none")  # bwrap would hide the readers
_ATTEMPTS = 2
_ENDING_MS = 500  # between the closing of a process's socket and its end


def open_reader(weak: bool = False) -> Reader:
    """The strongest reader that this system has; a process for it is started already.

    Args:
        weak: whether limits alone are acceptable where nothing locks a process down.
    """
    return LockedReader(weak) if sys.platform == "linux" and hasattr(os, "pidfd_open") else HERE


class LockedReader:
    """Reads in forks of one zygote, which starts in the background. Threads may share it."""

    def __init__(self, weak: bool = False) -> None:
        self._weak = weak
        self._zygote: Zygote | None = None
        self._asking = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._serving()

    def close(self) -> None:
        """End the zygote."""
        with self._asking:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None

    def read(self, item: SubmittedFiles, *, cells: bool = False) -> Reading:
        """See `read.Reader`; with `cells`, those of its notebook too.

        Raises:
            SandboxError: no process to read in could be started.
            OSError: the machine failed to open a file.
        """
        from grader.submissions.reading_process import Failed, Read, WasRead

        needed = {file.parts for file in item.needed}
        with OpenedFiles() as opened:
            wire = tuple(
                replace(file, origin=opened.on_wire(file.origin) if file.parts in needed else Unreadable(""))
                for file in item.files
            )
            request = Read(item.assignment, wire, item.scaffold, cells)
            answers, ended = self._ask(request, opened, WasRead | Failed)
        notebook = item.notebook
        (answer,) = answers or [Failed(ended)]
        if isinstance(answer, WasRead):
            found = Submission(
                item.student,
                item.assignment,
                answer.source,
                answer.problem,
                answer.is_notebook,
                answer.notes,
                answer.file,
                answer.choice,
                answer.pieces,
                answer.changed,
            )
            return Reading(found, answer.notebook)
        name = notebook.parts[-1] if notebook else f"{item.assignment}.py"
        return Reading(Submission(item.student, item.assignment, None, _told(name, answer), notebook is not None))

    def listed(self, archives: Sequence[Archive]) -> list[list[File]]:
        """See `read.Reader`. Some archives share a process, until one of them ends it."""
        found: list[list[File]] = []
        while len(found) < len(archives):
            found += self._listed(archives[len(found) : len(found) + MOST_GIVEN])
        return found

    def _listed(self, archives: Sequence[Archive]) -> list[list[File]]:
        """The members of the first of `archives`: at least of one."""
        from grader.submissions.reading_process import Failed, List, Listed

        with OpenedFiles() as opened:
            asked: list[Archive] = []
            for archive in archives:
                origin = opened.on_wire(archive.origin)
                if isinstance(origin, Unreadable | MachineFault):
                    if not asked:
                        return [[File(archive.prefix, origin)]]
                    break
                asked.append(replace(archive, origin=origin))
            answers, ended = self._ask(List(tuple(asked)), opened, Listed | Failed, len(asked))
            found = [
                [replace(file, origin=opened.back(file.origin)) for file in answer.files]
                for answer in answers
                if isinstance(answer, Listed)
            ]
        if found:  # the next begins a process of its own: what it spent is not what those before it spent
            return found
        failed = answers[-1] if answers else Failed(ended)
        return [[File(archives[0].prefix, Unreadable(_told(_("the archive"), failed)))]]

    def contents(self, file: File) -> bytes:
        """See `read.Reader`."""
        from grader.submissions.reading_process import Fetch, Fetched

        with OpenedFiles() as opened:
            return bytes(self._one(Fetch(replace(file, origin=opened.on_wire(file.origin))), opened, Fetched).data)

    def tokens(self, source: str) -> list[list[Token]]:
        """See `read.Reader`."""
        from grader.submissions.reading_process import Cut, Tokens

        with OpenedFiles() as opened:
            return self._one(Cut(source[:MAX_SOURCE]), opened, Tokens).parts

    def _one(self, request: Any, opened: OpenedFiles, kind: type[T]) -> T:
        """The only answer to a request.

        Raises:
            UnreadableError: there is none, or it says why not.
        """
        from grader.submissions.reading_process import Failed

        answers, ended = self._ask(request, opened, kind | Failed)
        (answer,) = answers or [Failed(ended)]
        if isinstance(answer, Failed):
            raise UnreadableError(answer.reason)
        found: T = answer
        return found

    def _ask(self, request: Any, opened: OpenedFiles, kind: Any, count: int = 1) -> tuple[list[Any], str]:
        """The answers, `count` of them unless the process ended before that, and then why."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._places:
                    return self._ask_once(request, opened, kind, count)
            except OverloadedError:
                raise
            except SandboxError:
                self.close()
                if attempt == _ATTEMPTS:
                    raise
        raise AssertionError  # not reached

    def _ask_once(self, request: Any, opened: OpenedFiles, kind: Any, count: int) -> tuple[list[Any], str]:
        from grader.submissions.reading_process import encode

        most = LARGEST[request.__struct_config__.tag]
        decode = msgspec.msgpack.Decoder(kind).decode
        answers: list[Any] = []
        with _Process(self, opened.descriptors) as process:
            try:
                process.send(encode(request))
                for _place in range(count):
                    body = process.receive(most)
                    if price(body, ROOM) > ROOM:
                        return answers, _("it has too much in it")
                    answers.append(decode(body))
            except _EndedError as ended:
                return answers, str(ended)
            except msgspec.MsgspecError:
                return answers, _("it broke the program that reads it")
        return answers, ""

    def _serving(self) -> "Zygote":
        from grader.sandbox.linux.spawn import Zygote

        if self._zygote is not None and self._zygote.ended():
            self._zygote.close()
            self._zygote = None
        if self._zygote is None:
            self._zygote = Zygote(None if self._weak else "closed-fs", self._weak, _NAMESPACES, (_TASK, spoken()))
        return self._zygote

    def fork(self, ipc: int, output: int, given: Sequence[int]) -> tuple[int, int]:
        """A process that reads, as `Zygote.fork`."""
        with self._asking:
            return self._serving().fork(ipc, output, SECONDS, MEMORY, given)

    def reap(self, pid: int) -> "Reaped":
        """How a process ended, as `Zygote.reap`."""
        with self._asking:
            return self._serving().reap(pid)


class _EndedError(Exception):
    """The process that reads gives no answer; why, for the student."""


class _Process:
    """One process that reads, from its start to its end."""

    def __init__(self, reader: LockedReader, given: Sequence[int]) -> None:
        self._reader = reader
        self._end = time.monotonic() + WALL_SECONDS
        self._socket, ipc = socket.socketpair()
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            self._pid, self._pidfd = reader.fork(ipc.fileno(), null, given)
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
            raise _EndedError(_("it has too much in it"))
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
        ended = bool(ending.poll(0 if late else _ENDING_MS))
        reaped = self._reap()
        if not self._locked:
            raise SandboxError("a process to read submissions in could not be locked down")
        if reaped.cpu_seconds >= SECONDS - 0.5:
            raise _EndedError(_("it took more than {n} s to read; save it again without outputs").format(n=SECONDS))
        if late:
            raise OverloadedError(f"the machine was too busy: a submission was not read in {WALL_SECONDS:g} s")
        if ended and reaped.status == -signal.SIGKILL:
            raise SandboxError("a process that reads submissions was ended from outside")
        raise _EndedError(_("it broke the program that reads it"))

    def _reap(self) -> "Reaped":
        pidfd, self._pidfd = self._pidfd, -1
        self._socket.close()
        try:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            return self._reader.reap(self._pid)
        finally:
            os.close(pidfd)


def _told(name: str, failed: Any) -> str:
    """What a student reads of a failure.

    Raises:
        OSError: it was the machine's.
    """
    if failed.errno:
        raise OSError(failed.errno, failed.reason)
    return _("{name} cannot be read: {why}").format(name=name, why=failed.reason)
