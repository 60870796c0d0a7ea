"""Grading a class: a few threads with a sandbox each, and one consumer. What is slow is run when the others are done (see `pace`).

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

from grader.engine import pace
from grader.engine.grade_one import grade_safely
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.errors import Why
from grader.sandbox.backend import Backend, Limits
from grader.submissions.read import SubmittedFiles

WAITING_RECORDS = 8  # unsaved ones in memory: each may hold all that a submission may return, and disks can be slow
LEAVING_SECONDS = 1.0  # after Ctrl-C; submissions that still run then end with this process


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
        jobs: how many submissions at a time (default: one a processor).
        tell: is told if slow submissions got less than these limits.

    Raises:
        Exception: whatever a thread could not handle.
    """
    class_ = _Class(submitted, prepared, limits, max(1, min(jobs or processors(), len(submitted))), tell)
    thread = threading.Thread(target=class_.grade, args=(open_backend,), daemon=True)
    thread.start()
    try:
        for _ in submitted:
            result = class_.done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        class_.stop.set()
        _drain(class_.done, thread)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Class:
    """A class, what is done of it, and whether to stop."""

    def __init__(
        self,
        submitted: Sequence[SubmittedFiles],
        prepared: Mapping[str, Prepared],
        limits: Limits,
        jobs: int,
        tell: Callable[[str], object],
    ) -> None:
        self._submitted, self._prepared, self._limits, self._jobs, self._tell = submitted, prepared, limits, jobs, tell
        self.done: queue.Queue[Record | BaseException] = queue.Queue(maxsize=WAITING_RECORDS)
        self.stop = threading.Event()

    def grade(self, open_backend: Callable[[], Backend]) -> None:
        """Grade every submission."""
        limits, count = self._limits, len(self._submitted)
        try:
            with ExitStack() as stack:
                backends = [stack.enter_context(open_backend()) for _ in range(self._jobs)]
                postponed = self._run(self._submitted, backends, limits, trial=count > self._jobs)
                waits, computes = ([item for item, why in postponed if why == kind] for kind in ("waits", "computes"))
                starved = [(item, limits) for item, why in postponed if why == "starved"]
                many = [backends[number % len(backends)] for number in range(pace.together(self._jobs, limits))]
                for items, running, given in (
                    (waits, many, pace.waiting(limits, len(waits))),
                    (computes, backends, pace.shared(limits, count, len(computes))),
                ):
                    if given != limits:
                        self._tell(pace.told(limits, given, len(items)))
                    starved += [(item, given) for item, _ in self._run(items, running, given)]
                for item, given in starved:
                    self._run([item], backends[:1], given, last=True)
        except BaseException as error:  # the consumer raises it
            self.done.put(error)

    def _run(
        self,
        items: Sequence[SubmittedFiles],
        backends: Sequence[Backend],
        limits: Limits,
        *,
        trial: bool = False,
        last: bool = False,
    ) -> list[tuple[SubmittedFiles, Why]]:
        """Grade `items`, one at a time with each of `backends`; returns those that should be run again."""
        left, postponed = deque(items), list[tuple[SubmittedFiles, Why]]()

        def work(backend: Backend) -> None:
            try:
                while not self.stop.is_set():
                    try:
                        item = left.popleft()
                    except IndexError:
                        return
                    result = grade_safely(
                        item, self._prepared[item.assignment], backend, limits, trial=trial, postponing=not last
                    )
                    if isinstance(result, Record):
                        self.done.put(result)
                    else:
                        postponed.append((item, result))
            except BaseException as error:  # the consumer raises it
                self.done.put(error)

        threads = [threading.Thread(target=work, args=(backend,), daemon=True) for backend in backends[: len(items)]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return postponed


def _drain(done: "queue.Queue[Record | BaseException]", thread: threading.Thread) -> None:
    """Unblock threads that wait to hand over a result, so that they end."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while thread.is_alive() and time.monotonic() < deadline:
        try:
            done.get(timeout=0.05)
        except queue.Empty:
            continue
