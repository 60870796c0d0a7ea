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
_DATES = "yyyy-mm-dd hh:mm"
_ARROW = 4  # characters that the filter's arrow covers


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

    book, taken = openpyxl.Workbook(write_only=True), set(_RESERVED)
    bold = openpyxl.styles.Font(bold=True)
    for name, table in sheets.items():
        _fill(book.create_sheet(_title(name, taken)), table, zone, bold)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet: Any, table: Table, zone: tzinfo, bold: Any) -> None:
    import openpyxl

    dated = {place for row in table.rows for place, cell in enumerate(row) if isinstance(cell, datetime)}
    heads = [f"{head} ({zone})" if place in dated else head for place, head in enumerate(table.head)]
    for place, head in enumerate(heads):
        longest = max((_width(row[place]) for row in table.rows), default=0)
        letter = openpyxl.utils.get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = min(max(longest, len(head) + _ARROW, NARROWEST), WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{letter}{len(table.rows) + 1}"
    top = [_cell(sheet, head, zone) for head in heads]
    for cell in top:
        cell.font = bold
    sheet.append(top)
    for row in table.rows:
        sheet.append([_cell(sheet, value, zone) for value in row])


def _width(value: Cell) -> int:
    match value:
        case None:
            return 0
        case str():
            return len(value) + 1
        case datetime():
            return len(_DATES) + 1
        case _:
            return len(f"{value:.4f}")


def _cell(sheet: Any, value: Cell, zone: tzinfo) -> Any:
    import openpyxl

    match value:
        case None | "":
            return None
        case str():
            cell = openpyxl.cell.WriteOnlyCell(sheet, plain(value, LIMIT))
            cell.data_type = "s"  # openpyxl makes a formula of what begins with =, and an error of #N/A
            if csv_safe(value, LIMIT) != plain(value, LIMIT):
                cell.quotePrefix = True  # and a spreadsheet would, when somebody edits the cell
            return cell
        case datetime():
            cell = openpyxl.cell.WriteOnlyCell(sheet, value.astimezone(zone).replace(tzinfo=None))
            cell.number_format = _DATES
            return cell
        case _:
            return round(value, 4)


def _title(name: str, taken: set[str]) -> str:
    """A name for a sheet that none of those `taken` has, which it joins; capitals make no difference."""
    fit = _NOT_IN_TITLES.sub("_", plain(name))[:_TITLE] or "sheet"
    found, number = fit, 2
    while found.casefold() in taken:
        end = f" {number}"
        found, number = fit[: _TITLE - len(end)] + end, number + 1
    taken.add(found.casefold())
    return found
