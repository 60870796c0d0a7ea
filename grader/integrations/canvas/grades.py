"""Scores for Canvas's gradebook: the rows of a Canvas export with our columns, ready to be imported there.

What identifies students and assignments is copied from the export unchanged: the columns up to "Section", and headers like
"Convolution (4711)". A cell without a score of ours keeps Canvas's value: an empty one would delete a score there.
"""

import csv
import io
import re
from collections.abc import Collection, Mapping, Sequence

import msgspec

from grader.errors import UsageError
from grader.gradebook.csv_rows import BOM
from grader.gradebook.entries import Entry
from grader.gradebook.roster import Roster
from grader.integrations.spreadsheet.table import EXCUSED, number
from grader.text.escape import csv_safe

POINTS = "    Points Possible"  # as Canvas writes it
_TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
_COMPUTED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_GUARD = re.compile(r'="[^"]*"')  # how Canvas itself writes a name that begins like a formula
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+%?")


class Column(msgspec.Struct, frozen=True):
    """One of our assignments: its titles, its points, and its number in Canvas where the course gives it."""

    name: str
    titles: tuple[str, ...]
    max_score: float
    canvas_id: str = ""


def canvas_table(
    roster: Roster, columns: Sequence[Column], entries: Sequence[Entry], rows: Mapping[str, int], raw: bool = False
) -> tuple[str, list[str]]:
    """The text of the file to import, and notes on surprises.

    Args:
        rows: each student's row in the roster.
        raw: write scores without late penalties (where Canvas subtracts them itself).

    Raises:
        UsageError: Canvas would not read the roster, or an assignment matches two of its columns.
    """
    width = _identity_width(roster)
    places = {column.name: _place(roster, column, width) for column in columns}
    scores = {
        (rows[entry.grade.student], entry.grade.assignment): entry.raw if raw else entry.final
        for entry in entries
        if entry.grade.student in rows
    }
    excused = {
        (rows[entry.grade.student], entry.grade.assignment) for entry in entries if entry.excused and entry.grade.student in rows
    }
    comma = any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in roster.rows for cell in row[width:])
    given = next((row for row in roster.rows if "Points Possible" in row[0]), None)
    notes: list[str] = []
    header, points = list(roster.header[:width]), list(given[:width] if given else (POINTS, *[""] * (width - 1)))
    for column in columns:
        place = places[column.name]
        header.append(csv_safe(column.titles[0]) if place is None else roster.header[place])
        points.append(_decimal(number(column.max_score), comma) if given is None or place is None else given[place])
        notes += _column_notes(column, place is None, header[-1], given[place].strip() if given and place is not None else "")
    lines: list[Sequence[str]] = [header, points]
    kept: list[str] = []
    for student in roster.students:
        row = roster.rows[student]
        cells = []
        for column in columns:
            had = row[found] if (found := places[column.name]) is not None else ""
            score = scores.get((student, column.name))
            if score is not None and had.strip().upper() in ("EX", "N/A"):
                kept.append(f"{row[0].strip()}: {column.name} is {had.strip()} in Canvas; {number(score)} is not written")
                score = None
            cells.append(
                EXCUSED if (student, column.name) in excused else had if score is None else _decimal(number(score), comma)
            )
        name = row[0] if _GUARD.fullmatch(row[0]) else csv_safe(row[0])
        lines.append((name, *row[1:width], *cells))
    notes += _absent(roster, columns, excused | {key for key, score in scores.items() if score is not None})
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=roster.delimiter, lineterminator="\n").writerows(lines)
    return (BOM if roster.bom else "") + out.getvalue(), notes + kept


def _identity_width(roster: Roster) -> int:
    """The number of columns up to "Section", by the rules of Canvas's importer."""
    header = roster.header
    first = 1 if header[:2] == ("LastName", "FirstName") else 0
    if len(header) > 3 + first and ("Student" in header[0] or first) and "ID" in header[1 + first]:
        for place in range(2 + first, min(len(header), 8)):
            if "Section" in header[place]:
                return place + 1
    raise UsageError(
        f"{roster.path} is not a Canvas gradebook: its header is {', '.join(header)[:200]}. "
        "Canvas needs Student, ID, (SIS User ID, SIS Login ID,) Section. Export it there: Grades → Export."
    )


def _place(roster: Roster, column: Column, width: int) -> int | None:
    """The roster's column of an assignment; None if Canvas does not have it yet."""
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
            "Export the gradebook again, or correct the number."
        )
    if len(found) > 1:
        heads = ", ".join(roster.header[place] for place in found)
        raise UsageError(
            f"{column.name} could be {heads} in Canvas. Say which: `canvas = <the number>` in [assignments.{column.name}]."
        )
    return found[0] if found else None


def _absent(roster: Roster, columns: Sequence[Column], scored: Collection[tuple[int, str]]) -> list[str]:
    """A note on each assignment for which students of the roster have no score."""
    notes = []
    for column in columns:
        absent = [place for place in roster.students if (place, column.name) not in scored]
        if absent:
            names = "; ".join(roster.rows[place][0].strip() for place in absent[:3])
            more = f" and {len(absent) - 3} more" if len(absent) > 3 else ""
            notes.append(f"{column.name}: no score for {names}{more}; what Canvas has there stays")
    return notes


def _column_notes(column: Column, is_new: bool, head: str, points: str) -> list[str]:
    """A note on a column that Canvas lacks, ignores, or gives other `points`."""
    if is_new:
        titles = " or ".join(column.titles)
        return [f"{column.name}: the roster has no column called {titles}; Canvas will make a new assignment"]
    if "read only" in points:
        return [f"{column.name}: Canvas says that {head} is read only, and will ignore it"]
    ours = number(column.max_score)
    if points and _decimal(points, False) not in (ours, ""):
        return [f"{column.name}: {head} is worth {points} in Canvas and {ours} here; scores are written as they are here"]
    return []


def _decimal(text: str, comma: bool) -> str:
    """A number with a decimal comma; else with a point and without trailing zeros ("" if it is not a number)."""
    if comma:
        return text.replace(".", ",")
    try:
        return number(float(text.replace(",", ".")))
    except ValueError:
        return ""


def _key(title: str) -> str:
    return " ".join(title.split()).casefold()
