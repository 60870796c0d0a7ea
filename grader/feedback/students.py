"""What students may read of a grade: all of it once the grades are published; before, only what is `told` of hidden checks (`judge.told`).

Everything that is written for students where they can hand in again passes through `for_students`. What instructors read does not.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from grader.feedback.summary import lacking
from grader.judge.verdicts import ExerciseGrade, Grade, ResultVerdict, Told, Verdict
from grader.text.language import gettext as _
from grader.text.language import marked

_LATER = marked(
    "The inputs and numbers of hidden checks are shown once the grades are published; `grader check` shows those of its own."
)
_PRINTED = marked("This is shown once the grades are published, because hidden checks call your code too.")
_OLD = marked("more is shown once the grades are published")  # of a record from before there was `told`
_FAULT = marked("not graded yet")


def for_students(grade: Grade, published: bool) -> Grade:
    """The grade as its student may read it.

    Args:
        published: whether the grades of the assignment are published, so that nobody can use them to hand in again.
    """
    if published:
        return grade
    exercises = tuple(replace(found, checks=tuple(map(_shown, found.checks))) for found in grade.exercises)
    secret = not all(check.public for found in grade.exercises for check in found.checks)
    return replace(
        grade,
        exercises=exercises,
        message=grade.message if grade.status == "graded" else _(_FAULT),
        printed=_(_PRINTED) if secret and grade.printed else grade.printed,
    )


def _shown(check: Verdict) -> Verdict:
    """The verdict itself, or one with only what may be shown: a field that is not named here stays empty."""
    if check.public and not check.alias:
        return check
    if check.by_hand:
        return _read(check)
    told = check.told or (Told("", _(_OLD)) if check.verdict == "failed" else Told("", ""))
    if check.alias and check.public:  # it waits, and says for what
        told = Told("", check.message)
    misconception, hint = (None, "") if check.alias else (check.misconception, check.hint)
    return Verdict(
        check.alias or check.name,
        check.kind,
        check.verdict,
        check.outcome,
        told.message,
        misconception,
        hint,
        told.call,
        check.points,
        check.at_hand_in,
        earned=check.earned,
        results=() if check.alias else tuple(map(_result, check.results)),
    )


def _read(check: Verdict) -> Verdict:
    """What a person decides or decided: what earns points there would help who can hand in again."""
    part = check.by_hand
    assert part is not None
    decision = part.decision and replace(part.decision, items=(), because="", by="")
    message = check.message if part.decision is None else _("a person decided; why is told once the grades are published")
    return replace(check, message=message, by_hand=replace(part, items=(), decision=decision, before=None))


def _result(result: ResultVerdict) -> ResultVerdict:
    told = result.told or Told("", "")
    return ResultVerdict(
        result.name,
        result.verdict,
        result.points,
        result.earned,
        result.slip,
        told.message,
        result.misconception,
        result.hint,
        told.call,
    )


def shown_later(exercises: Iterable[ExerciseGrade], published: bool) -> str:
    """The remark that more is shown later ("" where nothing is kept back)."""
    kept = not published and any(not check.public for found in exercises for check in lacking(found))
    return _(_LATER) if kept else ""
