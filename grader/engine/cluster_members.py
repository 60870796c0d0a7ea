"""Which workers of a cluster take part: each gets the course and tries its own sandbox, beside those that grade already."""

import queue
import threading
from collections.abc import Callable
from typing import Any, Final

import msgspec

from grader.engine import cluster_worker

BEGIN_SECONDS: Final = 600.0  # that a worker may take to plan and try its sandbox
ANSWER_SECONDS: Final = 30.0  # that the scheduler may take to fetch from a worker what it made


class Course(msgspec.Struct, frozen=True):
    """What a worker gets to begin.

    Attributes:
        digest: its name for as long as it is there.
        data: see `cluster_worker.pack`.
        weak: whether to grade where student code cannot be locked down.
    """

    digest: str
    data: bytes
    weak: bool


class Members:
    """The workers that take part, those that get ready and those that cannot."""

    def __init__(self, client: Any, course: Course, tell: Callable[[str], object]) -> None:
        """Nobody takes part yet; `tell` gets a line on each that does not."""
        self._client, self._course, self._tell = client, course, tell
        self.threads: dict[str, int] = {}  # of each that takes part
        self.refused: dict[str, str] = {}
        self._beginning: dict[str, Any] = {}  # the future of each that gets ready
        self._answers: queue.SimpleQueue[tuple[str, Any, str]] = queue.SimpleQueue()
        self._dismissed: list[Any] = []

    @property
    def begins(self) -> bool:
        """Whether somebody gets ready."""
        return bool(self._beginning)

    def look(self) -> None:
        """Let workers that joined take part once they are ready, and forget those that left.

        Raises:
            OSError, TimeoutError: the scheduler does not answer.
        """
        here = {name: info["nthreads"] for name, info in self._client.scheduler_info(n_workers=-1)["workers"].items()}
        self.threads = {name: threads for name, threads in self.threads.items() if name in here}
        for name in self._beginning.keys() - here.keys():
            self._beginning.pop(name).cancel()
        while not self._answers.empty():
            name, future, reason = self._answers.get()
            if self._beginning.get(name) is not future:
                continue  # it left since
            del self._beginning[name]
            if reason:
                self.refuse(name, reason)
            else:
                self.threads[name] = here[name]
        for name in here.keys() - self.threads.keys() - self.refused.keys() - self._beginning.keys():
            course = self._course
            self._beginning[name] = future = self._ask(name, cluster_worker.begin, course.digest, course.data, course.weak)
            threading.Thread(target=self._hear, args=(name, future), daemon=True).start()  # one may not be heard for long

    def forget(self, name: str) -> None:
        """It knows nothing of the course; it is told again when it is seen next."""
        self.threads.pop(name, None)

    def refuse(self, name: str, reason: str) -> None:
        """It takes no part, and needs the course no more."""
        if name not in self.refused:
            self.threads.pop(name, None)
            self.refused[name] = reason
            self._tell(f"{name} takes no part: {reason}")
            self._dismiss(name)

    def dismiss(self) -> None:
        """Those that get ready need the course no more: the scheduler may be unable to reach them otherwise."""
        for name in self._beginning:
            self._dismiss(name)

    def _dismiss(self, name: str) -> None:
        self._dismissed.append(self._ask(name, cluster_worker.end, self._course.digest))  # kept, or Dask forgets it

    def _ask(self, name: str, function: Callable[..., object], *arguments: object) -> Any:
        return self._client.submit(function, *arguments, workers=[name], allow_other_workers=False, pure=False)

    def _hear(self, name: str, future: Any) -> None:
        """Wait for what a worker answers."""
        ended = threading.Event()
        future.add_done_callback(lambda _: ended.set())
        try:
            reason = str(future.result(timeout=ANSWER_SECONDS)) if ended.wait(BEGIN_SECONDS) else "it does not get ready"
        except TimeoutError:
            reason = "it works, but the scheduler cannot connect to it; its --host or --contact-address should be one that others reach"
        except Exception as error:  # it left
            reason = f"{type(error).__name__}: {error}"
        self._answers.put((name, future, reason))
