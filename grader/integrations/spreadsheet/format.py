"""CSV and workbooks as export formats."""

from collections.abc import Sequence, Set

from grader.integrations.formats import TOTAL, Exported, ExportFormat, ExportOption, Scores


def _write_csv(scores: Scores, options: Set[str]) -> Exported:
    from grader.integrations.spreadsheet.csv_file import csv_text
    from grader.integrations.spreadsheet.table import long_table, wide_table

    table = wide_table if "wide" in options else long_table
    return Exported(csv_text(table(scores, TOTAL.name in options)), notes=_nameless(scores))


def _write_workbook(scores: Scores, options: Set[str]) -> Exported:
    """A sheet for each assignment behind one with the totals, whether or not these were asked for."""
    from datetime import UTC

    from grader.integrations.spreadsheet.table import topic_table, total_table
    from grader.integrations.spreadsheet.workbook import workbook

    sheets = {"Course total": total_table(scores), **{name: topic_table(scores, name) for name in scores.maxima}}
    return Exported(workbook(sheets, scores.course.config.zone or UTC), notes=_nameless(scores))


def _nameless(scores: Scores) -> Sequence[str]:
    return [f"{student}: {why}; written without a name" for student, why in scores.unknown.items()]


_LIST = "gives names and who is missing"
CSV = ExportFormat("csv", "a table", _write_csv, options=(ExportOption("wide", "a row for each student"), TOTAL), roster=_LIST)
WORKBOOK = ExportFormat(
    "xlsx", "a workbook with a sheet for each assignment and the course total", _write_workbook, options=(TOTAL,), roster=_LIST
)
