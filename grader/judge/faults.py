"""Whose fault it is when judging a check raises: that of the value that a student returned, or that of the rubric.

The check is judged once more, on the reference's own outcomes. If it passes there, the student's value is the cause, and the check failed;
if not, the rubric is, and no points move.
"""

from pathlib import Path

import numpy as np

from grader.checks.base import Check
from grader.checks.evidence import Evidence
from grader.course.source import line_in
from grader.judge.verdicts import Verdict
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.text.language import gettext as _


def unjudgeable(
    plan: Plan, planned: PlannedExercise, item: PlannedCheck, points: float, error: Exception, right: Evidence | None
) -> Verdict:
    """The verdict on a check that raised `error`: failed, or a fault of the rubric, which names the author's line.

    Args:
        right: the reference's own outcomes; None in a student's course.
    """
    check = item.check
    own = _on_the_reference(check, right, error) if right is not None else None
    if own is None:
        text = _("the result cannot be checked ({error}); does it have the form that the docstring asks for?")
        return Verdict(check.name, check.kind, "failed", "returned", text.format(error=_words(error)), points=points)
    text = _("the check «{check}» of {exercise} failed itself: {error}; your file is not the cause")
    where = located(own, plan.rubric.assignment.rubric)
    text = text.format(check=check.name, exercise=planned.exercise.name, error=where)
    return Verdict(check.name, check.kind, "grader_error", None, text, points=points)


def located(error: Exception, file: Path) -> str:
    """An error in words, with the author's line."""
    line = line_in(file, error)
    return f"{_words(error)} ({file.name}, line {line})" if line else _words(error)


def _on_the_reference(check: Check, right: Evidence, error: Exception) -> Exception | None:
    """What the check raises on the reference's outcomes; `error` itself where it does not pass, None where it does."""
    try:
        with np.errstate(all="ignore"):
            return None if check.judge(right).verdict == "passed" else error
    except Exception as own:
        return own


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
