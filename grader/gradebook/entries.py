"""Gradebook entries: for a student and an assignment, the attempt that counts by the course's policy, and its lateness."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from grader.gradebook.lateness import Late, LatePolicy, chosen
from grader.gradebook.store import Store
from grader.judge.verdicts import Grade


class Entry(msgspec.Struct, frozen=True):
    """One student's result in one assignment.

    Attributes:
        grade: of the attempt that counts; its `score` is the raw one.
        late: how late it is, and the score after the penalty.
        attempt: the number of the attempt that counts, out of `attempts`.
    """

    grade: Grade
    late: Late
    attempt: int = 1
    attempts: int = 1


def entry(store: Store, policy: LatePolicy, student: str, assignment: str) -> Entry | None:
    """The entry of one student and assignment; None if nothing was graded."""
    attempts = store.attempts(student, assignment)
    if not attempts:
        return None
    attempt, late = chosen(policy, attempts)
    return Entry(attempt.grade, late, attempt.number, len(attempts))


def entries(store: Store, policy: LatePolicy, assignments: Sequence[str], students: Sequence[str] = ()) -> Iterator[Entry]:
    """The entries of every student (or of `students`), by assignment in the order given, then by student."""
    keys = store.keys()
    for name in assignments:
        for student, assignment in keys:
            if assignment == name and (not students or student in students) and (found := entry(store, policy, student, name)):
                yield found


def line(entry: Entry) -> dict[str, Any]:
    """An entry by the JSON contract: the grade, plus `late` if the assignment has a due date, and `attempt` if there are several.

    `score` is the raw one, however late it is.
    """
    found: dict[str, Any] = msgspec.to_builtins(entry.grade)
    if entry.late.due is not None or entry.late.late:
        late = msgspec.to_builtins(entry.late)
        late["final_score"] = late.pop("score")
        found["late"] = late
    if entry.attempts > 1:
        found |= {"attempt": entry.attempt, "attempts": entry.attempts}
    return found
