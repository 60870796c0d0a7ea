"""Asking a submission's functions one call after the other, where the next call depends on what the last one returned.

A class is graded by a plan, whose calls are known before; pictures are drawn so.
"""

from collections.abc import Callable
from types import TracebackType
from typing import Self

import msgspec

from grader.checks.uses import Use, step_of
from grader.sandbox.backend import Limits
from grader.sandbox.children import Sessions
from grader.sandbox.outcome import Outcome, Raised, Unimplemented
from grader.sandbox.values import UnsendableError
from grader.sandbox.wire import frame
from grader.submissions.submission import Submission


class Asking:
    """The functions of one submission in the sandbox, and those of the same student's other topics. Use as a context manager."""

    def __init__(
        self,
        submission: Submission,
        open_sessions: Callable[[Submission], Sessions],
        elsewhere: Callable[[str], Submission | None] = lambda topic: None,
    ) -> None:
        """Nothing is started yet.

        Args:
            submission: one that could be read.
            open_sessions: its children.
            elsewhere: the student's work for another topic; None where there is none.
        """
        self._open, self._elsewhere = open_sessions, elsewhere
        self._sessions: dict[str, Sessions | None] = {"": open_sessions(submission)}
        self._asked = 0

    def __call__(self, use: Use, place: int, seconds: float, topic: str = "") -> Outcome:
        """What a use of the submission's code gives, within these seconds of CPU time.

        Args:
            place: uses of one picture share what they keep under a handle, as long as the child lives.
            topic: another topic, whose functions are used.

        Raises:
            SandboxError: the sandbox failed.
        """
        if topic not in self._sessions:
            found = self._elsewhere(topic)
            self._sessions[topic] = self._open(found) if found is not None and found.source is not None else None
        sessions = self._sessions[topic]
        if sessions is None:
            return Unimplemented(use.target, missing=True, file=f"{topic}.py")
        try:
            step = step_of(use, self._asked, place)
            encoded = frame(step)
        except UnsendableError as error:  # something that an earlier call returned, and this one passes on
            return Raised("ValueError", ("ValueError",), str(error))
        self._asked += 1
        return sessions.step(step, encoded, seconds, exact=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for sessions in self._sessions.values():
            if sessions is not None:
                sessions.close()


def limits_for_pictures(limits: Limits) -> Limits:
    """What a submission may use while pictures are drawn of it: some of them train a network."""
    return msgspec.structs.replace(limits, budget_seconds=4 * limits.budget_seconds)
