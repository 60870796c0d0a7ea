"""A policy promises students modules that they may import: each is tried in the sandbox, by a submission that imports it."""

from collections.abc import Iterator
from pathlib import Path

from grader.course.config import COURSE_FILE
from grader.engine.prepare import Prepared
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.import_policy.rules import STANDARD_LIBRARY
from grader.sandbox.offer import top
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
        if not _can_be_imported(module, ready.plan.offered, backend):
            file = ready.plan.rubric.assignment.rubric
            yield f"the policy allows {module}, but no submission can import it; {_advice(ready, module, file)}"
    yield from _left_out(ready)


def _advice(ready: Prepared, module: str, file: Path) -> str:
    if top(module) in map(top, ready.plan.offered):
        return f"it is not in the {top(module)} that is installed here: correct imports= in {file}"
    return f'write modules = ["{module}"] in {COURSE_FILE}, or take it out of imports= in {file}'


def _left_out(ready: Prepared) -> Iterator[str]:
    """Modules that the course offers for this assignment by name, and that its policy does not allow."""
    assignment = ready.plan.rubric.assignment
    rules = ready.plan.rules
    for module in (assignment.config.modules or ()) if rules else ():
        if rules and rules.forbids(module):
            yield (
                f"modules of [assignments.{assignment.name}] in {COURSE_FILE} offers {module}, but the policy in {assignment.rubric} "
                f'does not allow it: add "{module}" to its imports=, or take it out of modules'
            )


def _can_be_imported(module: str, offered: tuple[str, ...], backend: Backend) -> bool:
    """Whether a submission gets the module itself, and not what stands in for one that is not there: that has no name."""
    text = f"import {module} as it\ndef name(): return it.__name__\n"
    session = backend.open(Source("trial", {"trial": text}, offered=offered), LIMITS)
    try:
        if not isinstance(session.loaded, Returned):
            return False
        answer = session.call(0, frame(Step(0, 0, "call", "name")), LIMITS.budget_seconds)
        return isinstance(answer, Returned) and decode(answer.value) == module
    finally:
        session.close()
