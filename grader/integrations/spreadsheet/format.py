"""CSV as an export format."""

from collections.abc import Set

from grader.integrations.formats import Exported, ExportFormat, ExportOption, Scores


def _write(scores: Scores, options: Set[str]) -> Exported:
    from grader.integrations.spreadsheet.table import People, long_table, wide_table

    table = wide_table if "wide" in options else long_table
    notes = [f"{student}: {why}; written without a name" for student, why in scores.unknown.items()]
    return Exported(table(scores.entries, People(scores.roster, scores.rows)), notes=notes)


EXPORT = ExportFormat(
    "csv", "a table", _write, options=(ExportOption("wide", "a row for each student"),), roster="gives names and who is missing"
)
