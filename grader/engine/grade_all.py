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

from grader.engine.grade_one import grade_safely
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.sandbox.backend import Backend, Limits
from grader.submissions.read import SubmittedFiles

WAITING_RECORDS = 8  # to be saved: each may hold all that a submission may return, and disks can be slow
LEAVING_SECONDS = 1.0  # after Ctrl-C; submissions that still run then end with this process


def grade_all(
    submitted: Sequence[SubmittedFiles],
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
    class_ = _Class(submitted)
    done, stop = class_.done, class_.stop
    threads = [
        threading.Thread(target=_work, args=(class_, prepared, open_backend, limits), daemon=True)
        for _ in range(max(1, min(jobs or processors(), len(submitted))))
    ]
    for thread in threads:
        thread.start()
    try:
        for _ in submitted:
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

    def __init__(self, submitted: Sequence[SubmittedFiles]) -> None:
        self.waiting: queue.SimpleQueue[SubmittedFiles] = queue.SimpleQueue()
        self.postponed: queue.SimpleQueue[SubmittedFiles] = queue.SimpleQueue()
        for item in submitted:
            self.waiting.put(item)
        self.alone = threading.Lock()
        self.done: queue.Queue[Record | BaseException] = queue.Queue(maxsize=WAITING_RECORDS)
        self.stop = threading.Event()

    def items(self, source: "queue.SimpleQueue[SubmittedFiles]") -> Iterator[SubmittedFiles]:
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
                record = grade_safely(item, prepared[item.assignment], backend, limits, postponing=True)
                if record is None:
                    class_.postponed.put(item)
                else:
                    class_.done.put(record)
            with class_.alone:  # who postponed something comes here after it, so nothing is left
                for item in class_.items(class_.postponed):
                    record = grade_safely(item, prepared[item.assignment], backend, limits)
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
