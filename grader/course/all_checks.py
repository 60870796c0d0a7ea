"""The checks of an exercise, as they are planned: those of its author, and that its arguments are left as they were."""

import math
from collections import Counter
from collections.abc import Iterator

import msgspec

from grader.checks.agrees import Agreement
from grader.checks.base import Check
from grader.checks.kept_back import KeptBack, kept
from grader.checks.unchanged import always_unchanged
from grader.course.authoring import Exercise
from grader.course.rubric import Rubric
from grader.errors import RubricError


def exercise_error(rubric: Rubric, exercise: Exercise, problem: str, fix: str) -> RubricError:
    """The error for a problem of an exercise's checks, and how to `fix` it."""
    return RubricError(rubric.assignment.rubric, exercise.name, problem, fix)


def checks_of(rubric: Rubric, exercise: Exercise) -> Iterator[Check]:
    """The checks of an exercise, as they are planned: those of its author, and that its arguments are left as they were.

    Raises:
        RubricError: its author's function fails, or a share cannot be a weight.
    """
    hidden = Counter[str]()
    for check in _checks(rubric, exercise):
        of = kept(check) or ""
        hidden[of] += bool(of)
        yield msgspec.structs.replace(check, number=hidden[of]) if isinstance(check, KeptBack) else check


def _checks(rubric: Rubric, exercise: Exercise) -> Iterator[Check]:
    try:
        found = rubric.checks(exercise)
    except RubricError:
        raise
    except Exception as error:
        raise exercise_error(rubric, exercise, f"{type(error).__name__}: {error}", "fix its checks") from error
    for check in found:
        _hold_share(rubric, exercise, check)
        if isinstance(check, Agreement) and check is next(item for item in found if isinstance(item, Agreement)):
            check = msgspec.structs.replace(check, again=True)
        yield check
    try:
        unchanged = always_unchanged(found, exercise.name, exercise.unchanged)
    except Exception as error:  # in cases that are only drawn on submission; the others have been drawn by now
        raise exercise_error(rubric, exercise, f"{type(error).__name__}: {error}", "fix its cases") from error
    if unchanged:
        _hold_share(rubric, exercise, unchanged)
        yield unchanged


def _hold_share(rubric: Rubric, exercise: Exercise, check: Check) -> None:
    """A share is a weight: with one below 0, a wrong submission could earn more points than there are."""
    share = check.share
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < math.inf:
        advice = "write a number above 0: 1 is the weight of an ordinary check"
        raise exercise_error(rubric, exercise, f"check {check.name!r} has share={share!r}", advice)
