"""Grading a class: a few threads with a sandbox each (or a cluster, see `cluster`), and one consumer. What is slow is run when the others
are done (see `pace`).

waiting ──► a first try ──► done ──► the consumer, which saves the records
                 │            ▲
                 ├─► waits ───┤ many side by side: they use nothing
                 ├─► computes ┤
                 └─► starved ─┘ the machine was too busy: one at a time, after all others
"""

import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Protocol, Self

from grader.engine import pace
from grader.engine.grade_one import Turn, grade_safely
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.errors import Why
from grader.sandbox.backend import Backend, Limits
from grader.submissions.read import SubmittedFiles

FEW, HEADSTART = 10, 0.5  # of so few submissions, the first job has most done in the seconds that another sandbox takes to start
WAITING_RECORDS = 8  # unsaved ones in memory: each may hold all that a submission may return, and disks can be slow


def grade_all(
    submitted: Sequence[SubmittedFiles],
    prepared: Mapping[str, Prepared],
    open_backend: Callable[[], Backend],
    limits: Limits = Limits(),  # noqa: B008 - frozen
    jobs: int | None = None,
    tell: Callable[[str], object] = str,
) -> Iterator[Record]:
    """The record of each submission, in order of completion; each is read when its turn comes.

    Leaving the iterator early (Ctrl-C) ends the threads and their sandboxes.

    Args:
        prepared: by assignment.
        open_backend: makes a sandbox, one for each job.
        limits: of a submission by itself.
        jobs: how many submissions at a time (default: one per processor).
        tell: gets a line if slow submissions got less than these limits.

    Raises:
        Exception: whatever a thread could not handle.
    """
    here = _Here(prepared, open_backend, limits, max(1, min(jobs or processors(), len(submitted))))
    return consume(submitted, here, limits, tell)


Result = Record | BaseException


class Runner(Protocol):
    """Runs submissions, many at a time. Use as a context manager."""

    @property
    def jobs(self) -> int:
        """How many submissions run at a time."""

    @property
    def leaving_seconds(self) -> float:
        """How long it may take to leave, also after Ctrl-C; submissions that still run then end with this process."""

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def run(
        self,
        items: Sequence[SubmittedFiles],
        limits: Limits,
        turn: Turn,
        done: Callable[[Result], None],
        stop: threading.Event,
    ) -> list[tuple[SubmittedFiles, Why]]:
        """Grade `items`, and hand each record to `done`; returns those that should be run again, which is none in their last turn."""


def consume(
    submitted: Sequence[SubmittedFiles], runner: Runner, limits: Limits, tell: Callable[[str], object]
) -> Iterator[Record]:
    """The record of each submission, in order of completion, from a thread that grades them (see `grade_all`)."""
    results: queue.Queue[Result] = queue.Queue(maxsize=WAITING_RECORDS)
    stop = threading.Event()
    thread = threading.Thread(target=_grade, args=(submitted, runner, limits, tell, results, stop), daemon=True)
    thread.start()
    try:
        for _ in submitted:
            result = results.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        stop.set()
        _drain(results, thread, runner.leaving_seconds)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _grade(
    submitted: Sequence[SubmittedFiles],
    runner: Runner,
    limits: Limits,
    tell: Callable[[str], object],
    results: "queue.Queue[Result]",
    stop: threading.Event,
) -> None:
    """Grade every submission: first tries, then those that wait, those that compute long, and one by one those that were starved."""
    count = len(submitted)
    try:
        with runner:
            first: Turn = "trial" if count > runner.jobs else "full"
            postponed = runner.run(submitted, limits, first, results.put, stop)
            waits, computes = ([item for item, why in postponed if why == kind] for kind in ("waits", "computes"))
            starved = [(item, limits) for item, why in postponed if why == "starved"]
            turns: tuple[tuple[list[SubmittedFiles], Turn, Limits], ...] = (
                (waits, "waiting", pace.waiting(limits, len(waits))),
                (computes, "full", pace.shared(limits, count, len(computes))),
            )
            for items, turn, given in turns:
                if given != limits:
                    tell(pace.told(limits, given, len(items)))
                starved += [(item, given) for item, _ in runner.run(items, given, turn, results.put, stop)]
            for item, given in starved:
                runner.run([item], given, "last", results.put, stop)
    except BaseException as error:  # the consumer raises it
        results.put(error)


class _Here:
    """This machine: a sandbox for each job."""

    def __init__(self, prepared: Mapping[str, Prepared], open_backend: Callable[[], Backend], limits: Limits, jobs: int) -> None:
        self.jobs, self.leaving_seconds = jobs, 1.0
        self._prepared, self._open, self._limits = prepared, open_backend, limits
        self._opened = ExitStack()
        self._headstart = HEADSTART

    def __enter__(self) -> Self:
        self._backends = [self._opened.enter_context(self._open()) for _ in range(self.jobs)]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._opened.close()

    def run(
        self,
        items: Sequence[SubmittedFiles],
        limits: Limits,
        turn: Turn,
        done: Callable[[Result], None],
        stop: threading.Event,
    ) -> list[tuple[SubmittedFiles, Why]]:
        """See `Runner`; one at a time with each sandbox, and those that wait side by side.

        The sandboxes of other jobs than the first start when they get something to do, which in a small class they may never.
        """
        left, postponed = deque(items), list[tuple[SubmittedFiles, Why]]()
        backends = self._backends
        if turn == "waiting":
            backends = [backends[number % self.jobs] for number in range(pace.together(self.jobs, self._limits))]
        headstart, self._headstart = self._headstart if len(items) <= FEW else 0.0, 0.0
        all_taken = threading.Event()

        def work(backend: Backend) -> None:
            try:
                if backend is not backends[0]:
                    all_taken.wait(headstart)
                while not stop.is_set():
                    try:
                        item = left.popleft()
                    except IndexError:
                        all_taken.set()
                        return
                    result = grade_safely(item, self._prepared[item.assignment], backend, limits, turn)
                    if isinstance(result, Record):
                        done(result)
                    else:
                        postponed.append((item, result))
            except BaseException as error:  # the consumer raises it
                done(error)

        threads = [threading.Thread(target=work, args=(backend,), daemon=True) for backend in backends[: len(items)]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return postponed


def _drain(done: "queue.Queue[Result]", thread: threading.Thread, seconds: float) -> None:
    """Unblock threads that wait to hand over a result, so that they end."""
    deadline = time.monotonic() + seconds
    while thread.is_alive() and time.monotonic() < deadline:
        try:
            done.get(timeout=0.05)
        except queue.Empty:
            continue
