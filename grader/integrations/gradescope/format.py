"""Gradescope as an export format and an import system."""

from collections.abc import Sequence, Set
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from grader.integrations.formats import PUBLISHED, Exported, ExportFormat, ExportOption, ImportSystem, Scores, json_file

if TYPE_CHECKING:
    from grader.course.folder import Assignment, Course
    from grader.integrations.download import Download
    from grader.submissions.archive import Member


_EXTRA = (
    "student",
    "attempt",
    "attempts",
    "late",
    "team",
    "handed_in_by",
    "late_days",
    "adjustments",
)  # of the JSON contract, for Gradescope's export


def _write(scores: Scores, options: Set[str]) -> Exported:
    """`<topic>/<student>/results.json` for each submission with a score, which has the changes by hand and not the late penalty."""
    from msgspec.structs import replace

    from grader.feedback.summary import change_text, late_days_text
    from grader.gradebook.entries import line
    from grader.integrations.folder_names import folder_name
    from grader.integrations.gradescope.results import FILE, results
    from grader.text.escape import markdown

    config, now, files = scores.course.config, datetime.now(UTC), []
    notes = [
        f"{entry.grade.student}: excused from {entry.grade.assignment}; nothing is written"
        for entry in scores.entries
        if entry.excused
    ]
    for entry in scores.entries:
        if entry.raw is not None:
            known = line(entry)
            extra: dict[str, Any] = {key: known[key] for key in _EXTRA if key in known} | {"final_score": entry.final}
            name = f"{entry.grade.assignment}/{folder_name(entry.grade.student)}/{FILE}"
            published = PUBLISHED.name in options or config.is_published(entry.grade.assignment, now)
            found = results(replace(entry.grade, score=entry.raw), config.gradescope.hidden, extra, published=published)
            if entry.late_days:
                found["output"] += "\n\n" + markdown(late_days_text(entry.late_days))
            for one in entry.adjustments:
                found["output"] += "\n\n" + markdown(f"{change_text(one)}: {one.because}")
            files.append((name, json_file(found)))
    return Exported(files=files, messages=[f"{{to}}: {FILE} of {len(files)} submissions"], notes=notes)


def _autograders(course: "Course", assignments: "Sequence[Assignment]") -> Exported:
    from grader.integrations.gradescope.autograder import autograder_zip

    names = {f"autograder_{assignment.name}.zip": assignment for assignment in assignments}
    return Exported(
        files=((name, autograder_zip(course, assignment)) for name, assignment in names.items()),
        messages=[
            *(f"{{to}}/{name}: upload it as the autograder of {assignment.title}" for name, assignment in names.items()),
            "it holds the reference and the course's secret: give it to Gradescope, never to students",
        ],
    )


def _read(members: "Sequence[Member]") -> "tuple[list[Download], list[str]]":
    from grader.integrations.gradescope.submissions import downloads

    return downloads(members)


EXPORT = ExportFormat(
    "gradescope",
    "a results.json for each submission",
    _write,
    options=(ExportOption("autograder", "write the autograder that Gradescope runs, not results", _autograders), PUBLISHED),
    folder="gradescope",
)
IMPORT = ImportSystem("gradescope", _read)
