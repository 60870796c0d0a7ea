"""What counts, and what a person decides: the points of a rubric that no check gives."""

from collections.abc import Iterator
from pathlib import Path

from grader.engine.prepare import Prepared
from grader.feedback.summary import points
from grader.judge.verdicts import Grade


def counting_problems(ready: Prepared) -> Iterator[str]:
    """Bonus exercises that are worth more than the assignment, and optional ones that nothing checks."""
    exercises = ready.plan.exercises
    bonus = sum(planned.exercise.points for planned in exercises if planned.exercise.counts == "bonus")
    required = sum(planned.exercise.points for planned in exercises if planned.exercise.counts == "required")
    if bonus > required + 1e-9 and required:  # one exercise alone may be a bonus one
        yield f"the bonus exercises are worth {points(bonus)}, more than the {points(required)} of the assignment; take points off"
    for planned in exercises:
        if planned.exercise.counts == "optional" and not planned.checks:
            yield f"{planned.exercise.name} is optional and has no check: a person would decide what counts nothing; yield a check"


def read_problems(grade: Grade, *, path: Path, written: bool) -> Iterator[str]:
    """Parts that a person would be asked about in the stub, and would not be in the solution.

    Args:
        grade: of `path`, in which everything should be `written`, or nothing.
    """
    for exercise in grade.exercises:
        for check in exercise.checks:
            if check.by_hand is None or check.is_open == written:
                continue
            if written:
                yield f"{path.name}: {exercise.name} «{check.name}» leaves a person nothing to read: {check.message}"
            else:
                yield f"{path.name}: {exercise.name} «{check.name}» waits for a person, and nothing is written there"
