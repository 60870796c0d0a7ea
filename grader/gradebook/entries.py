"""Gradebook entries: for a student and an assignment, the attempt that counts, its lateness, and the adjustments. `term` finds them."""

from typing import Any

import msgspec

from grader.gradebook.adjustments import Adjustment, adjusted
from grader.gradebook.late_days import LateDays
from grader.gradebook.lateness import Late
from grader.judge.verdicts import Grade


class Entry(msgspec.Struct, frozen=True):
    """One student's result in one assignment.

    Attributes:
        grade: of the attempt that counts; its `score` is the raw one.
        late: how late it is, and the score after the penalty.
        attempt: the number of the attempt that counts, among those of `by`; 0 for who is excused and handed in nothing.
        attempts: how many the student and the team have.
        adjustments: those that count.
        team: its name; "" for who hands in alone.
        by: the student who handed in what counts.
        late_days: the student's budget for the term, if the course has one.
    """

    grade: Grade
    late: Late
    attempt: int = 1
    attempts: int = 1
    adjustments: tuple[Adjustment, ...] = ()
    team: str = ""
    by: str = ""
    late_days: LateDays | None = None

    @property
    def excused(self) -> bool:
        """Whether the student need not do the assignment."""
        return any(one.excused for one in self.adjustments)

    @property
    def raw(self) -> float | None:
        """The score with adjustments, without the late penalty; None for who is excused."""
        return None if self.excused else adjusted(self.grade.score, self.adjustments)

    @property
    def final(self) -> float | None:
        """The score after the late penalty and the adjustments; None for who is excused."""
        return None if self.excused else adjusted(self.late.score, self.adjustments)


def line(entry: Entry) -> dict[str, Any]:
    """An entry by the JSON contract: the grade, plus `late` if the assignment has a due date, `attempt` if there are several,
    `team` and `late_days` where the course has them, and `adjustments` and the `final_score` with them if there are any.

    `score` is the computed one, however late it is.
    """
    found: dict[str, Any] = msgspec.to_builtins(entry.grade)
    if entry.late.due is not None or entry.late.late:
        late = msgspec.to_builtins(entry.late)
        late["final_score"] = late.pop("score")
        found["late"] = late
    if entry.attempts > 1:
        found |= {"attempt": entry.attempt, "attempts": entry.attempts}
    if entry.team:
        found |= {"team": entry.team, "handed_in_by": entry.by}
    if entry.late_days:
        found["late_days"] = msgspec.to_builtins(entry.late_days) | {"used": entry.late_days.used}
    if entry.adjustments:
        found |= {"adjustments": msgspec.to_builtins(entry.adjustments), "excused": entry.excused, "final_score": entry.final}
    return found
