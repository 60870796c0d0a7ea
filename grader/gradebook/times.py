"""Submission times from a CSV file: of the learning system, or written by hand.

    student,topic,time
    ana,conv,2027-04-23 20:15:00 -0300
    bo,conv,"Friday, 23 April 2027, 8:15 PM"

Students are found as in a class list; without a topic, a row is about the only one that is graded. Times may be written as `written_time`
reads them. Nothing is guessed: what was not understood is quoted with its line.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from grader.errors import UsageError
from grader.gradebook.csv_rows import head_key
from grader.gradebook.roster import Match, Matcher, Roster, read_roster
from grader.submissions.written_time import Order, read_column
from grader.text.escape import listed, one_line
from grader.text.near import near

_TOPIC = ("topic", "assignment", "tema", "tarea")
COLUMNS: Mapping[str, Order | None] = {  # of the times, and the order of day and month in numbers in that language
    **dict.fromkeys(("time", "submitted at", "submitted_at", "handed in", "handed_in", "submission time", "timestamp")),
    "last modified (submission)": None,  # from here on, those of Moodle's grading worksheet
    "zuletzt geändert (abgabe)": "day first",
    "dernière modification (travail remis)": "day first",
    "última modificación (entrega)": "day first",
    "última modificación (envío)": "day first",
    "fecha de entrega": "day first",
    "última modificação (envio)": "day first",
    "última modificação (submissão)": "day first",
    "última modificação (trabalho submetido)": "day first",
}
_WHAT = "with the columns student, time and, for several assignments, topic"
_SHOWN = 5  # lines that are quoted


class Times(msgspec.Struct, frozen=True):
    """Submission times by student and topic (without an offset, in the course's time zone), and what to say of the other lines."""

    given: Mapping[tuple[str, str], datetime]
    notes: Sequence[str] = ()


def column_of_times(table: Roster) -> tuple[str, dict[int, datetime], dict[int, str]]:
    """The header of the column of times ("" if there is none), the times in it by row, and the texts that were not understood.

    A cell without a letter or a digit says that nothing was handed in.
    """
    place = table.column(tuple(COLUMNS))
    if place is None:
        return "", {}, {}
    head = table.header[place]
    texts = {row: cell for row in table.students if any(map(str.isalnum, cell := table.rows[row][place].strip()))}
    return head, *read_column(texts, COLUMNS[head_key(head)])


def read_times(
    path: Path, topics: Sequence[str], others: Sequence[str], students: Iterable[str], roster: Roster | None = None
) -> Times:
    """The times in a file.

    Args:
        topics: that are graded; `others`: all of the course.
        students: of the class, as their folders are called.
        roster: the class list by which those are found who are called otherwise in the file.

    Raises:
        UsageError: it cannot be read, lacks a column, or names a topic that is not there.
    """
    table = read_roster(path, f"--times takes a CSV file {_WHAT}.")
    head, times, unread = column_of_times(table)
    if not head:
        raise UsageError(
            f"{path} has no column of times: its first line is {one_line(', '.join(table.header), 200)}. Give one {_WHAT}."
        )
    of_topic: dict[str, list[int]] = {}
    for row in times:
        of_topic.setdefault(_topic(table, row, topics, others), []).append(row)
    given: dict[tuple[str, str], datetime] = {}
    strangers: list[str] = []
    for topic in topics:
        rows = of_topic.get(topic, [])
        found = _students(table.only(rows), [*students], roster)
        given |= {(student, topic): times[row] for row, student in found.items()}
        strangers += [f"line {table.line(row)} ({_who(table, row)})" for row in rows if row not in found]
    notes = [f"line {table.line(row)}: «{one_line(text, 60)}» was not understood" for row, text in unread.items()]
    if notes:
        notes = [f"{path}, {note}; write it like 2027-04-23 20:15:00 -0300" for note in notes[:_SHOWN]]
        notes += [f"{path}: and {len(unread) - _SHOWN} more that were not understood"] if len(unread) > _SHOWN else []
    if strangers:
        notes.append(f"{path}: nobody who handed in is meant by {listed(strangers, _SHOWN)}; these times are not used")
    return Times(given, notes)


def _topic(table: Roster, row: int, topics: Sequence[str], others: Sequence[str]) -> str:
    """The topic of a row."""
    topic = table.cell(row, _TOPIC)
    where = f"{table.path}, line {table.line(row)}"
    if topic and topic not in others:
        raise UsageError(f"{where}: {one_line(topic, 40)!r} is not a topic. {near(topic, others)}")
    if not topic and len(topics) > 1:
        raise UsageError(
            f"{where}: of which topic this time is, is unknown. Add a column topic, or grade one: --topic {topics[0]}."
        )
    return topic or topics[0]


def _students(table: Roster, students: Sequence[str], roster: Roster | None) -> dict[int, str]:
    """The student of each row.

    Raises:
        UsageError: two rows are about one student.
    """
    of_table = Matcher(table)
    here = {student: found.row for student in students if isinstance(found := of_table.match(student), Match)}
    matcher = Matcher(roster) if roster else None
    of_row = {found.row: student for student in students if matcher and isinstance(found := matcher.match(student), Match)}
    whose = {row: student for student, row in here.items()}
    for row in table.students if matcher else ():
        for name in () if row in whose else (table.folder(row), *table.names(row)):
            if matcher and isinstance(found := matcher.match(name), Match) and found.row in of_row:
                whose.setdefault(row, of_row[found.row])
    first: dict[str, int] = {}
    for row in table.students:
        student = whose.get(row) or table.folder(row)
        if (before := first.setdefault(student, row)) != row:
            lines = f"lines {table.line(before)} and {table.line(row)}"
            raise UsageError(f"{table.path}, {lines} have two times of {one_line(student, 40)}. Remove one of them.")
    return whose


def _who(table: Roster, row: int) -> str:
    return one_line(table.name(row) or table.folder(row), 40)
