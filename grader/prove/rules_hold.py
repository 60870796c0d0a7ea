"""A policy promises students modules that they may import: each is tried in the sandbox, by a submission that imports it."""

from collections.abc import Iterator

from grader.engine.prepare import Prepared
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.import_policy.rules import STANDARD_LIBRARY
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode
from grader.sandbox.wire import Step, frame

LIMITS = Limits(budget_seconds=30)


def policy_problems(ready: Prepared, backend: Backend) -> Iterator[str]:
    """The modules that the policy allows and that no submission can import."""
    policy = ready.plan.rubric.policy
    for module in (policy.imports if policy else None) or ():
        if module in (STANDARD_LIBRARY, "numpy"):
            continue
        if not _can_be_imported(module, backend):
            file = ready.plan.rubric.assignment.rubric
            yield f"the policy allows {module}, but no submission can import it here; install it, or take it out of imports= in {file}"


def _can_be_imported(module: str, backend: Backend) -> bool:
    """Whether a submission gets the module itself, and not what stands in for one that is not there: that has no name."""
    session = backend.open(Source("trial", {"trial": f"import {module} as it\ndef name(): return it.__name__\n"}), LIMITS)
    try:
        if not isinstance(session.loaded, Returned):
            return False
        answer = session.call(0, frame(Step(0, 0, "call", "name")), LIMITS.budget_seconds)
        return isinstance(answer, Returned) and decode(answer.value) == module
    finally:
        session.close()
