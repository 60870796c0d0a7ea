"""Marks changed by hand, on their way between nbgrader and the records. Pure.

    nbgrader's score of a cell = its manual score, or else the automatic one, + extra credit

What a person gives in formgrader becomes an adjustment of the exercise by "nbgrader". All other adjustments become extra credit and a
remark in the comment. People change both fields too, so what was written there is kept (`Written`): the rest is theirs.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from grader.feedback.summary import reason_text
from grader.gradebook.adjustments import NBGRADER, Adjustment, Lasting, standing, undoing
from grader.gradebook.entries import Entry
from grader.integrations.nbgrader.cell_points import checked_points, extra_points
from grader.integrations.nbgrader.cell_reports import as_comment
from grader.judge.verdicts import ExerciseGrade
from grader.text.escape import plain

CHANGED = "changed in nbgrader"  # why, where nobody left a comment
_TINY = 1e-4  # scores have four digits


class Written(msgspec.Struct, frozen=True):
    """What the grader wrote for one exercise into fields that people change too.

    Attributes:
        total: the extra credit that stood there afterwards; `extra`: the grader's part of it.
        remark: that ends the comment.
    """

    total: float = 0.0
    extra: float = 0.0
    remark: str = ""


class Held(msgspec.Struct, frozen=True):
    """What a gradebook has for one exercise of a submission.

    Attributes:
        score: the manual one; `extra`: the extra credit; `comment`: the manual one.
        automatic: the automatic comment.
    """

    exercise: str
    score: float | None = None
    extra: float | None = None
    comment: str | None = None
    automatic: str | None = None


class ByHand(msgspec.Struct, frozen=True):
    """What people gave for one exercise in nbgrader: a score (None: the computed one), extra credit, a comment ("" for none)."""

    exercise: str
    score: float | None
    extra: float
    comment: str

    @property
    def is_something(self) -> bool:
        """Whether anybody changed anything."""
        return self.score is not None or abs(self.extra) > _TINY or bool(self.comment)

    def points(self, entry: Entry) -> float:
        """How many points more than computed."""
        computed = next((_computed(found) for found in entry.grade.exercises if found.name == self.exercise), 0.0)
        return _rounded(self.extra + (self.score - computed if self.score is not None else 0.0))


def _computed(exercise: ExerciseGrade) -> float:
    """What the exercise counts here for the cell with the points of its checks."""
    return exercise.score if exercise.counts == "bonus" else (checked_points(exercise) or (0.0, 0.0))[0]


def read_by_hand(held: Held, entry: Entry, history: Sequence[Adjustment], now: datetime) -> list[Adjustment]:
    """The decisions that the history lacks about an answer that somebody read in nbgrader.

    A score for the whole answer is shared by its parts, which are filled one after the other.
    """
    exercise = next((one for one in entry.grade.exercises if one.name == held.exercise), None)
    parts = [check for check in exercise.checks if check.by_hand and check.by_hand.answer] if exercise else []
    about = Adjustment(
        student=entry.by or entry.grade.student,
        assignment=entry.grade.assignment,
        exercise=held.exercise,
        because=plain(held.comment or "", 4000).strip(),
        by=NBGRADER,
        at=now,
        attempt=entry.attempt,
    )
    left = None if held.score is None or not math.isfinite(held.score) else held.score + (held.extra or 0.0)
    stands, found = standing(history), []
    for place, check in enumerate(parts, start=1):
        assert check.by_hand is not None
        mine = [one for one in stands if (one.exercise, one.part, one.by) == (held.exercise, check.name, NBGRADER)]
        known = mine[-1] if mine else None
        if left is None:
            found += [msgspec.structs.replace(about, because=CHANGED, undoes=known.number)] if known else []
            continue
        share = left if place == len(parts) else min(left, check.points)
        left -= share
        made = msgspec.structs.replace(about, part=check.name, given=_rounded(share), answer=check.by_hand.digest)
        if known is None or not known.is_like(made):
            found.append(made)
    return found


def by_hand(held: Held, written: Sequence[Written]) -> ByHand:
    """What is people's of a gradebook's fields.

    Args:
        written: by the grader: the last one first, and the one before if it is unknown whether the last one was still written.
    """
    score, extra = (value if value is not None and math.isfinite(value) else None for value in (held.score, held.extra))
    total = extra or 0.0
    last = next((one for one in written if abs(one.total - total) < _TINY), written[0] if written else Written())
    if total == 0 and last.total < 0:
        total = last.total  # formgrader has no negative extra credit: it makes it 0 whenever somebody looks closely
    return ByHand(held.exercise, score, _rounded(total - last.extra), _without(held.comment or "", written).strip())


def taken_in(hand: ByHand, entry: Entry, history: Sequence[Adjustment], lasting: Lasting, now: datetime) -> list[Adjustment]:
    """The adjustments that the history lacks of what people gave in nbgrader: what takes back the last one, and the new one."""
    takes_back = undoing(history)
    makers = {one.number: one.by for one in history}
    ours = [
        one
        for one in history
        if one.by == NBGRADER and one.exercise == hand.exercise and not one.undoes and not one.part
        if makers.get(takes_back.get(one.number, 0)) != NBGRADER and (lasting == "assignment" or one.attempt == entry.attempt)
    ]
    known = ours[-1] if ours else None
    points, because = hand.points(entry), plain(hand.comment, 4000) or CHANGED
    wanted = bool(hand.comment) or abs(points) > _TINY
    if known and wanted and abs(known.points - points) < _TINY and known.because == because:
        return []  # also where a person took it back since
    about = Adjustment(
        student=entry.grade.student,
        assignment=entry.grade.assignment,
        exercise=hand.exercise,
        because=because if wanted else CHANGED,
        by=NBGRADER,
        at=now,
    )
    stands = known is not None and known.number not in takes_back
    found = [msgspec.structs.replace(about, because=CHANGED, undoes=known.number)] if known and stands else []
    return [*found, *([msgspec.structs.replace(about, points=points, attempt=entry.attempt)] if wanted else [])]


def to_write(hand: ByHand, entry: Entry, adjustments: Iterable[Adjustment]) -> Written:
    """What nbgrader should have for an exercise, so that its score is the same as here.

    Args:
        adjustments: those that count and belong to the exercise.
    """
    adjustments = tuple(adjustments)
    bonus = sum(extra_points(one) for one in entry.grade.exercises if one.name == hand.exercise and hand.score is None)
    extra = _rounded(sum(one.points for one in adjustments) - hand.points(entry) + bonus)
    remarks = [reason_text(one) for one in adjustments if one.by != NBGRADER]
    return Written(_rounded(hand.extra + extra), extra, as_comment(remarks))


def with_remark(comment: str | None, written: Sequence[Written], remark: str) -> str | None:
    """A comment with today's remark in the place of those that were written."""
    found = "\n\n".join(filter(None, (_without(comment or "", written), remark)))
    return found or None


def _without(comment: str, written: Iterable[Written]) -> str:
    """A comment without the remarks that were written into it."""
    lines = {line for one in written for line in one.remark.splitlines()}
    if not any(line in lines for line in comment.splitlines()):
        return comment
    return "\n".join(line for line in comment.splitlines() if line not in lines).rstrip("\n")


def _rounded(points: float) -> float:
    """Points without what is left over from floating point."""
    return 0.0 if abs(points) < _TINY else round(points, 6)
