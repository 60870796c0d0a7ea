"""Scores for Canvas's gradebook: the rows of a Canvas export with our scores in its columns, ready to be imported there.

What identifies students and assignments is copied from the export unchanged: the columns up to "Section", and headers like
"Convolution (4711)". A cell without a score of ours keeps Canvas's value: an empty one would delete a score there. A column that Canvas
does not have is left out: there, it would become a new assignment.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence

import msgspec

from grader.errors import UsageError
from grader.gradebook.csv_rows import BOM
from grader.gradebook.roster import Roster
from grader.integrations.formats import Scores
from grader.integrations.spreadsheet.table import EXCUSED, number
from grader.text.escape import csv_copied, listed

POINTS = "    Points Possible"  # as Canvas writes it
TOTAL = "course total"
_TITLE_AND_ID = re.compile(r"(.*)\s\((\d+)\)", re.DOTALL)
_COMPUTED = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_GUARD = re.compile(r'="[^"]*"')  # how Canvas itself writes a name that begins like a formula
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+%?")


class Column(msgspec.Struct, frozen=True):
    """One of our assignments, or the course total.

    Attributes:
        key: where course.toml says which column of Canvas it is, which is `canvas`: its number, or its name; "" if it does not say.
        titles: by which it is found otherwise.
        scores: by row of the roster; None for who has no score, `EXCUSED` for who needs none.
    """

    name: str
    key: str
    titles: tuple[str, ...]
    max_score: float
    scores: Mapping[int, float | str | None]
    canvas: str = ""


def columns_of(scores: Scores, raw: bool = False) -> list[Column]:
    """The columns of the assignments that have scores.

    Args:
        raw: the scores without late penalties (where Canvas subtracts them itself).
    """
    found = []
    for item in scores.assignments:
        if item.name not in scores.maxima:
            continue
        own = {
            scores.rows[entry.grade.student]: EXCUSED if entry.excused else entry.raw if raw else entry.final
            for entry in scores.entries
            if entry.grade.assignment == item.name and entry.grade.student in scores.rows
        }
        titles = tuple(dict.fromkeys((item.title, item.name)))
        key, canvas = f"[assignments.{item.name}]", str(item.config.canvas)
        found.append(Column(item.name, key, titles, scores.maxima[item.name], own, canvas))
    return found


def total_column(scores: Scores) -> Column:
    """The column of the course total, for who handed in nothing too; in percent."""
    assert scores.roster is not None
    names = {row: scores.roster.folder(row) for row in scores.roster.students} | {row: name for name, row in scores.rows.items()}
    found = {row: total.percent for row, name in names.items() if (total := scores.totals.get(name))}
    return Column(TOTAL, "[total]", (TOTAL,), 100.0, found, str(scores.course.config.total.canvas))


def canvas_table(roster: Roster, columns: Sequence[Column]) -> tuple[str, list[str], list[str]]:
    """The text of the file to import, notes on surprises, and what is left out.

    Raises:
        UsageError: Canvas would not read the roster, an assignment matches two of its columns, or it has a column for none.
    """
    width = _identity_width(roster)
    places = {column.name: _place(roster, column, width) for column in columns}
    left_out = [_left_out(column, roster) for column in columns if places[column.name] is None]
    written = [(column, place) for column in columns if (place := places[column.name]) is not None]
    if not written:
        raise UsageError(" ".join(f"{text}." for text in left_out) + " So nothing can be written.")
    comma = any(_DECIMAL_COMMA.fullmatch(cell.strip()) for row in roster.rows for cell in row[width:])
    given = next((row for row in roster.rows if "Points Possible" in row[0]), None)
    header, points = list(roster.header[:width]), list(given[:width] if given else (POINTS, *[""] * (width - 1)))
    notes: list[str] = []
    for column, place in written:
        header.append(roster.header[place])
        points.append(given[place] if given else _decimal(number(column.max_score), comma))
        notes += _column_notes(column, header[-1], given[place].strip() if given else "")
    lines: list[Sequence[str]] = [header, points]
    kept: list[str] = []
    for student in roster.students:
        row = roster.rows[student]
        cells = []
        for column, place in written:
            had, score = row[place], column.scores.get(student)
            if not isinstance(score, str | None) and had.strip().upper() in ("EX", "N/A"):
                kept.append(f"{row[0].strip()}: {column.name} is {had.strip()} in Canvas; {number(score)} is not written")
                score = None
            cells.append(had if score is None else score if isinstance(score, str) else _decimal(number(score), comma))
        lines.append((*(cell if _GUARD.fullmatch(cell) else csv_copied(cell) for cell in row[:width]), *cells))
    notes += _absent(roster, [column for column, _ in written])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=roster.delimiter, lineterminator="\n").writerows(lines)
    return (BOM if roster.bom else "") + out.getvalue(), notes + kept, left_out


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
    titles = (column.canvas,) if column.canvas else (*column.titles, column.name)
    found = []
    for place in range(width, len(roster.header)):
        head = roster.header[place].strip()
        if _COMPUTED.search(head):
            continue
        titled = _TITLE_AND_ID.fullmatch(head)
        title, number_ = titled.groups() if titled else (head, "")
        if column.canvas and column.canvas == number_:
            return place
        if {_key(title), _key(head)} & {*map(_key, titles)}:
            found.append(place)
    if column.canvas and not found:
        raise UsageError(
            f"{roster.path} has no column ({column.canvas}), which course.toml gives as `canvas` of {column.key}. "
            "Export the gradebook again, or correct the key."
        )
    if len(found) > 1:
        heads = ", ".join(roster.header[place] for place in found)
        raise UsageError(f"{column.name} could be {heads} in Canvas. Say which: `canvas = <the number>` in {column.key}.")
    return found[0] if found else None


def _left_out(column: Column, roster: Roster) -> str:
    titles = " or ".join(column.titles)
    return (
        f"{column.name}: no column of {roster.path} is called {titles}, so it is left out; make it in Canvas and export again, or say "
        f"in course.toml which one it is: `canvas = <its name or number>` in {column.key}"
    )


def _absent(roster: Roster, columns: Sequence[Column]) -> list[str]:
    """A note on each assignment for which students of the roster have no score."""
    notes = []
    for column in columns:
        absent = [row for row in roster.students if column.scores.get(row) is None]
        if absent:
            names = listed([roster.rows[place][0] for place in absent], 3, "; ")
            notes.append(f"{column.name}: no score for {names}; what Canvas has there stays")
    return notes


def _column_notes(column: Column, head: str, points: str) -> list[str]:
    """A note on a column that Canvas ignores, or gives other `points`."""
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
