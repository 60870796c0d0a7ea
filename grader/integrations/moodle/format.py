"""Moodle as an export format and an import system."""

from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from grader.integrations.formats import PUBLISHED, Exported, ExportFormat, ImportSystem, Scores

if TYPE_CHECKING:
    from grader.gradebook.entries import Entry
    from grader.gradebook.roster import Roster
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


def _write(scores: Scores, options: Set[str]) -> Exported:
    from grader.feedback.pages import feedback_page
    from grader.integrations.moodle.worksheet import worksheet

    config, now = scores.course.config, datetime.now(UTC)
    titles = {item.name: item.title for item in scores.assignments}

    def comment(entry: "Entry") -> str:
        name = entry.grade.assignment
        published = PUBLISHED.name in options or config.is_published(name, now)
        return feedback_page(entry, config.title, titles[name], published).comment()

    text, notes, missing = worksheet(scores, comment)
    return Exported(text, notes=notes, missing=missing)


def _read(members: "Sequence[Member]") -> "tuple[list[Download], list[str]]":
    from grader.integrations.moodle.submissions import downloads

    return downloads(members)


def _times(worksheet: "Roster", zone: tzinfo) -> tuple[Mapping[int, datetime], list[str]]:
    from grader.integrations.moodle.submissions import submitted

    return submitted(worksheet, zone)


def _feedback_place(download: "Download", name: str) -> tuple[str, ...]:
    from grader.integrations.moodle.submissions import feedback_place

    return feedback_place(download, name)


EXPORT = ExportFormat(
    "moodle",
    "its grading worksheet, with grades and feedback",
    _write,
    options=(PUBLISHED,),
    roster="the worksheet downloaded there",
    needs_roster="Moodle knows participants by numbers that only it can give: download the assignment's grading worksheet there and name "
    "that file with --like.",
)
IMPORT = ImportSystem("moodle", _read, _times, "Moodle's grading worksheet has it: --roster WORKSHEET.csv", _feedback_place)
