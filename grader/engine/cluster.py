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
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from grader.engine import cluster_worker
from grader.engine.cluster_connect import connect
from grader.engine.cluster_members import ANSWER_SECONDS, BEGIN_SECONDS, Course, Members
from grader.engine.cluster_worker import Reply, Request
from grader.engine.engine import Engine
from grader.engine.grade_all import Result, consume
from grader.engine.grade_one import Turn, fault_of_grader
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.errors import UsageError, Why
from grader.sandbox.backend import Limits
from grader.submissions.read import SubmittedFiles

JOIN_SECONDS: Final = 60.0  # that the first worker may take to join
OTHERS_SECONDS: Final = 10.0  # that others are waited for once one is ready; who is ready later takes part then
AHEAD: Final = 2  # submissions that are sent for each one that can run: memory stays flat, and no worker waits
LOOK_SECONDS: Final = 2.0  # between two looks at which workers there are
LEAVE_SECONDS: Final = 5.0  # that workers may take to hear that it is over
LOSSES: Final = 3  # of one submission in a turn; Dask itself gives one up whose workers died four times


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
        self._address, self._prepared, self._tell = address, prepared, tell
        data = cluster_worker.pack(course)
        self._course = Course(hashlib.sha256(data).hexdigest(), data, weak)
        self._client: Any = None
        self._local: Any = None
        self._members = Members(None, self._course, tell)
        self._graded: Counter[str] = Counter()
        self._looked = self._last = 0.0  # at the cluster; when it had a worker of ours

    @property
    def jobs(self) -> int:
        """How many submissions run at a time."""
        return max(1, sum(self._members.threads.values()))

    @property
    def leaving_seconds(self) -> float:
        """Processes are ended, or told to forget the course."""
        return 15.0

    def __enter__(self) -> Self:
        try:
            self._client, self._local = connect(self._distributed, self._address)
            self._members = Members(self._client, self._course, self._tell)
            begun = time.monotonic()
            self._look()
            while self._waits(time.monotonic() - begun):
                time.sleep(0.2)
                self._look()
            if not self._members.threads:
                raise self._nobody()
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
        """See `Runner`. A submission that the cluster lost is sent again, then in the last turn, and after that a fault of the grader."""
        left, postponed, lost = deque(items), list[tuple[SubmittedFiles, Why]](), Counter[tuple[str, str]]()
        running: dict[Any, tuple[SubmittedFiles, frozenset[str]]] = {}  # with the workers that may grade it
        finished: queue.SimpleQueue[Any] = queue.SimpleQueue()
        try:
            while (left or running) and not stop.is_set():
                while left and self._members.threads and len(running) < AHEAD * self.jobs:
                    item = left.popleft()
                    try:
                        request = self._request(item, limits, turn)
                    except Exception as error:  # it cannot be read
                        done(fault_of_grader(item, self._prepared[item.assignment], error))
                        continue
                    future = self._send(request)
                    running[future] = item, frozenset(self._members.threads)
                    future.add_done_callback(finished.put)
                if time.monotonic() - self._looked > LOOK_SECONDS:
                    self._look()
                    for gone in [one for one, (_, able) in running.items() if able.isdisjoint(self._members.threads)]:
                        left.append(running.pop(gone)[0])  # all that might have graded it left
                        gone.cancel()
                try:
                    future = finished.get(timeout=LOOK_SECONDS)
                except queue.Empty:
                    continue
                if future not in running:
                    continue
                item = running.pop(future)[0]
                reply = self._reply(future)
                if reply is None:  # sent again, unless it is lost again and again
                    lost[item.student, item.assignment] += 1
                    if lost[item.student, item.assignment] < LOSSES:
                        left.append(item)
                        continue
                    reply = Reply(why="starved", fault="the cluster lost it again and again: its workers died, or do not answer")
                if reply.stranger:  # it was started anew where one of ours was
                    self._members.forget(reply.worker)
                    left.append(item)
                elif reply.unfit:
                    self._members.refuse(reply.worker, reply.fault)
                    left.append(item)
                    if not self._members.threads and not self._members.begins:
                        raise self._nobody()
                elif turn != "last" and reply.failed:  # perhaps only there, or only then
                    postponed.append((item, "starved"))
                elif reply.record is not None:
                    self._graded[reply.worker] += 1
                    done(msgspec.structs.replace(reply.record, submitted_at=item.submitted_at))
                elif reply.why is not None and turn != "last":
                    postponed.append((item, reply.why))
                else:
                    why = reply.fault or f"the machine was too busy ({reply.why})"
                    done(fault_of_grader(item, self._prepared[item.assignment], why))
        finally:
            if running and self._client.status == "running":
                self._client.cancel(list(running))
        return postponed

    def _request(self, item: SubmittedFiles, limits: Limits, turn: Turn) -> bytes:
        ready = self._prepared[item.assignment]
        return msgspec.msgpack.encode(Request(item.read(), limits, turn, ready.plan.hash, ready.rubric_hash))

    def _send(self, request: bytes) -> Any:
        self._hold()
        try:
            return self._client.submit(
                cluster_worker.grade, self._course.digest, request, workers=[*self._members.threads], pure=False
            )
        except Exception:
            self._hold()  # it closed since
            raise

    def _reply(self, future: Any) -> Reply | None:
        """What a worker answered; None where it died, or does not answer."""
        try:
            return msgspec.msgpack.decode(future.result(timeout=ANSWER_SECONDS), type=Reply)
        except Exception:
            self._hold()
            return None

    def _look(self) -> None:
        """Let workers that joined take part, and forget those that left."""
        self._hold()
        self._looked = time.monotonic()
        try:
            self._members.look()
        except (OSError, TimeoutError):  # the scheduler died since
            raise self._gone() from None
        if self._members.threads:
            self._last = self._looked
        elif self._last and self._looked - self._last > BEGIN_SECONDS:
            raise UsageError(
                f"all workers of {self._address} left. What was graded is kept; start workers and run the same command."
            )

    def _waits(self, seconds: float) -> bool:
        """Whether to wait on for workers, after so long."""
        if self._members.begins:
            return seconds < (OTHERS_SECONDS if self._members.threads else BEGIN_SECONDS)
        return not self._members.threads and not self._members.refused and seconds < JOIN_SECONDS

    def _nobody(self) -> UsageError:
        reasons = "\n".join(f"  - {worker}: {reason}" for worker, reason in self._members.refused.items())
        return UsageError(f"no worker of {self._address} can grade:\n{reasons or '  - none joined'}")

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
            farewell = threading.Thread(target=self._say_it_is_over, daemon=True)  # one that hangs would keep everybody here
            farewell.start()
            farewell.join(LEAVE_SECONDS)
        for opened in (self._client, self._local):
            if opened is not None:
                opened.close()
        self._client = self._local = None

    def _say_it_is_over(self) -> None:
        with suppress(Exception):  # the scheduler tells those that can hear it
            self._members.dismiss()
            self._client.run(cluster_worker.end, self._course.digest, on_error="ignore")
