"""Which row of the class list each student with a record stands for."""

from collections.abc import Iterable

from grader.errors import UsageError
from grader.gradebook.entries import Entry
from grader.gradebook.roster import Match, Matcher, Roster


def rows_of(roster: Roster, entries: Iterable[Entry]) -> tuple[dict[str, int], dict[str, str]]:
    """The row of each student, and why those who have none have none.

    Raises:
        UsageError: two students of an assignment are one and the same in the class list.
    """
    matcher = Matcher(roster)
    rows: dict[str, int] = {}
    unknown: dict[str, str] = {}
    taken: dict[tuple[int, str], str] = {}
    for entry in entries:
        student, assignment = entry.grade.student, entry.grade.assignment
        if student in unknown:
            continue
        found = Match(rows[student], "") if student in rows else matcher.match(student)
        if not isinstance(found, Match):
            unknown[student] = found
            continue
        rows[student] = found.row
        other = taken.setdefault((found.row, assignment), student)
        if other != student:
            raise UsageError(
                f"{other} and {student} are both «{roster.names(found.row)[0] if roster.names(found.row) else roster.folder(found.row)}» "
                f"in {roster.path} and both have a record of {assignment}. Which score counts cannot be told: leave one of the two "
                "folders, or name them by login."
            )
    return rows, unknown
