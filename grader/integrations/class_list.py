"""Matching the students that have a record to rows of the class list."""

from collections.abc import Iterable

from grader.errors import UsageError
from grader.gradebook.entries import Entry
from grader.gradebook.roster import Roster, rows_of_students


def rows_of(roster: Roster, entries: Iterable[Entry]) -> tuple[dict[str, int], dict[str, str]]:
    """The row of each student, and for those without one, why.

    Raises:
        UsageError: two students of an assignment are the same person in the class list.
    """
    entries = list(entries)
    rows, unknown = rows_of_students(roster, (entry.grade.student for entry in entries))
    taken: dict[tuple[int, str], str] = {}
    for entry in entries:
        student, assignment = entry.grade.student, entry.grade.assignment
        if student in unknown:
            continue
        row = rows[student]
        other = taken.setdefault((row, assignment), student)
        if other != student:
            name = next(iter(roster.names(row)), roster.folder(row))
            raise UsageError(
                f'{other} and {student} are both "{name}" in {roster.path} and both have a record of {assignment}. Which score counts '
                "cannot be told: keep only one of the two folders, or name them by login."
            )
    return rows, unknown
