"""Canvas as an export format and an import system."""

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from grader.integrations.formats import TOTAL, Exported, ExportFormat, ExportOption, ImportSystem, Scores

if TYPE_CHECKING:
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


def _write(scores: Scores, options: Set[str]) -> Exported:
    from grader.integrations.canvas.grades import canvas_table, columns_of, total_column

    assert scores.roster is not None
    columns = columns_of(scores, "raw" in options)
    if TOTAL.name in options:
        columns.append(total_column(scores))
    text, notes, left_out = canvas_table(scores.roster, columns)
    missing = [f"{student}: {why}, so no score is written" for student, why in scores.unknown.items()]
    return Exported(text, notes=notes, missing=[*left_out, *missing])


def _read(members: "Sequence[Member]") -> "tuple[list[Download], list[str]]":
    from grader.integrations.canvas.submissions import downloads

    return downloads(members)


def _feedback_place(download: "Download", name: str) -> tuple[str, ...]:
    from grader.integrations.canvas.submissions import feedback_place

    return feedback_place(download, name)


EXPORT = ExportFormat(
    "canvas",
    "its gradebook",
    _write,
    options=(ExportOption("raw", "scores without late penalties"), TOTAL),
    roster="the gradebook exported there",
    needs_roster="Canvas knows students by columns that only it can give: export its gradebook (Grades → Export) and name that file "
    "with --roster.",
)
IMPORT = ImportSystem(
    "canvas", _read, time_hint="Canvas's archive only says which submissions are late", feedback_place=_feedback_place
)
