"""Entries as tables of values: nbgrader's columns and a few more. `csv_file` and `workbook` write them.

Raw score, late penalty, adjustments and final score are separate columns; so are the points that wait for a
person, and those of the score that are bonus. Without a score (a fault of the grader, nothing handed in) the
cell is empty, not 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from grader.feedback.summary import what_happened
from grader.gradebook.entries import Entry
from grader.integrations.formats import Scores

Cell = str | float | datetime | None  # None: empty

_PERSON = ("student_id", "last_name", "first_name", "email")
_SCORES = ("raw_score", "late_submission_penalty", "score", "max_score")
NBGRADER = ("assignment", "duedate", "timestamp", *_PERSON, *_SCORES)
EXCUSED = "EX"  # in place of a score, as Canvas writes it
MORE = (
    *("status", "days_late", "late_days_here", "late_days_used", "late_days", "time_from"),
    *("attempt", "attempts", "team", "handed_in_by", "open", "bonus", "adjustments", "because", "what_happened"),
)
COURSE_TOTAL = "course_total"  # in percent
_STUDENT = NBGRADER.index("student_id") - 1  # in a row without its assignment


class Table(msgspec.Struct, frozen=True):
    """A header and rows as long as it."""

    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


def long_table(scores: Scores, total: bool = False) -> Table:
    """A row for each student and assignment; with `total`, the student's course total behind each."""
    rows = [
        (name, *row, *(_total(scores, str(row[_STUDENT])) if total else ()))
        for name in scores.maxima
        for row in topic_table(scores, name).rows
    ]
    return Table((*NBGRADER, *MORE, *((COURSE_TOTAL,) if total else ())), rows)


def topic_table(scores: Scores, name: str) -> Table:
    """A row for each student of one assignment."""
    most = scores.maxima[name]
    mine = [entry for entry in scores.entries if entry.grade.assignment == name]
    rows: list[Sequence[Cell]] = [
        (entry.late.due, entry.late.handed_in, *_person(scores, entry.grade.student), *_scores(entry, most), *_more(entry))
        for entry in mine
    ]
    blank = (None, None, None, most, "nothing handed in", *[None] * (len(MORE) - 1))
    rows += [(None, None, *person, *blank) for person in _absent(scores, (entry.grade.student for entry in mine))]
    return Table((*NBGRADER[1:], *MORE), rows)


def wide_table(scores: Scores, total: bool = False) -> Table:
    """A row for each student, four columns for each assignment; with `total`, the course total behind them."""
    maxima = scores.maxima
    budget = any(entry.late_days for entry in scores.entries)
    more = (*(("late_days_used",) if budget else ()), *((COURSE_TOTAL,) if total else ()))
    head = (*_PERSON, *(f"{name} {column}" for name in maxima for column in _SCORES), *more)
    rows: list[Sequence[Cell]] = []
    for student, mine in sorted(by_student(scores.entries).items()):
        cells = [cell for name, most in maxima.items() for cell in (_scores(mine[name], most) if name in mine else _NO_SCORES)]
        used = [late_days.used for entry in [*mine.values()][:1] if (late_days := entry.late_days)]
        rows.append((*_person(scores, student), *cells, *used, *(_total(scores, student) if total else ())))
    for person in _absent(scores, by_student(scores.entries)):
        blank = [None] * (len(head) - len(_PERSON) - total)
        rows.append((*person, *blank, *(_total(scores, person[0]) if total else ())))
    return Table(head, rows)


def total_table(scores: Scores) -> Table:
    """A row for each student: the final score of each assignment, the course total, and what stands in it as 0 or waits."""
    maxima = scores.maxima
    head = (*_PERSON, *(f"{name} (of {number(most)})" for name, most in maxima.items()), COURSE_TOTAL, "zeros", "waiting")
    mine = by_student(scores.entries)
    people = [(*_person(scores, student),) for student in sorted(mine)]
    rows = []
    for person in [*people, *_absent(scores, mine)]:
        entries, found = mine.get(person[0], {}), scores.totals.get(person[0])
        finals = (final_cell(entries[name]) if name in entries else None for name in maxima)
        lacking = (", ".join(found.zeros), ", ".join(found.waiting)) if found else ("", "")
        rows.append((*person, *finals, *_total(scores, person[0]), *lacking))
    return Table(head, rows)


def by_student(entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """The entries of each student by assignment."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        found.setdefault(entry.grade.student, {})[entry.grade.assignment] = entry
    return found


def final_cell(entry: Entry) -> Cell:
    """The score that counts."""
    return EXCUSED if entry.excused else entry.final


def number(value: float | None) -> str:
    """A number without trailing zeros, "" for none."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


_NO_SCORES: Sequence[Cell] = [None] * len(_SCORES)


def _person(scores: Scores, student: str) -> tuple[str, str, str, str]:
    """`student_id`, last name, first name and e-mail; empty where unknown."""
    row = scores.rows.get(student)
    return (student, *(scores.roster.identity(row) if scores.roster and row is not None else ("", "", "")))


def _absent(scores: Scores, present: Iterable[str]) -> list[tuple[str, str, str, str]]:
    """The same four cells for every student of the class list except `present`."""
    if scores.roster is None:
        return []
    seen = {scores.rows.get(student) for student in present}
    roster = scores.roster
    return [(roster.folder(row), *roster.identity(row)) for row in roster.students if row not in seen]


def _total(scores: Scores, student: str) -> tuple[Cell]:
    found = scores.totals.get(student)
    return (found.percent if found else None,)


def _scores(entry: Entry, most: float) -> Sequence[Cell]:
    grade = entry.grade
    penalty = None if grade.score is None else entry.late.penalty
    return [grade.score, penalty, final_cell(entry), most]


def _more(entry: Entry) -> Sequence[Cell]:
    late = entry.late
    days = "unknown" if late.unknown else late.days if late.due and late.handed_in else None
    budget = entry.late_days
    paid: Sequence[Cell] = [late.free, budget.used, budget.days] if budget else [None] * 3
    adjustments = sum(one.points for one in entry.adjustments) if entry.adjustments else None
    because = "; ".join(one.because for one in entry.adjustments)
    who: Mapping[str, str] = {"team": entry.team, "by": entry.by if entry.team else ""}
    grade = entry.grade
    points = (grade.open if grade.undecided else None, grade.bonus or None)
    told = (*who.values(), *points, adjustments, because, what_happened(grade))
    return [entry.grade.status, days, *paid, late.time_from, entry.attempt, entry.attempts, *told]
