"""Grading a class: a few threads, each with a sandbox of its own, and one writer.

waiting ──► threads ──► done ──► whoever saves the records
              │  ▲
              ▼  │ one at a time, after all others
          postponed           the machine was too busy for them
"""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from grader.engine.record import Record
from grader.errors import OverloadedError, SandboxError
from grader.judge.judge import judge
from grader.judge.known import Known
from grader.judge.oracle import Oracle
from grader.judge.verdicts import Grade
from grader.plan import Plan
from grader.run import Run, run
from grader.sandbox.backend import Backend, Limits
from grader.sandbox.outcome import Raised
from grader.submissions.read import Handed, Submission

ATTEMPTS = 2  # a sandbox that fails is tried once more, with a new zygote
NOTEBOOK_LOAD_SECONDS = 40.0  # all cells together; `grader.submissions.notebook.source` ends single ones before that
UNREAD = "UnreadableSubmission"  # in place of an exception, of what could not be read
WAITING_RECORDS = 8  # to be saved: each may hold all that a submission may return, and disks can be slow
LEAVING_SECONDS = 1.0  # after Ctrl-C; submissions that still run then end with this process


class Prepared(msgspec.Struct, frozen=True):
    """One assignment, ready to grade: its plan, what is expected, and the hash of all that it is judged by.

    Attributes:
        known: what a student's course, which has no reference, knows of the misconceptions.
    """

    plan: Plan
    oracle: Oracle | None
    rubric_hash: str = ""
    known: Known | None = None


def grade_one(
    submission: Submission, prepared: Prepared, backend: Backend, limits: Limits, *, postponing: bool = False
) -> Record:
    """Run and judge one submission. A failing sandbox becomes `grader_error` after a second try.

    Raises:
        OverloadedError: the machine was too busy, and the caller is `postponing`: to try again at once would not help.
    """
    plan = prepared.plan
    if submission.is_notebook:  # in its cells, students also try things out
        limits = msgspec.structs.replace(limits, load_seconds=max(limits.load_seconds, NOTEBOOK_LOAD_SECONDS))
    if submission.source is None:
        ran = Run(Raised(UNREAD, (), submission.problem), ())
        return _record(submission, prepared, ran, judge(plan, ran, prepared.oracle, submission.student))
    for attempt in range(ATTEMPTS):
        try:
            ran = run(plan, submission.source, backend, limits)
        except SandboxError as error:
            if postponing and isinstance(error, OverloadedError):
                raise
            if attempt + 1 < ATTEMPTS:
                continue
            ran = Run(Raised("SandboxError", (), str(error)), ())
            return _record(submission, prepared, ran, _fault(submission, plan, f"the sandbox failed: {error}"))
        break
    return _record(submission, prepared, ran, judge(plan, ran, prepared.oracle, submission.student, prepared.known))


def _grade_safely(
    item: Handed, prepared: Prepared, backend: Backend, limits: Limits, *, postponing: bool = False
) -> Record | None:
    """The record of what was handed in; none yet when the machine was too busy for it and there will be another chance.

    Whatever goes wrong on this side is a `grader_error` of this submission, and the class goes on.
    """
    try:
        record = grade_one(item.read(), prepared, backend, limits, postponing=postponing)
        return msgspec.structs.replace(record, submitted_at=item.submitted_at)
    except Exception as error:
        if postponing and isinstance(error, OverloadedError):
            return None
        fault = _fault(item, prepared.plan, f"the grader failed: {type(error).__name__}: {error}"[:1000])
        nothing = Run(Raised("GraderError", (), fault.message), ())
        return Record(item.student, item.assignment, "", prepared.plan.hash, prepared.rubric_hash, nothing, fault)


def _fault(submission: Submission | Handed, plan: Plan, message: str) -> Grade:
    return Grade(
        student=submission.student,
        assignment=plan.name,
        status="grader_error",
        score=None,
        max_score=plan.rubric.points,
        exercises=(),
        message=message,
    )


def _record(submission: Submission, prepared: Prepared, ran: Run, grade: Grade) -> Record:
    return Record(
        submission.student, submission.assignment, submission.hash, prepared.plan.hash, prepared.rubric_hash, ran, grade
    )


def grade_all(
    handed: Sequence[Handed],
    prepared: Mapping[str, Prepared],
    open_backend: Callable[[], Backend],
    limits: Limits = Limits(),  # noqa: B008 - frozen
    jobs: int | None = None,
) -> Iterator[Record]:
    """The record of each submission, as they are done; each is read when its turn comes.

    Args:
        prepared: by assignment.
        open_backend: makes the sandbox of one thread.
        jobs: how many submissions at a time; as many as there are processors by default.

    Raises:
        Exception: whatever a thread could not handle; leaving the iterator early (Ctrl-C) ends the threads and their sandboxes.
    """
    class_ = _Class(handed)
    done, stop = class_.done, class_.stop
    threads = [
        threading.Thread(target=_work, args=(class_, prepared, open_backend, limits), daemon=True)
        for _ in range(max(1, min(jobs or processors(), len(handed))))
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in handed:
            result = done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        stop.set()
        _drain(done, threads)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Class:
    """What the threads share: submissions that wait, those that wait for a calmer machine, and what is done."""

    def __init__(self, handed: Sequence[Handed]) -> None:
        self.waiting: queue.SimpleQueue[Handed] = queue.SimpleQueue()
        self.postponed: queue.SimpleQueue[Handed] = queue.SimpleQueue()
        for item in handed:
            self.waiting.put(item)
        self.alone = threading.Lock()
        self.done: queue.Queue[Record | BaseException] = queue.Queue(maxsize=WAITING_RECORDS)
        self.stop = threading.Event()

    def items(self, source: "queue.SimpleQueue[Handed]") -> Iterator[Handed]:
        """What is in `source`, until it is empty or nobody wants it any more."""
        while not self.stop.is_set():
            try:
                yield source.get_nowait()
            except queue.Empty:
                return


def _work(class_: _Class, prepared: Mapping[str, Prepared], open_backend: Callable[[], Backend], limits: Limits) -> None:
    try:
        with open_backend() as backend:
            for item in class_.items(class_.waiting):
                record = _grade_safely(item, prepared[item.assignment], backend, limits, postponing=True)
                if record is None:
                    class_.postponed.put(item)
                else:
                    class_.done.put(record)
            with class_.alone:  # who postponed something comes here after it, so nothing is left
                for item in class_.items(class_.postponed):
                    record = _grade_safely(item, prepared[item.assignment], backend, limits)
                    assert record is not None
                    class_.done.put(record)
    except BaseException as error:  # the consumer raises it
        class_.done.put(error)


def _drain(done: "queue.Queue[Record | BaseException]", threads: Sequence[threading.Thread]) -> None:
    """Let threads that wait to hand over a result end."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        try:
            done.get(timeout=0.05)
        except queue.Empty:
            continue
