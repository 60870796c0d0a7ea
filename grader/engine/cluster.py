"""Grading a class on a Dask cluster: sources go out, records come back, and one process writes them.

The order of the turns and the limits are those of `grade_all`, so that the records are the same as on one machine. A worker gets the course
once, tries its own sandbox, and takes part only where students' code is locked down. Dask carries functions of this package and bytes; it
never sees a value that a student's code made. Where a worker dies, Dask gives its submissions to another one; each is recorded
once.
"""

import hashlib
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from grader.engine import cluster_worker
from grader.engine.cluster_connect import connect
from grader.engine.cluster_worker import Reply, Request
from grader.engine.engine import Engine
from grader.engine.grade_all import Result, consume
from grader.engine.grade_one import Turn, fault_of_grader
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.errors import UsageError, Why
from grader.sandbox.backend import Limits
from grader.submissions.read import SubmittedFiles

AHEAD: Final = 2  # submissions that are sent for each one that can run: memory stays flat, and no worker waits
LOOK_SECONDS: Final = 2.0  # between two looks at which workers there are
JOIN_SECONDS: Final = 60.0  # that the first worker may take to join
BEGIN_SECONDS: Final = (
    600.0  # that a worker may take to plan and try its sandbox, and that a class waits for a worker once all left
)


def grade_on_cluster(
    engine: Engine, submitted: Sequence[SubmittedFiles], address: str, tell: Callable[[str], object] = str
) -> Iterator[Record]:
    """The record of each submission of a class, in order of completion, as `Engine.grade_all` gives it.

    Args:
        address: see `Cluster`.
        tell: likewise.

    Raises:
        UsageError: the cluster cannot be reached, or none of its workers can lock student code down.
    """
    ready = {name: engine.prepare(name) for name in dict.fromkeys(item.assignment for item in submitted)}
    engine.course.secret()  # workers draw the same inputs
    return consume(submitted, Cluster(address, engine.course.root, ready, weak=engine.weak, tell=tell), engine.limits, tell)


class Cluster:
    """A cluster that grades one class; see `grade_all.Runner`."""

    def __init__(
        self, address: str, course: Path, prepared: Mapping[str, Prepared], *, weak: bool, tell: Callable[[str], object]
    ) -> None:
        """Nothing is connected yet.

        Args:
            address: of a scheduler (`tcp://…`, `tls://…`), `local:N`, or `dask`.
            course: the course's folder.
            tell: gets a line on each worker that takes no part, and at the end on how many submissions each graded.

        Raises:
            UsageError: Dask is not installed.
        """
        try:
            self._distributed: Any = import_module("distributed")
        except ImportError as error:
            raise UsageError(f"a cluster needs Dask ({error}). Install it: pip install 'dl-grader[cluster]'") from None
        self._address, self._prepared, self._weak, self._tell = address, prepared, weak, tell
        self._course = cluster_worker.pack(course)
        self._digest = hashlib.sha256(self._course).hexdigest()
        self._client: Any = None
        self._local: Any = None
        self._threads: dict[str, int] = {}  # of each worker that takes part
        self._refused: dict[str, str] = {}
        self._graded: Counter[str] = Counter()
        self._looked = self._last = 0.0  # at the cluster; when it had a worker of ours

    @property
    def jobs(self) -> int:
        """How many submissions run at a time."""
        return max(1, sum(self._threads.values()))

    @property
    def leaving_seconds(self) -> float:
        """Processes are ended, or told to forget the course."""
        return 15.0

    def __enter__(self) -> Self:
        try:
            self._client, self._local = connect(self._distributed, self._address)
            deadline = time.monotonic() + JOIN_SECONDS
            self._look()
            while not self._threads and not self._refused and time.monotonic() < deadline:
                time.sleep(0.2)
                self._look()
            if not self._threads:
                reasons = "\n".join(f"  - {worker}: {reason}" for worker, reason in self._refused.items())
                raise UsageError(f"no worker of {self._address} can grade:\n{reasons or '  - none joined'}")
        except BaseException:
            self._leave()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._tell("; ".join(f"{worker}: {count} graded" for worker, count in sorted(self._graded.items())))
        self._leave()

    def run(
        self,
        items: Sequence[SubmittedFiles],
        limits: Limits,
        turn: Turn,
        done: Callable[[Result], None],
        stop: threading.Event,
    ) -> list[tuple[SubmittedFiles, Why]]:
        """See `Runner`. A submission that the cluster lost is run again in the last turn, and after that a fault of the grader."""
        left, postponed = deque(items), list[tuple[SubmittedFiles, Why]]()
        running: dict[Any, tuple[SubmittedFiles, frozenset[str]]] = {}  # with the workers that may grade it
        finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        try:
            while (left or running) and not stop.is_set():
                while left and self._threads and len(running) < AHEAD * self.jobs:
                    item = left.popleft()
                    try:
                        future = self._send(item, limits, turn)
                    except Exception as error:  # it cannot be read
                        done(fault_of_grader(item, self._prepared[item.assignment], error))
                        continue
                    running[future] = item, frozenset(self._threads)
                    future.add_done_callback(finished.put)
                if time.monotonic() - self._looked > LOOK_SECONDS:
                    self._look()
                    for lost in [one for one, (_, workers) in running.items() if workers.isdisjoint(self._threads)]:
                        left.append(running.pop(lost)[0])  # all that might have graded it are gone
                        lost.cancel()
                try:
                    future = finished.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    continue
                if future not in running:
                    continue
                item = running.pop(future)[0]
                result = self._result(item, future, turn)
                if isinstance(result, tuple):
                    postponed.append(result)
                else:
                    done(result)
        finally:
            if running:
                self._client.cancel(list(running))
        return postponed

    def _send(self, item: SubmittedFiles, limits: Limits, turn: Turn) -> Any:
        ready = self._prepared[item.assignment]
        request = Request(item.read(), limits, turn, ready.plan.hash, ready.rubric_hash)
        data = msgspec.msgpack.encode(request)
        return self._client.submit(cluster_worker.grade, self._digest, data, workers=[*self._threads], pure=False)

    def _result(self, item: SubmittedFiles, future: Any, turn: Turn) -> Any:
        """The record of a submission that ended, or the submission and why it should be run again."""
        try:
            data = future.result(timeout=JOIN_SECONDS)
            reply = msgspec.msgpack.decode(data, type=Reply)
        except Exception as error:  # its workers died, or the cluster is gone
            self._hold()
            reply = (
                Reply(why="starved") if turn != "last" else Reply(fault=f"the cluster lost it: {type(error).__name__}: {error}")
            )
        if reply.stranger:  # it was started anew where one of ours was
            self._threads.pop(reply.worker, None)
        if reply.record is not None:
            self._graded[reply.worker] += 1
            return msgspec.structs.replace(reply.record, submitted_at=item.submitted_at)
        if reply.why is not None and turn != "last":
            return item, reply.why
        return fault_of_grader(item, self._prepared[item.assignment], reply.fault or f"the machine was too busy ({reply.why})")

    def _look(self) -> None:
        """Let workers that joined take part, and forget those that left."""
        self._hold()
        self._looked = time.monotonic()
        try:
            here = {name: info["nthreads"] for name, info in self._client.scheduler_info(n_workers=-1)["workers"].items()}
        except (OSError, TimeoutError):  # it died since
            raise self._gone() from None
        self._threads = {name: threads for name, threads in self._threads.items() if name in here}
        if self._threads:
            self._last = self._looked
        elif self._last and self._looked - self._last > BEGIN_SECONDS:
            raise UsageError(
                f"all workers of {self._address} left. What was graded is kept; start workers and run the same command."
            )
        new = [name for name in here if name not in self._threads and name not in self._refused]
        if not new:
            return
        begun = {
            name: self._client.submit(
                cluster_worker.begin,
                self._digest,
                self._course,
                self._weak,
                workers=[name],
                allow_other_workers=False,
                pure=False,
            )
            for name in new
        }
        for name, future in begun.items():
            try:
                reason = future.result(timeout=BEGIN_SECONDS)
            except Exception as error:  # it left, or does not answer
                reason = f"{type(error).__name__}: {error}"
            if reason:
                self._refused[name] = str(reason)
                self._tell(f"{name} takes no part: {reason}")
            else:
                self._threads[name] = here[name]

    def _hold(self) -> None:
        """Raise UsageError where the scheduler is gone."""
        if self._client.status != "running":
            raise self._gone()

    def _gone(self) -> UsageError:
        return UsageError(
            f"the cluster at {self._address} is gone. What was graded is kept; once it is there again, run the same command."
        )

    def _leave(self) -> None:
        """Leave the cluster as it was."""
        if self._client is not None and self._client.status == "running":
            self._client.run(cluster_worker.end, self._digest, on_error="ignore")
        for opened in (self._client, self._local):
            if opened is not None:
                opened.close()
        self._client = self._local = None
