"""What the statistics of a class need of each entry: numbers and short texts, so that a large class fits in memory."""

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

import msgspec

from grader.feedback.summary import final_text, lacking, late_text, why_lacking
from grader.gradebook.entries import Entry
from grader.gradebook.stored_grades import KEPT
from grader.judge.verdicts import ExerciseGrade, VerdictWord
from grader.text.escape import one_line
from grader.text.language import marked, spoken

SLIPS = {
    "axis": marked("an axis of length 1"),
    "list": marked("a list for an array"),
    "dtype": marked("another dtype"),
    "single": marked("single precision"),
    "order": marked("the results in another order"),
    "rounded": marked("rounded numbers"),
    "transposed": marked("transposed"),
}


class Loss(msgspec.Struct, frozen=True):
    """The points that a mistake (by its name) or a slip cost one student in one exercise."""

    name: str
    is_slip: bool
    points: float


class CheckFact(msgspec.Struct, frozen=True):
    """How one check went; `message` is of one that did not pass."""

    name: str
    verdict: VerdictWord
    message: str = ""


class ExerciseFact(msgspec.Struct, frozen=True):
    """How one exercise went.

    Attributes:
        why: it is not all right, in a few words; "" if it is.
        begun: whether there is anything of it; `waits`: whether a person has to decide some of that, which is worth `open` points.
    """

    name: str
    title: str
    score: float
    max_score: float
    why: str
    begun: bool
    checks: tuple[CheckFact, ...]
    losses: tuple[Loss, ...]
    waits: bool = False
    open: float = 0.0

    @property
    def share(self) -> float:
        """The part of its points that was earned."""
        return self.score / self.max_score if self.max_score else 1.0


class Fact(msgspec.Struct, frozen=True):
    """One entry of the gradebook.

    Attributes:
        by: who handed in what counts; `attempt`: its number.
        final: the score that counts, None if there is none; `shown`: in words.
        late: "" if on time.
        ungraded: why it has no score that its code earned: it could not be read, or the grader failed on it; "" if it was judged.
    """

    student: str
    assignment: str
    by: str
    attempt: int
    final: float | None
    max_score: float
    shown: str
    late: str
    changed: bool
    excused: bool
    ungraded: str
    handed_in: datetime | None
    attempts: int
    exercises: tuple[ExerciseFact, ...]

    @property
    def share(self) -> float | None:
        """The part of the points that counts; None if there is no score."""
        return None if self.final is None or not self.max_score else self.final / self.max_score


def fact_of(entry: Entry) -> Fact:
    """The facts of an entry."""
    grade = entry.grade
    unread = "" if entry.excused or grade.judged else one_line(grade.message)
    return Fact(
        grade.student,
        grade.assignment,
        entry.by or grade.student,
        entry.attempt,
        entry.final,
        grade.max_score,
        final_text(entry),
        late_text(entry.late),
        bool(entry.adjustments),
        entry.excused,
        unread,
        entry.late.handed_in,
        entry.attempts,
        () if grade.status == "grader_error" else tuple(_exercise(one, unread, spoken()) for one in grade.exercises),
    )


@lru_cache(KEPT)  # the facts of equal exercises are one object: a class takes as much memory as the different ones
def _exercise(exercise: ExerciseGrade, unread: str, _language: str) -> ExerciseFact:
    failed = lacking(exercise)
    checks = exercise.checks
    return ExerciseFact(
        exercise.name,
        one_line(exercise.title),
        exercise.score,
        exercise.max_score,
        unread or (why_lacking(exercise, names=True) if failed else ""),
        not unread and not exercise.is_untouched,
        tuple(
            CheckFact(one_line(check.said), check.verdict, one_line(check.message, 160) if check in failed else "")
            for check in checks
        ),
        tuple(_losses(exercise)),
        any(check.is_open for check in checks),
        exercise.open,
    )


def _losses(exercise: ExerciseGrade) -> Iterator[Loss]:
    """What each recognised mistake and each slip cost; what nobody recognised is in none of them."""
    for check in exercise.checks:
        if check.verdict not in ("failed", "partly"):
            continue
        rest = check.points - check.score
        for result in check.results:
            lost = result.points - result.earned
            if lost > 0 and (result.misconception or result.slip):
                yield Loss(result.misconception or result.slip or "", not result.misconception, lost)
                rest -= lost
        if check.misconception and rest > 1e-9:
            yield Loss(check.misconception, False, rest)
