"""Entries as CSV: nbgrader's columns and a few more; quoted where needed, and no cell is a formula.

Raw score, late penalty, adjustments and final score are separate columns. Without a score (a fault of the grader, nothing handed in) the
cell is empty, not 0.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from grader.feedback.summary import what_happened
from grader.gradebook.entries import Entry
from grader.gradebook.roster import Roster
from grader.text.escape import csv_safe

_PERSON = ("student_id", "last_name", "first_name", "email")
_SCORES = ("raw_score", "late_submission_penalty", "score", "max_score")
NBGRADER = ("assignment", "duedate", "timestamp", *_PERSON, *_SCORES)
EXCUSED = "EX"  # in place of a score, as Canvas writes it
MORE = (
    *("status", "days_late", "late_days_here", "late_days_used", "late_days", "time_from"),
    *("attempt", "attempts", "team", "handed_in_by", "adjustments", "because", "what_happened"),
)


class People:
    """Names and e-mails of the students by the roster, and those of students without a submission."""

    def __init__(self, roster: Roster | None = None, rows: Mapping[str, int] | None = None) -> None:
        self._roster, self._rows = roster, rows or {}

    def person(self, student: str) -> list[str]:
        """`student_id`, last name, first name and e-mail; empty where unknown."""
        known = self._roster.identity(self._rows[student]) if self._roster and student in self._rows else ("", "", "")
        return [csv_safe(cell) for cell in (student, *known)]

    def absent(self, present: Iterable[str]) -> list[list[str]]:
        """The same four cells for every student of the roster except `present`."""
        if self._roster is None:
            return []
        seen = {self._rows.get(student) for student in present}
        return [
            [csv_safe(cell) for cell in (self._roster.folder(row), *self._roster.identity(row))]
            for row in self._roster.students
            if row not in seen
        ]


def long_table(entries: Sequence[Entry], people: People) -> str:
    """A row for each student and assignment."""
    rows: list[Sequence[str]] = [(*NBGRADER, *MORE)]
    for name in dict.fromkeys(entry.grade.assignment for entry in entries):
        mine = [entry for entry in entries if entry.grade.assignment == name]
        for entry in mine:
            times = [_time(entry.late.due), _time(entry.late.handed_in)]
            rows.append([csv_safe(name), *times, *people.person(entry.grade.student), *_scores(entry), *_more(entry)])
        for person in people.absent(entry.grade.student for entry in mine):
            blank = ["", "", "", number(mine[0].grade.max_score), "nothing handed in", *[""] * (len(MORE) - 1)]
            rows.append([csv_safe(name), "", "", *person, *blank])
    return _csv(rows)


def wide_table(entries: Sequence[Entry], people: People) -> str:
    """A row for each student, four columns for each assignment."""
    names = list(dict.fromkeys(entry.grade.assignment for entry in entries))
    budget = any(entry.late_days for entry in entries)
    heads = (*_PERSON, *(f"{name} {column}" for name in names for column in _SCORES), *(("late_days_used",) if budget else ()))
    rows: list[Sequence[str]] = [heads]
    by_student: dict[str, dict[str, Entry]] = {}
    for entry in entries:
        by_student.setdefault(entry.grade.student, {})[entry.grade.assignment] = entry
    for student, mine in sorted(by_student.items()):
        cells = [cell for name in names for cell in (_scores(mine[name]) if name in mine else [""] * len(_SCORES))]
        used = [str(late_days.used) for entry in [*mine.values()][:1] if (late_days := entry.late_days)]
        rows.append([*people.person(student), *cells, *used])
    rows += [[*person, *[""] * (len(heads) - len(_PERSON))] for person in people.absent(by_student)]
    return _csv(rows)


def number(value: float | None) -> str:
    """A number without trailing zeros, "" for none."""
    return "" if value is None else f"{value:.4f}".rstrip("0").rstrip(".")


def _scores(entry: Entry) -> list[str]:
    grade, late = entry.grade, entry.late
    penalty = "" if grade.score is None else number(late.penalty)
    return [number(grade.score), penalty, EXCUSED if entry.excused else number(entry.final), number(grade.max_score)]


def _more(entry: Entry) -> list[str]:
    late = entry.late
    days = "unknown" if late.unknown else str(late.days) if late.due and late.handed_in else ""
    budget = entry.late_days
    paid = [str(late.free), str(budget.used), str(budget.days)] if budget else [""] * 3
    attempts = [str(entry.attempt), str(entry.attempts)]
    team = [csv_safe(entry.team), csv_safe(entry.by if entry.team else "")]
    adjustments = number(sum(one.points for one in entry.adjustments)) if entry.adjustments else ""
    because = csv_safe("; ".join(one.because for one in entry.adjustments))
    more = (*team, adjustments, because, csv_safe(what_happened(entry.grade)))
    return [entry.grade.status, days, *paid, late.time_from, *attempts, *more]


def _time(time: datetime | None) -> str:
    """In UTC, as nbgrader writes it, plus the offset that it omits."""
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00:00" if time else ""


def _csv(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()
