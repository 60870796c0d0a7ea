"""What a student is told about the failed checks of an exercise besides their numbers: the mistake's name and hint, else a pattern that the
results show, else which of the cases fail."""

from collections.abc import Sequence

import msgspec

from grader.checks.evidence import Finding
from grader.course.misconceptions import Misconception
from grader.judge.naming import name_mistakes
from grader.judge.predictions import Mistake, Mistakes
from grader.plan import Plan, PlannedExercise
from grader.sandbox.outcome import Outcome
from grader.text.language import gettext as _


class Hint(msgspec.Struct, frozen=True):
    """What is said about one failed result; `mistake` is the recognised mistake's name ("" for none)."""

    mistake: str
    text: str


Diagnosis = dict[tuple[int, str], Hint]  # by check and result ("" for all results)


def diagnose_exercise(
    plan: Plan,
    planned: PlannedExercise,
    findings: Sequence[Finding],
    outcomes: Sequence[Outcome],
    mistakes: Mistakes,
    constant: bool = False,
) -> Diagnosis:
    """The hints for an exercise, by check (its place) and result."""
    names = name_mistakes(plan, planned, findings, outcomes, mistakes, constant)
    return {key: Hint(found.name, _hint(found)) for key, found in names.items()}


def _hint(found: Mistake) -> str:
    if isinstance(found, Misconception) and found.both:
        first, second = (_(one.hint) for one in found.both)
        return _("two things at once. {first} And: {second}").format(first=first, second=second)
    return _(found.hint)
