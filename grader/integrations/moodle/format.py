"""Moodle as an import system."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from grader.integrations.formats import ImportSystem

if TYPE_CHECKING:
    from grader.gradebook.roster import Roster
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


def _read(members: "Sequence[Member]") -> "tuple[list[Download], list[str]]":
    from grader.integrations.moodle.submissions import downloads

    return downloads(members)


def _times(worksheet: "Roster", zone: tzinfo) -> tuple[Mapping[int, datetime], list[str]]:
    from grader.integrations.moodle.submissions import submitted

    return submitted(worksheet, zone)


def _feedback_place(download: "Download", name: str) -> tuple[str, ...]:
    from grader.integrations.moodle.submissions import feedback_place

    return feedback_place(download, name)


IMPORT = ImportSystem("moodle", _read, _times, "Moodle's grading worksheet has it: --roster WORKSHEET.csv", _feedback_place)
