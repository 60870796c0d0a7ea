"""Which workers of a cluster take part: each gets the course and tries its own sandbox, beside those that grade already."""

import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

from grader.engine import cluster_worker

JOIN_SECONDS: Final = 60.0  # that the first worker may take to join, that the others are waited for, and that an answer may take
BEGIN_SECONDS: Final = 600.0  # that a worker may take to plan and try its sandbox


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
        self._beginning: dict[str, tuple[Any, float]] = {}  # what it answers, and since when

    @property
    def settled(self) -> bool:
        """Whether somebody takes part, or cannot, and nobody gets ready."""
        return bool(self.threads or self.refused) and not self._beginning

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
            self._beginning.pop(name)[0].cancel()
        for name in here.keys() - self.threads.keys() - self.refused.keys() - self._beginning.keys():
            self._beginning[name] = self._begin(name), time.monotonic()
        for name, (future, since) in [*self._beginning.items()]:
            if future.done():
                reason = _answer(future)
            elif time.monotonic() - since > BEGIN_SECONDS:
                reason = "it does not get ready"
                future.cancel()
            else:
                continue
            del self._beginning[name]
            if reason:
                self.refused[name] = reason
                self._tell(f"{name} takes no part: {reason}")
            else:
                self.threads[name] = here[name]

    def forget(self, name: str) -> None:
        """It knows nothing of the course; it is told again when it is seen next."""
        self.threads.pop(name, None)

    def _begin(self, name: str) -> Any:
        course, only = self._course, {"workers": [name], "allow_other_workers": False, "pure": False}
        return self._client.submit(cluster_worker.begin, course.digest, course.data, course.weak, **only)


def _answer(future: Any) -> str:
    try:
        return str(future.result(timeout=JOIN_SECONDS))
    except Exception as error:  # it left, or does not answer
        return f"{type(error).__name__}: {error}"
