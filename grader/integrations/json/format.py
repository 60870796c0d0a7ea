"""JSON as an export format."""

from collections.abc import Set
from typing import Any

from grader.integrations.formats import TOTAL, Exported, ExportFormat, Scores


def _write(scores: Scores, options: Set[str]) -> Exported:
    from grader.gradebook.entries import line
    from grader.text.escape import json_line

    lines: list[Any] = [line(entry) for entry in scores.entries]
    if TOTAL.name in options:
        lines += [{"student": student, "course_total": total} for student, total in scores.totals.items()]
    return Exported("".join(json_line(found) + "\n" for found in lines))


EXPORT = ExportFormat("json", "a line for each submission", _write, options=(TOTAL,))
