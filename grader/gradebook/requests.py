"""Requests of students for another look at a mark: from a csv file or typed in, checked before they are kept."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from grader.course.folder import Course
from grader.errors import UsageError
from grader.gradebook.review_log import Event, Request, requests
from grader.gradebook.roster import read_roster
from grader.text.near import near

_COLUMNS = {"student": ("student",), "topic": ("topic", "assignment"), "text": ("text", "request")}
MOST = 4000  # characters of a request


def new_requests(log: Iterable[Event], asked: Sequence[Request]) -> list[Request]:
    """Those that are not in the log already: a file that is read twice asks once."""
    known = {(one.student, one.assignment, one.text) for one in requests(log)}
    return [one for one in dict.fromkeys(asked) if (one.student, one.assignment, one.text) not in known]


def checked_request(course: Course, students: Sequence[str], asked: Request, where: str = "") -> Request:
    """The request, if it is about a submission that there may be.

    Args:
        students: who has records.
        where: it was made, for messages.

    Raises:
        UsageError: it names what there is not, or says nothing.
    """
    where = where and f"{where}: "
    topics = [found.name for found in course.assignments]
    if asked.assignment not in topics:
        raise UsageError(f"{where}no assignment is called {asked.assignment!r}. {near(asked.assignment, topics)}")
    if asked.student not in students:
        raise UsageError(f"{where}there are no records of {asked.student!r}. {near(asked.student, students)}")
    if not asked.text.strip():
        raise UsageError(f"{where}the request of {asked.student} has no text; say what the student asks for.")
    return msgspec.structs.replace(asked, text=asked.text.strip()[:MOST])


def read_requests(path: Path, by: str, at: datetime) -> list[tuple[str, Request]]:
    """The requests in a csv file with student, topic and text, each with its place for messages.

    Raises:
        UsageError: it cannot be read, or lacks a column.
    """
    table = read_roster(path)
    missing = [name for name, heads in _COLUMNS.items() if table.column(heads) is None]
    if missing:
        raise UsageError(
            f"{path} has no column {' and '.join(missing)}; its first line is {', '.join(table.header)[:200]}. "
            "Needed: student, topic, text."
        )
    found = []
    for row in table.students:
        student, topic, text = (table.cell(row, heads) for heads in _COLUMNS.values())
        asked = Request(student=student, assignment=topic, text=text, by=by, at=at)
        found.append((f"{path}, row {row + 1} below the header", asked))
    return found
