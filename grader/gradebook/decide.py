"""Decisions that are asked for, checked against the records before any is made."""

from datetime import datetime

import msgspec

from grader.course.folder import Course
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.decisions import decision_about, items_asked, manual_parts, part_asked
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.same_class import refuse_dropped
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.text.escape import one_line
from grader.text.near import near


class Asked(msgspec.Struct, frozen=True):
    """Which part a decision is about, and the items that apply, as somebody wrote them (see `items_asked`).

    Attributes:
        part: "" for the only one of the exercise.
    """

    student: str
    assignment: str
    exercise: str
    part: str
    items: tuple[str, ...]


def decision_asked(
    course: Course, store: Store, policy: LatePolicy, asked: Asked, because: str, by: str, at: datetime
) -> Adjustment:
    """The decision as a line of the history: of who handed in what counts, so that it holds for the whole team.

    Raises:
        UsageError: it names what there is not, or nothing is written there.
    """
    course.assignment(asked.assignment)
    keys = store.keys()
    students = sorted({name for name, _assignment in keys})
    entry = Term(store, policy).entry(asked.student, asked.assignment)
    if entry is None or not entry.attempts:
        refuse_dropped(store.dropped(), asked.student)
        if asked.student not in students:
            raise UsageError(f"there are no records of {asked.student!r}. {near(asked.student, students)}")
        raise UsageError(
            f"{one_line(asked.student, 60)} handed in nothing for {asked.assignment}, so there is nothing to decide."
        )
    parts = list(dict.fromkeys(name for name, _check in manual_parts(entry.grade)))
    exercise = asked.exercise or (parts[0] if len(parts) == 1 else "")
    if not exercise and parts:
        raise UsageError(f"say which exercise: --exercise {' or '.join(parts)}.")
    grade = msgspec.structs.replace(entry.grade, student=entry.by or asked.student)
    check = part_asked(grade, exercise, asked.part)
    assert check.by_hand is not None
    items = items_asked(check.by_hand, asked.items)
    return decision_about(grade, exercise, check, items, because.strip(), by, at, entry.attempt)
