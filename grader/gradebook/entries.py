"""Gradebook entries: for a student and an assignment, the attempt that counts by the course's policy, its lateness, and the adjustments."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from grader.gradebook.adjustments import Adjustment, adjusted, that_count
from grader.gradebook.lateness import Late, LatePolicy, chosen
from grader.gradebook.store import Store
from grader.judge.verdicts import Grade
from grader.text.language import gettext as _


class Entry(msgspec.Struct, frozen=True):
    """One student's result in one assignment.

    Attributes:
        grade: of the attempt that counts; its `score` is the raw one.
        late: how late it is, and the score after the penalty.
        attempt: the number of the attempt that counts, out of `attempts`; 0 of 0 for who is excused and handed in nothing.
        adjustments: those that count.
    """

    grade: Grade
    late: Late
    attempt: int = 1
    attempts: int = 1
    adjustments: tuple[Adjustment, ...] = ()

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


def entry(store: Store, policy: LatePolicy, student: str, assignment: str) -> Entry | None:
    """The entry of one student and assignment; None if nothing was graded and the student is not excused."""
    attempts = store.attempts(student, assignment)
    history = store.adjustments(student, assignment)
    if not attempts:
        counting = that_count(history, policy.adjustments, 0)
        nothing = Grade(
            student=student, assignment=assignment, status="graded", score=None, max_score=0.0, exercises=(), message=_("excused")
        )
        excused = Entry(nothing, Late(policy.due_for(student, assignment), None, 0, 0.0, None), 0, 0, counting)
        return excused if excused.excused else None
    attempt, late = chosen(policy, attempts)
    return Entry(attempt.grade, late, attempt.number, len(attempts), that_count(history, policy.adjustments, attempt.number))


def entries(store: Store, policy: LatePolicy, assignments: Sequence[str], students: Sequence[str] = ()) -> Iterator[Entry]:
    """The entries of every student (or of `students`), by assignment in the order given, then by student."""
    keys = sorted({*store.keys(), *((one.student, one.assignment) for one in store.adjustments())})
    for name in assignments:
        for student, assignment in keys:
            if assignment == name and (not students or student in students) and (found := entry(store, policy, student, name)):
                yield found


def line(entry: Entry) -> dict[str, Any]:
    """An entry by the JSON contract: the grade, plus `late` if the assignment has a due date, `attempt` if there are several, and
    `adjustments` and the `final_score` with them if there are any.

    `score` is the computed one, however late it is.
    """
    found: dict[str, Any] = msgspec.to_builtins(entry.grade)
    if entry.late.due is not None or entry.late.late:
        late = msgspec.to_builtins(entry.late)
        late["final_score"] = late.pop("score")
        found["late"] = late
    if entry.attempts > 1:
        found |= {"attempt": entry.attempt, "attempts": entry.attempts}
    if entry.adjustments:
        found |= {"adjustments": msgspec.to_builtins(entry.adjustments), "excused": entry.excused, "final_score": entry.final}
    return found
