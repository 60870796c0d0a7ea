"""Grading a class: a few threads, each with its own sandbox, and one consumer.

waiting ──► threads ──► done ──► the consumer, which saves the records
              │  ▲
              ▼  │ one at a time, after all others
          postponed           the machine was too busy for them
"""

import os
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from grader.engine.grade_one import grade_safely
from grader.engine.prepare import Prepared
from grader.engine.record import Record
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
) -> Iterator[Record]:
    """The record of each submission, in order of completion; each is read when its turn comes.

    Leaving the iterator early (Ctrl-C) ends the threads and their sandboxes.

    Args:
        prepared: by assignment.
        open_backend: makes the sandbox of one thread.
        jobs: how many submissions at a time (default: one a processor).

    Raises:
        Exception: whatever a thread could not handle.
    """
    class_ = _Class(submitted)
    threads = [
        threading.Thread(target=_work, args=(class_, prepared, open_backend, limits), daemon=True)
        for _ in range(max(1, min(jobs or processors(), len(submitted))))
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in submitted:
            result = class_.done.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        class_.stop.set()
        _drain(class_.done, threads)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Class:
    """The queues that the threads share, and when they should stop."""

    def __init__(self, submitted: Sequence[SubmittedFiles]) -> None:
        self.waiting: queue.SimpleQueue[SubmittedFiles] = queue.SimpleQueue()
        self.postponed: queue.SimpleQueue[SubmittedFiles] = queue.SimpleQueue()
        for item in submitted:
            self.waiting.put(item)
        self.alone = threading.Lock()
        self.done: queue.Queue[Record | BaseException] = queue.Queue(maxsize=WAITING_RECORDS)
        self.stop = threading.Event()

    def items(self, source: "queue.SimpleQueue[SubmittedFiles]") -> Iterator[SubmittedFiles]:
        """The items of `source`, until it is empty or the run should stop."""
        while not self.stop.is_set():
            try:
                yield source.get_nowait()
            except queue.Empty:
                return


def _work(class_: _Class, prepared: Mapping[str, Prepared], open_backend: Callable[[], Backend], limits: Limits) -> None:
    try:
        with open_backend() as backend:
            for item in class_.items(class_.waiting):
                record = grade_safely(item, prepared[item.assignment], backend, limits, postponing=True)
                if record is None:
                    class_.postponed.put(item)
                else:
                    class_.done.put(record)
            with class_.alone:  # a thread gets here after it has postponed something, so nothing is left over
                for item in class_.items(class_.postponed):
                    record = grade_safely(item, prepared[item.assignment], backend, limits)
                    assert record is not None
                    class_.done.put(record)
    except BaseException as error:  # the consumer raises it
        class_.done.put(error)


def _drain(done: "queue.Queue[Record | BaseException]", threads: Sequence[threading.Thread]) -> None:
    """Unblock threads that wait to hand over a result, so that they end."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while any(thread.is_alive() for thread in threads) and time.monotonic() < deadline:
        try:
            done.get(timeout=0.05)
        except queue.Empty:
            continue
