"""Asking a submission's functions one call after the other, where the next call depends on what the last one returned.

A class is graded by a plan, whose calls are known before; pictures are drawn so.
"""

from types import TracebackType
from typing import Self

import msgspec

from grader.checks.draft import Use, step_of
from grader.course.policy import Policy
from grader.run import Sessions
from grader.sandbox.backend import Backend, Limits
from grader.sandbox.outcome import Outcome, Raised
from grader.sandbox.values import UnsendableError
from grader.sandbox.wire import frame
from grader.submissions.read import Submission


class Asking:
    """The functions of one submission, in the sandbox. Use as a context manager."""

    def __init__(
        self, submission: Submission, policy: Policy | None, offered: tuple[str, ...], backend: Backend, limits: Limits
    ) -> None:
        """Nothing is started yet.

        Args:
            submission: one that could be read.
            policy: what its code may not use.
            offered: third-party modules that it may import.
        """
        assert submission.source is not None
        rules = policy.rules([]) if policy else None
        source = msgspec.structs.replace(submission.source, rules=rules, offered=offered)
        self._sessions = Sessions(source, backend, limits)
        self._asked = 0

    def __call__(self, use: Use, case: int, seconds: float) -> Outcome:
        """What a use of the submission's code gives, within these seconds of CPU time.

        Args:
            case: uses of one case share what they keep under a handle, as long as the child lives.

        Raises:
            SandboxError: the sandbox failed.
        """
        try:
            step = step_of(use, self._asked, case)
            encoded = frame(step)
        except UnsendableError as error:  # something that an earlier call returned, and this one passes on
            return Raised("ValueError", ("ValueError",), str(error))
        self._asked += 1
        return self._sessions.step(step, encoded, seconds, exact=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._sessions.close()


def limits_for_pictures(limits: Limits) -> Limits:
    """What a submission may use while pictures are drawn of it: some of them train a network."""
    return msgspec.structs.replace(limits, budget_seconds=4 * limits.budget_seconds)
