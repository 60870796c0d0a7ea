"""Scores as an .xlsx workbook, read back as a spreadsheet reads it."""

import builtins
import io
import string
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from books import entry, excused, roster, scores
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.integrations.formats import Scores
from grader.integrations.spreadsheet import format as spreadsheet
from grader.integrations.spreadsheet.table import Table
from grader.integrations.spreadsheet.workbook import workbook

LIST = "student_id,last_name,first_name,email\nana,Pérez,Ana,ana@uni.edu\nbo,O'Brien,Bo,\n"


def book(found: Scores) -> Any:
    """The workbook of a class."""
    exported = spreadsheet.WORKBOOK.write(found, set())
    assert isinstance(exported.content, bytes)
    return openpyxl.load_workbook(io.BytesIO(exported.content))


def rows(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet by their heads."""
    head, *below = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in below]


def written(*cells: str | float | datetime | None, zone: Any = UTC) -> list[Any]:
    """The cells of a sheet with one row."""
    table = Table(tuple(string.ascii_letters[: len(cells)]), [cells])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook({"one": table}, zone)))["one"]
    return list(sheet[2])


def test_a_sheet_for_each_assignment() -> None:
    """The first one has the totals, then comes each assignment."""
    made = book(scores(entry("ana"), entry("ana", "pooling")))
    assert made.sheetnames == ["Course total", "conv", "pooling"]


def test_rows_of_an_assignment() -> None:
    """What the csv has, without the column of the assignment."""
    ana, bo = rows(book(scores(entry("ana", penalty=0.5), excused("bo"), listed=roster(LIST)))["conv"])
    assert [ana[name] for name in ("student_id", "last_name", "raw_score", "late_submission_penalty", "score", "max_score")] == [
        "ana", "Pérez", 2, 0.5, 1.5, 3
    ]  # fmt: skip
    assert (bo["raw_score"], bo["score"], bo["max_score"]) == (None, "EX", 3)


def test_totals() -> None:
    """A row for each student with the final scores and the total; who handed in nothing has a row too."""
    ana, bo = rows(book(scores(entry("ana", penalty=0.5), listed=roster(LIST)))["Course total"])
    assert (ana["student_id"], ana["conv (of 3)"], ana["course_total"], ana["zeros"]) == ("ana", 1.5, 1, None)
    assert (bo["student_id"], bo["conv (of 3)"], bo["course_total"], bo["zeros"]) == ("bo", None, 0, "conv")


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    """A spreadsheet can add them up and sort them; a date is in the course's zone, which its head names."""
    moment = datetime(2027, 4, 24, 2, 59, tzinfo=UTC)
    number, date = written(1.23456, moment, zone=ZoneInfo("America/Montevideo"))
    assert (number.data_type, number.value) == ("n", 1.2346)
    assert (date.is_date, date.value) == (True, datetime(2027, 4, 23, 23, 59))
    made = book(scores(entry("ana", penalty=0.5), timezone="America/Montevideo"))
    assert rows(made["conv"])[0]["duedate (America/Montevideo)"] == datetime(2027, 4, 23, 23, 59)


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "=1+1", "#N/A", "\t=1", "=cmd|' /C calc'!A0", "1e5", "007", "TRUE"]
)
def test_text_is_never_a_formula(text: str) -> None:
    """It stays the string that it was, in the file and when somebody edits the cell."""
    (cell,) = written(text)
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix or not text.startswith(("=", "+", "-", "@", "\t"))


@settings(max_examples=30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=8))
def test_any_text_can_be_written(texts: list[str]) -> None:
    """Control codes and lone surrogates, which XML cannot hold, are shown as escapes."""
    for cell in written(*texts):
        assert cell.data_type in ("s", "n") and not isinstance(cell.value, int | float)


def test_long_text_is_cut() -> None:
    """A cell of a spreadsheet has a limit, and so have ours."""
    (cell,) = written("x" * 40_000)
    assert cell.value.endswith("… (39000 characters more)")


def test_looks() -> None:
    """The header stays in sight, every column can be filtered, and no column is too narrow or too wide."""
    sheet = book(scores(entry("ana", message="x" * 500)))["conv"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", sheet.dimensions)
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert len(widths) == sheet.max_column and all(8 <= width <= 48 for width in widths)


def test_names_of_sheets() -> None:
    """Names that a spreadsheet refuses are made fit, and no two are equal."""
    names = ["a/b", "a:b", "x" * 40, "X" * 40, "History", "history"]
    made = openpyxl.load_workbook(io.BytesIO(workbook({name: Table(("a",), []) for name in names}, UTC)))
    assert made.sheetnames == ["a_b", "a_b 2", "x" * 31, f"{'X' * 29} 2", "History 2", "history 3"]


def test_without_openpyxl(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra; where it is missing, the message says how to install it."""
    real = builtins.__import__

    def without(name: str, *arguments: Any) -> Any:
        if name.partition(".")[0] == "openpyxl":
            raise ImportError(name)
        return real(name, *arguments)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install 'dl-grader\[xlsx\]'"):
        workbook({}, UTC)
