"""Reading what students handed in, in a process that is locked down and has limits of its own (see `submissions.reading_process`).

    files ─► opened here ─► descriptors ─► a fork for each submission ─► source, cells, lists of members: typed, of limited size

What a file does to that process is that submission's: it becomes one that cannot be read, with the reason. Only a process that does not
start, or that something else ends, is the grader's fault.
"""

import os
import sys
import threading
from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from grader.engine.opened_files import OpenedFiles
from grader.engine.reading_forks import EndedError, Forks, ReadingProcess
from grader.errors import OverloadedError, SandboxError
from grader.sandbox.control import MOST_GIVEN
from grader.sandbox.price import price
from grader.submissions import files
from grader.submissions.files import File, MachineFault, Unreadable, UnreadableError
from grader.submissions.listing import Archive
from grader.submissions.read import HERE, Reader, SubmittedFiles
from grader.submissions.submission import Reading, Submission
from grader.submissions.tokens import MAX_SOURCE, Token
from grader.text.language import gettext as _

T = TypeVar("T")
ROOM = 128 << 20  # bytes of memory that an answer may take here
AT_ONCE = 4  # submissions that are read at a time, which limits the memory of all
LARGEST = {"read": 24 << 20, "list": 64 << 20, "fetch": files.MAX_NOTEBOOK + 1000, "cut": 24 << 20}  # bytes of an answer
_ATTEMPTS = 2


def open_reader(weak: bool = False) -> Reader:
    """The strongest reader that this system has; a process for it is started already.

    Args:
        weak: whether limits alone are acceptable where nothing locks a process down.
    """
    return LockedReader(weak) if sys.platform == "linux" and hasattr(os, "pidfd_open") else HERE


class LockedReader:
    """Reads in forks of a zygote: of one that starts soon, until a submission needs what only the whole one has imported.

    Threads may share it.
    """

    def __init__(self, weak: bool = False) -> None:
        self._weak = weak
        self._forks = Forks(weak)
        self._whole: Forks | None = None
        self._starting = threading.Lock()
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def close(self) -> None:
        """End the zygotes."""
        self._forks.close()
        if self._whole is not None:
            self._whole.close()

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

    def _with_everything(self) -> Forks:
        """Forks of the zygote that has imported all that any submission may need."""
        from grader.submissions.reading_process import EVERYTHING

        with self._starting:
            if self._whole is None:
                self._whole = Forks(self._weak, EVERYTHING)
            return self._whole

    def _ask_once(self, request: Any, opened: OpenedFiles, kind: Any, count: int) -> tuple[list[Any], str]:
        """The same, from one process; from another, if the first one has not imported what it takes."""
        from grader.submissions.reading_process import Cut, More, Read

        if self._whole is None and isinstance(request, Read | Cut):
            answers, ended = self._answers(self._forks, request, opened, kind | More, count)
            if not any(isinstance(answer, More) for answer in answers):
                return answers, ended
        return self._answers(self._with_everything(), request, opened, kind, count)

    def _answers(self, forks: Forks, request: Any, opened: OpenedFiles, kind: Any, count: int) -> tuple[list[Any], str]:
        from grader.submissions.reading_process import encode

        most = LARGEST[request.__struct_config__.tag]
        decode = msgspec.msgpack.Decoder(kind).decode
        answers: list[Any] = []
        with ReadingProcess(forks, opened.descriptors) as process:
            try:
                process.send(encode(request))
                for _place in range(count):
                    body = process.receive(most)
                    if price(body, ROOM) > ROOM:
                        return answers, _("it has too much in it")
                    answers.append(decode(body))
            except EndedError as ended:
                return answers, str(ended)
            except msgspec.MsgspecError:
                return answers, _("it broke the program that reads it")
        return answers, ""


def _told(name: str, failed: Any) -> str:
    """What a student reads of a failure.

    Raises:
        OSError: it was the machine's.
    """
    if failed.errno:
        raise OSError(failed.errno, failed.reason)
    return _("{name} cannot be read: {why}").format(name=name, why=failed.reason)
