"""What counts for a student: the attempt that the course's policy chooses, its raw score, and what lateness makes of it."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from grader.gradebook.lateness import Late, LatePolicy, chosen
from grader.gradebook.store import Store
from grader.judge.verdicts import Grade


class Entry(msgspec.Struct, frozen=True):
    """A student and an assignment.

    Attributes:
        grade: of the attempt that counts; its `score` is the raw one.
        late: how late it is, and what is left of the score.
        attempt: the number of the attempt that counts, of so many `attempts`.
    """

    grade: Grade
    late: Late
    attempt: int = 1
    attempts: int = 1


def entry(store: Store, policy: LatePolicy, student: str, assignment: str) -> Entry | None:
    """What counts for one student and assignment; None where nothing was graded."""
    attempts = store.attempts(student, assignment)
    if not attempts:
        return None
    attempt, late = chosen(policy, attempts)
    return Entry(attempt.grade, late, attempt.number, len(attempts))


def entries(store: Store, policy: LatePolicy, assignments: Sequence[str], students: Sequence[str] = ()) -> Iterator[Entry]:
    """What counts for every student (or for `students`), by assignment in the order given, then by student."""
    keys = store.keys()
    for name in assignments:
        for student, assignment in keys:
            if assignment == name and (not students or student in students):
                found = entry(store, policy, student, assignment)
                if found is not None:
                    yield found


def line(entry: Entry) -> dict[str, Any]:
    """An entry by the JSON contract: the grade, beside it `late` where the assignment has a due date, and `attempt` where there are more.

    `score` is the raw one, whatever is late.
    """
    found: dict[str, Any] = msgspec.to_builtins(entry.grade)
    if entry.late.due is not None or entry.late.late:
        late = msgspec.to_builtins(entry.late)
        late["final_score"] = late.pop("score")
        found["late"] = late
    if entry.attempts > 1:
        found |= {"attempt": entry.attempt, "attempts": entry.attempts}
    return found
