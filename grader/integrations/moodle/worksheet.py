"""Scores in Moodle's grading worksheet («Download grading worksheet»), ready for «Upload grading worksheet».

Moodle finds a participant by the identifier, and reads the columns of the grade and of the feedback comments by their names in the language
of the user. Whatever it would pass over in silence (a locked grade, one above the maximum) is reported. The time when a grade was changed
last must stay: by it, Moodle sees which grades are newer there than in the worksheet.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence

import msgspec

from grader.errors import UsageError
from grader.gradebook.csv_rows import BOM, head_key
from grader.gradebook.entries import Entry
from grader.gradebook.roster import Roster
from grader.integrations.formats import Scores
from grader.integrations.spreadsheet.table import number
from grader.text.escape import csv_copied, listed

# English, German, French, Spanish, Portuguese (Brazil and Portugal)
_IDENTIFIER = ("identifier", "id", "identifiant", "identificador")
_GRADE = ("grade", "bewertung", "note", "calificación", "nota", "avaliação")
_FEEDBACK = (
    "feedback comments",
    "feedback als kommentar",
    "feedback par commentaires",
    "commentaires de feedback",
    "comentarios de retroalimentación",
    "comentarios de realimentación",
    "comentários de feedback",
    "comentários de retorno",
    "feedback por comentários",
)
_CHANGEABLE = re.compile(
    r"can be changed|kann geändert werden|peut être modifiée|puede (ser )?(cambi|modific)|pode ser (alterada|modificada)"
)
_NO = ("no", "nein", "non", "não")
_MAXIMUM = re.compile(r"\d+(?:([.,])\d+)?")


class _Columns(msgspec.Struct, frozen=True):
    """The places of what is read and written; the points stand behind the grade, in every language."""

    grade: int
    feedback: int | None
    changeable: int | None


def worksheet(scores: Scores, comment: Callable[[Entry], str]) -> tuple[str, list[str], list[str]]:
    """The text of the file to upload, notes on surprises, and the scores that are not in it.

    Args:
        comment: the feedback for a student, as HTML.

    Raises:
        UsageError: the scores are of several assignments, or the class list is not such a worksheet.
    """
    roster, names = scores.roster, list(scores.maxima)
    assert roster is not None
    if len(names) != 1:
        raise UsageError(
            f"Moodle has a worksheet for each assignment: name the one that {roster.path} is of, {' or '.join(names)}."
        )
    columns = _columns(roster)
    comma, most, notes = _points(roster, columns, names[0], scores.maxima[names[0]])
    entries = {scores.rows[entry.grade.student]: entry for entry in scores.entries if entry.grade.student in scores.rows}
    missing = [f"{student}: {why}, so no score is written" for student, why in scores.unknown.items()]
    if columns.feedback is None:
        notes.append(f"{roster.path} has no column of feedback comments, so it gets the grades alone")
    lines: list[Sequence[str]] = [roster.header]
    for row, cells in enumerate(roster.rows):
        entry, copied = entries.get(row), [csv_copied(cell) for cell in cells]
        if problem := _problem(entry, cells, columns, most):
            missing.append(problem)
        elif entry is not None and entry.final is not None:
            copied[columns.grade] = number(entry.final).replace(".", "," if comma else ".")
            if columns.feedback is not None:
                copied[columns.feedback] = comment(entry)
        lines.append(copied)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=roster.delimiter, lineterminator="\n").writerows(lines)
    return (BOM if roster.bom else "") + out.getvalue(), [*notes, *_without(roster, entries, names[0])], missing


def _columns(roster: Roster) -> _Columns:
    grade = roster.column(_GRADE)
    if grade is None or roster.column(_IDENTIFIER) is None:
        raise UsageError(
            f"{roster.path} is not a grading worksheet of Moodle: its header is {', '.join(roster.header)[:200]}. "
            "Moodle writes one with the columns Identifier and Grade: assignment → Submissions → Download grading worksheet, where the "
            "assignment's settings have «Offline grading worksheet» as a feedback type."
        )
    changeable = next((place for place, head in enumerate(roster.header) if _CHANGEABLE.search(head_key(head))), None)
    return _Columns(grade, roster.column(_FEEDBACK), changeable)


def _points(roster: Roster, columns: _Columns, name: str, ours: float) -> tuple[bool, float | None, list[str]]:
    """Whether the worksheet has decimal commas, the most that Moodle takes (None if it does not say), and a note if that is not ours."""
    place = columns.grade + 1
    cells = [cell for row in roster.students if place < len(roster.rows[row]) and (cell := roster.rows[row][place].strip())]
    found = [match for cell in cells if (match := _MAXIMUM.fullmatch(cell))]
    if cells and not found:
        raise UsageError(
            f"{roster.path}: Moodle grades this assignment by a scale ({cells[0][:60]!r}), and {name} has points. "
            "Choose points in the assignment's settings there, and download the worksheet again."
        )
    if not found:
        return False, None, []
    most = float(found[0][0].replace(",", "."))
    other = f"{name} is worth {number(most)} in Moodle and {number(ours)} here; scores are written as they are here"
    return found[0][1] == ",", most, [other] if most != ours else []


def _problem(entry: Entry | None, cells: Sequence[str], columns: _Columns, most: float | None) -> str:
    """Why Moodle would not take a score that there is."""
    if entry is None or entry.final is None:
        return ""
    student = entry.grade.student
    if most is not None and entry.final > most:
        return f"{student}: {number(entry.final)} is more than Moodle's maximum of {number(most)}, so it is not written"
    if columns.changeable is not None and head_key(cells[columns.changeable]) in _NO:
        return f"{student}: Moodle says that the grade cannot be changed there, so {number(entry.final)} is not written"
    return ""


def _without(roster: Roster, entries: dict[int, Entry], name: str) -> list[str]:
    """Notes on who of the worksheet gets no score."""
    excused = [entry.grade.student for row, entry in sorted(entries.items()) if entry.excused]
    none = [
        roster.folder(row)
        for row in roster.students
        if row not in entries or (entries[row].final is None and not entries[row].excused)
    ]
    said = ((excused, "excused, for which Moodle has no mark"), (none, "no score"))
    return [f"{name}: {what}: {listed(who, 3, '; ')}; what Moodle has there stays" for who, what in said if who]
