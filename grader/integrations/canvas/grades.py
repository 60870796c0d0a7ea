"""Scores for Canvas's gradebook: the rows of a Canvas export with our columns, ready to be imported there.

What identifies students and assignments is copied from the export as it is: the columns up to «Section», and headers like
«Convolution (4711)», by which Canvas knows its own assignments. A cell that we have no score for keeps what Canvas had in it: an empty one
would delete a score there.
"""

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from grader.errors import UsageError
from grader.gradebook.entries import Entry
from grader.gradebook.roster import BOM, Roster
from grader.integrations.spreadsheet.table import number
from grader.text.escape import csv_safe

POINTS = "    Points Possible"  # as Canvas writes it
_TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
_COMPUTED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_GUARD = re.compile(r'="[^"]*"')  # how Canvas itself writes a name that begins like a formula
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+%?")


class Column(msgspec.Struct, frozen=True):
    """An assignment of ours: what it is called, what it is worth, and its number in Canvas where the course says that."""

    name: str
    titles: tuple[str, ...]
    max_score: float
    canvas_id: str = ""


def canvas_table(
    roster: Roster, columns: Sequence[Column], entries: Iterable[Entry], rows: Mapping[str, int], raw: bool = False
) -> tuple[str, list[str]]:
    """The text of the file to import, and notes on what is not as one might think.

    Args:
        rows: the roster's row of each student.
        raw: write the raw scores, without late penalties (where Canvas takes them off itself).

    Raises:
        UsageError: Canvas would not read the roster, or an assignment could be two of its columns.
    """
    width = _identity_width(roster)
    places = {column.name: _place(roster, column, width) for column in columns}
    scores = {
        (rows[entry.grade.student], entry.grade.assignment): entry.grade.score if raw else entry.late.score
        for entry in entries
        if entry.grade.student in rows
    }
    comma = any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in roster.rows for cell in row[width:])
    notes = _column_notes(roster, columns, places)
    heads = [_head(roster, column, places[column.name]) for column in columns]
    lines: list[Sequence[str]] = [(*roster.header[:width], *heads), _points(roster, columns, places, width, comma)]
    kept: list[str] = []
    for place in roster.students:
        row = roster.rows[place]
        cells = []
        for column in columns:
            had = row[found] if (found := places[column.name]) is not None else ""
            score = scores.get((place, column.name))
            if score is not None and had.strip().upper() in ("EX", "N/A"):
                kept.append(f"{row[0].strip()}: {column.name} is {had.strip()} in Canvas; {number(score)} is not written")
                score = None
            cells.append(had if score is None else _decimal(number(score), comma))
        lines.append((*_guarded(row[:width]), *cells))
    notes += _absent(roster, columns, {key for key, score in scores.items() if score is not None})
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=roster.delimiter, lineterminator="\n").writerows(lines)
    return (BOM if roster.bom else "") + out.getvalue(), notes + kept


def _identity_width(roster: Roster) -> int:
    """How many columns there are up to «Section», by the rules of Canvas's importer."""
    header = roster.header
    first = 1 if header[:2] == ("LastName", "FirstName") else 0
    if len(header) > 3 + first and ("Student" in header[0] or first) and "ID" in header[1 + first]:
        for place in range(2 + first, min(len(header), 8)):
            if "Section" in header[place]:
                return place + 1
    raise UsageError(
        f"{roster.path} is no gradebook of Canvas: its header is {', '.join(header)[:200]}. "
        "Canvas needs Student, ID, (SIS User ID, SIS Login ID,) Section. Export it there: Grades → Export."
    )


def _place(roster: Roster, column: Column, width: int) -> int | None:
    """Which of the roster's columns an assignment is; None when Canvas does not have it yet."""
    found = []
    for place in range(width, len(roster.header)):
        head = roster.header[place].strip()
        if _COMPUTED.search(head):
            continue
        titled = _TITLE_AND_ID.fullmatch(head)
        title, number_ = titled.groups() if titled else (head, "")
        if column.canvas_id and column.canvas_id == number_:
            return place
        if not column.canvas_id and _key(title) in map(_key, (*column.titles, column.name)):
            found.append(place)
    if column.canvas_id:
        raise UsageError(
            f"{roster.path} has no assignment ({column.canvas_id}), which course.toml gives as `canvas` of {column.name}. "
            "Export the gradebook again, or mend the number."
        )
    if len(found) > 1:
        heads = ", ".join(roster.header[place] for place in found)
        raise UsageError(
            f"{column.name} could be {heads} in Canvas. Say which: `canvas = <the number>` in [assignments.{column.name}]."
        )
    return found[0] if found else None


def _guarded(identity: Sequence[str]) -> list[str]:
    """The identity columns as they are; a name that would be a formula, and that Canvas has not guarded itself, is guarded."""
    name = identity[0]
    return [name if _GUARD.fullmatch(name) or name == csv_safe(name) else csv_safe(name), *identity[1:]]


def _absent(roster: Roster, columns: Sequence[Column], scored: Collection[tuple[int, str]]) -> list[str]:
    """A note on each assignment that students of the roster have no score for."""
    notes = []
    for column in columns:
        absent = [place for place in roster.students if (place, column.name) not in scored]
        if absent:
            names = "; ".join(roster.rows[place][0].strip() for place in absent[:3])
            more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
            notes.append(f"{column.name}: no score for {names}{more}; what Canvas has there stays")
    return notes


def _head(roster: Roster, column: Column, place: int | None) -> str:
    return roster.header[place] if place is not None else csv_safe(column.titles[0])


def _points(
    roster: Roster, columns: Sequence[Column], places: Mapping[str, int | None], width: int, comma: bool
) -> tuple[str, ...]:
    """The row of points: as it is in the roster, and ours for what is new."""
    given = _points_row(roster)
    ours = [
        given[found] if given and (found := places[column.name]) is not None else _decimal(number(column.max_score), comma)
        for column in columns
    ]
    return (*(given[:width] if given else (POINTS, *[""] * (width - 1))), *ours)


def _points_row(roster: Roster) -> tuple[str, ...] | None:
    return next((row for row in roster.rows if "Points Possible" in row[0]), None)


def _column_notes(roster: Roster, columns: Sequence[Column], places: Mapping[str, int | None]) -> list[str]:
    notes = []
    given = _points_row(roster)
    for column in columns:
        place = places[column.name]
        if place is None:
            notes.append(
                f"{column.name}: the roster has no column called {' or '.join(column.titles)}; Canvas will make a new assignment"
            )
            continue
        points = given[place].strip() if given else ""
        if "read only" in points:
            notes.append(f"{column.name}: Canvas says that {roster.header[place]} is read only, and will ignore it")
        elif points and _decimal(points, False) not in (number(column.max_score), ""):
            notes.append(
                f"{column.name}: {roster.header[place]} is worth {points} in Canvas and {number(column.max_score)} here; "
                "scores are written as they are here"
            )
    return notes


def _decimal(text: str, comma: bool) -> str:
    """A number with the decimal sign of the roster; read, with a point and without needless zeros."""
    if comma:
        return text.replace(".", ",")
    try:
        return number(float(text.replace(",", ".")))
    except ValueError:
        return ""


def _key(title: str) -> str:
    return " ".join(title.split()).casefold()
