"""Changes of a mark by a person: kept beside what was computed, with who, when and why, and never mixed into it.

    final score = what is left after the late penalty + Σ points of the adjustments that stand, at least 0

The history only grows. An adjustment stands unless a later one undoes it, which can itself be undone. It belongs to the assignment,
whatever is handed in afterwards, or to one attempt, as `adjustments` in course.toml says.

A decision about a part that a person reads is a line of the same history. It changes no points by itself: it says which items apply, and
`decisions` counts them by today's rubric.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

NBGRADER = "nbgrader"  # who made those that were taken in from there
Lasting = Literal["assignment", "attempt"]


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a mark, or a remark.

    Attributes:
        number: its place in the history, from 1.
        exercise: "" for the assignment as a whole.
        points: that are added; 0 for a remark.
        excused: whether the student need not do the assignment: it has no score then.
        attempt: that counted when it was made; 0 if nothing was handed in.
        undoes: the number of the adjustment that it takes back; 0 for none.
        part: of the exercise, that is decided ("" for a change of the mark); `items`: those that apply.
        answer: the digest of what was read.
        given: the points of the part, where somebody gave these and no items (in nbgrader).
    """

    student: str
    assignment: str
    because: str
    by: str
    at: datetime
    number: int = 0
    exercise: str = ""
    points: float = 0.0
    excused: bool = False
    attempt: int = 0
    undoes: int = 0
    part: str = ""
    items: tuple[str, ...] = ()
    answer: str = ""
    given: float | None = None

    def is_like(self, other: "Adjustment") -> bool:
        """Whether it says the same: a file of regrades that is read twice changes marks once."""
        mine, its = (
            (
                one.student,
                one.assignment,
                one.exercise,
                one.points,
                one.excused,
                one.because,
                one.part,
                one.items,
                one.answer,
                one.given,
            )
            for one in (self, other)
        )
        return mine == its


def undoing(history: Sequence[Adjustment]) -> dict[int, int]:
    """Which adjustments are taken back, and by which: the last one that undoes it, if that is not taken back itself."""
    found: dict[int, int] = {}
    for one in reversed(history):
        if one.undoes and one.number not in found:
            found.setdefault(one.undoes, one.number)
    return found


def standing(history: Sequence[Adjustment]) -> list[Adjustment]:
    """The adjustments that stand."""
    taken_back = undoing(history)
    return [one for one in history if not one.undoes and one.number not in taken_back]


def that_count(history: Sequence[Adjustment], lasting: Lasting, attempt: int) -> tuple[Adjustment, ...]:
    """The changes of the mark that stand and are about the attempt that counts."""
    changes = (one for one in standing(history) if not one.part)
    return tuple(one for one in changes if lasting == "assignment" or one.excused or one.attempt == attempt)


def adjusted(score: float | None, adjustments: Iterable[Adjustment]) -> float | None:
    """A score with all of them; None if there is none to adjust."""
    return None if score is None else max(0.0, round(score + sum(one.points for one in adjustments), 4))
