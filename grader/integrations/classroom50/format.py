"""Classroom 50 as an export format and an import system."""

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from grader.integrations.formats import Exported, ExportFormat, ImportSystem, Scores

if TYPE_CHECKING:
    from grader.course.folder import Assignment, Course
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


def _autograders(course: "Course", assignments: "Sequence[Assignment]") -> Exported:
    from grader.integrations.classroom50.autograder import autograder_files

    return Exported(
        files=(
            (f"autograders/{assignment.name}/{path}", data)
            for assignment in assignments
            for path, data in autograder_files(course, assignment).items()
        ),
        messages=[
            f"{{to}}/autograders: {', '.join(assignment.name for assignment in assignments)}",
            "put it into the folder of your classroom in the configuration repository, and commit it",
            "it is published, so it has the public checks only; grade what was collected for the others: "
            "grader import FOLDER TOPIC --from classroom50",
        ],
    )


def _scores(_scores: Scores, _options: Set[str]) -> Exported:
    raise NotImplementedError("Classroom 50 collects the scores of its own runs")


def _read(members: "Sequence[Member]") -> "tuple[list[Download], list[str]]":
    from grader.integrations.classroom50.submissions import downloads

    return downloads(members)


EXPORT = ExportFormat(
    "classroom50", "the autograder that runs in students' repositories", _scores, folder="classroom50", instead=_autograders
)
IMPORT = ImportSystem("classroom50", _read, time_hint="put scores.json beside the repositories, which has the times")
