"""What a worker of a cluster does: it unpacks the course, tries its sandbox, and grades what it gets. All that comes and goes is bytes.

A worker is as much of the trusted side as the machine that grades alone: it holds the course with its reference, and runs students' code
locked down. What a student wrote reaches it as bytes that msgspec decodes into typed structures; nothing of that is unpickled.
"""

import atexit
import io
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import msgspec

from grader.course.folder import SECRET_FILE, read_course
from grader.engine.engine import Engine
from grader.engine.grade_one import Turn, grade_read
from grader.engine.lockdown import locked_down, open_sandbox
from grader.engine.record import Record
from grader.errors import SandboxError, UsageError, Why
from grader.sandbox.backend import Backend, Limits
from grader.submissions import read
from grader.submissions.notebook.source import Note
from grader.submissions.submission import Submission

SENT: Final = ("assignments", "solutions", "reference")  # the folders of a course that a worker needs, besides its secret
vars(read)["Note"] = (
    Note  # of a submission's type, which msgspec looks up there; it costs `grader check` time, so it is not there
)


class Request(msgspec.Struct, frozen=True):
    """One submission to grade.

    Attributes:
        plan_hash, rubric_hash: of what it is graded by; a worker that would grade by anything else refuses.
    """

    submission: Submission
    limits: Limits
    turn: Turn
    plan_hash: str
    rubric_hash: str


class Reply(msgspec.Struct, frozen=True):
    """Its record, why it should be run again later, or the worker's own fault.

    Attributes:
        worker: the worker's address.
        stranger: whether it was never told the course.
        unfit: whether it would fail everybody so.
    """

    record: Record | None = None
    why: Why | None = None
    fault: str = ""
    worker: str = ""
    stranger: bool = False
    unfit: bool = False

    @property
    def failed(self) -> bool:
        """Whether the grader itself failed."""
        return bool(self.fault) or (self.record is not None and self.record.grade.status == "grader_error")


class _Worker:
    """The course on this worker, and a sandbox for each thread that asks for one."""

    def __init__(self, course: bytes, weak: bool) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="grader-worker-", dir=_scratch()))  # only its owner can enter it
        try:
            with zipfile.ZipFile(io.BytesIO(course)) as archive:
                archive.extractall(self._folder)
            self._weak = weak
            self.engine = Engine(read_course(self._folder), weak=weak)
            # what was tried is used
            self._free: list[Backend] = [] if weak else [locked_down("it takes part where --allow-weak-sandbox is given.")]
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._closed, self._taking = False, threading.Lock()
        self.preparing = threading.Lock()

    @contextmanager
    def backend(self) -> Iterator[Backend]:
        """A sandbox that no other thread uses meanwhile."""
        with self._taking:
            found = self._free.pop() if self._free else None
        found = found or open_sandbox(self._weak)
        try:
            yield found
        finally:
            with self._taking:
                kept = not self._closed
                if kept:
                    self._free.append(found)
            if not kept:  # it was ended meanwhile
                found.close()

    def close(self) -> None:
        """End the sandboxes that nobody uses, and remove the course; those in use end with what runs in them."""
        with self._taking:
            self._closed, free = True, self._free
            self._free = []
        for backend in free:
            backend.close()
        self.engine.close()
        shutil.rmtree(self._folder, ignore_errors=True)


_workers: dict[str, _Worker] = {}
_making = threading.Lock()


def pack(root: Path) -> bytes:
    """The parts of a course that a worker needs, as a zip archive that is the same for the same course."""
    packed = io.BytesIO()
    files = sorted(
        path for name in SENT for path in (root / name).rglob("*") if path.is_file() and "__pycache__" not in path.parts
    )
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (root / SECRET_FILE, *files):
            archive.writestr(zipfile.ZipInfo(path.relative_to(root).as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def begin(digest: str, course: bytes, weak: bool) -> str:
    """Get ready to grade by a course; returns why this worker cannot ("" if it can)."""
    with _making:
        if digest in _workers:
            return ""
        try:
            _workers[digest] = _Worker(course, weak)
        except (UsageError, SandboxError, OSError) as error:
            return str(error) or type(error).__name__
        atexit.register(end, digest)
    return ""


def end(digest: str) -> None:
    """Forget a course, and end its sandboxes."""
    with _making:
        found = _workers.pop(digest, None)
    if found:
        found.close()


def grade(digest: str, data: bytes) -> bytes:
    """Grade one submission: a `Request` in, a `Reply` out, both as bytes."""
    here = _workers.get(digest)
    if here is None:
        return msgspec.msgpack.encode(Reply(why="starved", worker=_address(), stranger=True))
    try:
        reply = _grade(here, msgspec.msgpack.decode(data, type=Request))
    except Exception as error:  # told, and the class goes on
        reply = Reply(fault=f"{type(error).__name__}: {error}"[:1000])
    return msgspec.msgpack.encode(msgspec.structs.replace(reply, worker=_address()))


def _address() -> str:
    worker: Any = import_module("distributed").get_worker()
    return str(worker.address)


def _scratch() -> str | None:
    """Dask's own folder of this worker: after one that was killed, the next worker there removes what it left."""
    try:
        worker: Any = import_module("distributed").get_worker()
    except ValueError:  # this process is none
        return None
    return str(worker.local_directory)


def _grade(worker: _Worker, request: Request) -> Reply:
    with worker.preparing:
        ready = worker.engine.prepare(request.submission.assignment)
    if (ready.plan.hash, ready.rubric_hash) != (request.plan_hash, request.rubric_hash):
        return Reply(fault="it plans other calls than the machine that asked; give both the same numpy and grader", unfit=True)
    with worker.backend() as backend:
        found = grade_read(request.submission, ready, backend, request.limits, request.turn)
    return Reply(record=found) if isinstance(found, Record) else Reply(why=found)
