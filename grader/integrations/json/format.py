"""JSON as an export format."""

from collections.abc import Set

from grader.integrations.formats import Exported, ExportFormat, Scores


def _write(scores: Scores, options: Set[str]) -> Exported:
    from grader.gradebook.entries import line
    from grader.text.escape import json_line

    return Exported("".join(json_line(line(entry)) + "\n" for entry in scores.entries))


EXPORT = ExportFormat("json", "a line for each submission", _write)
