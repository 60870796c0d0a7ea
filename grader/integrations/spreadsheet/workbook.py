"""Tables as the sheets of an .xlsx workbook: numbers are numbers, dates are dates, and text is never a formula."""

import io
import re
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Any

from grader.errors import UsageError
from grader.integrations.spreadsheet.table import Cell, Table
from grader.text.escape import csv_safe, plain

LIMIT = 1000  # characters of a cell
WIDEST, NARROWEST = 48, 8  # characters of a column
_TITLE = 31  # characters of a sheet's name
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_RESERVED = {"history"}  # a name that Excel keeps for itself
_NUMBERS, _DATES = "0.####", "yyyy-mm-dd hh:mm"


def workbook(sheets: Mapping[str, Table], zone: tzinfo) -> bytes:
    """The bytes of the file.

    Args:
        zone: of the dates, because a date of a spreadsheet has none; the heads name it.

    Raises:
        UsageError: openpyxl is not installed.
    """
    try:
        import openpyxl  # type: ignore[import-untyped]
    except ImportError:
        raise UsageError("A workbook needs openpyxl: pip install 'dl-grader[xlsx]'. A csv needs nothing more.") from None

    book, taken = openpyxl.Workbook(), set(_RESERVED)
    bold = openpyxl.styles.Font(bold=True)
    book.remove(book.active)
    for name, table in sheets.items():
        _fill(book.create_sheet(_title(name, taken)), table, zone, bold)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, table: Table, zone: tzinfo, bold: Any) -> None:
    dated = {place for row in table.rows for place, cell in enumerate(row) if isinstance(cell, datetime)}
    heads = [f"{head} ({zone})" if place in dated else head for place, head in enumerate(table.head)]
    widths = [len(head) + 4 for head in heads]  # the filter's arrow
    for place, head in enumerate(heads, 1):
        _write(sheet.cell(1, place), head, zone)
        sheet.cell(1, place).font = bold
    for number, row in enumerate(table.rows, 2):
        for place, value in enumerate(row):
            cell = sheet.cell(number, place + 1)
            _write(cell, value, zone)
            shown = 16 if isinstance(value, datetime) else len(str(cell.value or ""))
            widths[place] = max(widths[place], shown + 1)
    for place, width in enumerate(widths, 1):
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = min(max(width, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _write(cell: Any, value: Cell, zone: tzinfo) -> None:
    match value:
        case None | "":
            pass
        case str():
            cell.value = plain(value, LIMIT)
            cell.data_type = "s"  # openpyxl makes a formula of what begins with =, and an error of #N/A
            cell.quotePrefix = csv_safe(value, LIMIT) != plain(
                value, LIMIT
            )  # and a spreadsheet does, when somebody edits the cell
        case datetime():
            cell.value = value.astimezone(zone).replace(tzinfo=None)
            cell.number_format = _DATES
        case _:
            cell.value = round(value, 4)
            cell.number_format = _NUMBERS


def _title(name: str, taken: set[str]) -> str:
    """A name for a sheet that none of those `taken` has, which it joins; capitals make no difference."""
    fit = _NOT_IN_TITLES.sub("_", plain(name))[:_TITLE] or "sheet"
    found, number = fit, 2
    while found.casefold() in taken:
        end = f" {number}"
        found, number = fit[: _TITLE - len(end)] + end, number + 1
    taken.add(found.casefold())
    return found
