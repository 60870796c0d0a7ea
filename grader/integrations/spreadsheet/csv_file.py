"""A table as CSV: quoted where needed, and no cell is a formula."""

import csv
import io
from datetime import UTC, datetime

from grader.integrations.spreadsheet.table import Cell, Table, number
from grader.text.escape import csv_safe


def csv_text(table: Table) -> str:
    """The text of the file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.head)
    writer.writerows([_shown(cell) for cell in row] for row in table.rows)
    return out.getvalue()


def _shown(cell: Cell) -> str:
    match cell:
        case str():
            return csv_safe(cell)
        case datetime():  # in UTC, as nbgrader writes it, plus the offset that it omits
            return f"{cell.astimezone(UTC):%Y-%m-%d %H:%M:%S}+00:00"
        case _:
            return number(cell)
