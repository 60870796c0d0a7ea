"""A policy promises students modules that they may import: each is tried in the sandbox, by a submission that imports it."""

from collections.abc import Iterator

from grader.engine.prepare import Prepared
from grader.run import report_of
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.import_policy.rules import STANDARD_LIBRARY
from grader.sandbox.outcome import Returned

LIMITS = Limits(budget_seconds=30)


def policy_problems(ready: Prepared, backend: Backend) -> Iterator[str]:
    """The modules that the policy allows and that no submission can import."""
    policy = ready.plan.rubric.policy
    for module in (policy.imports if policy else None) or ():
        if module in (STANDARD_LIBRARY, "numpy"):
            continue
        session = backend.open(Source("trial", {"trial": f"import {module}\n"}), LIMITS)
        try:
            loaded = session.loaded
        finally:
            session.close()
        if not isinstance(loaded, Returned) or report_of(loaded.value).failed:
            file = ready.plan.rubric.assignment.rubric
            yield f"the policy allows {module}, but no submission can import it here; install it, or take it out of imports= in {file}"
