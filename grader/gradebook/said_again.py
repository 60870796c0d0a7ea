"""What a record tells, in the language in force: it was written in the grading person's, and is judged again from the stored outcomes."""

from msgspec.structs import replace

from grader.engine.prepare import Prepared
from grader.engine.record import Record, restored
from grader.gradebook.decisions import decided
from grader.gradebook.entries import Entry
from grader.gradebook.store import Store
from grader.judge.judge import judge
from grader.judge.verdicts import Grade


def said_again(store: Store, entry: Entry, ready: Prepared | None) -> tuple[Entry, Record | None]:
    """The entry in today's words, and its record, where the rubric is still the one that was used; else the entry as it is, and None.

    Args:
        ready: the entry's assignment, if it could be prepared.
    """
    record = store.record(entry.by or entry.grade.student, entry.grade.assignment, entry.attempt)
    if record is None or ready is None or not _is_of(record, ready):
        return entry, None
    grade = grade_again(record, ready)
    if grade is record.grade:
        return entry, record
    history = store.adjustments(record.student, record.assignment)
    return replace(entry, grade=decided(replace(grade, student=entry.grade.student), history)), record


def grade_again(record: Record, ready: Prepared | None) -> Grade:
    """The computed grade of a record in today's words; as it is kept, where that could be another grade."""
    if ready is None or not _is_of(record, ready) or not record.grade.exercises:
        return record.grade
    ready = ready.own(record.student)
    ran = restored(record, ready.plan, ready.oracle)
    if ran is None:  # something is missing that was too large to be kept
        return record.grade
    again = judge(ready.plan, ran, ready.oracle, record.student, ready.known)
    return again if again.score == record.grade.score else record.grade


def _is_of(record: Record, ready: Prepared) -> bool:
    return (record.plan_hash, record.rubric_hash) == (ready.hash_for(record.student), ready.rubric_hash)
