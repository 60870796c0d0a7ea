"""`grader import`: a bulk download becomes a class."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from grader.cli.format_help import SYSTEM
from grader.cli.options import CourseOption, JsonOption
from grader.course.folder import find_course
from grader.errors import UsageError
from grader.feedback.terminal import say
from grader.gradebook.lateness import late_policy
from grader.gradebook.roster import read_roster
from grader.integrations.download import Download
from grader.integrations.folder_names import folders
from grader.integrations.registry import IMPORTS
from grader.submissions.archive import opened
from grader.submissions.arrange import arrange
from grader.submissions.class_folder import ImportedFiles, State, write
from grader.text.escape import json_line, one_line


def command(
    archive: Annotated[Path, typer.Argument(help="All submissions of an assignment, as the system gave them.")],
    system: Annotated[str, typer.Option("--from", metavar="SYSTEM", help=SYSTEM)],
    topic: Annotated[str, typer.Option("--topic", "-t", help="The assignment that they are for.")],
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The class's folder.")] = Path("submissions"),
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="A class list (CSV): folders are named by it; Moodle's has the times."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put newer files in the place of others, which are kept in DIR/.replaced.")
    ] = False,
    course: CourseOption = None,
    json: JsonOption = False,
) -> int:
    """Unpack a bulk download into a class's folder.

    Example: grader import submissions.zip --from canvas --topic conv --roster grades.csv
    """
    chosen = next((known for known in IMPORTS if known.name == system), None)
    if chosen is None:
        raise UsageError(f"--from {system} is not known; it is {', '.join(known.name for known in IMPORTS)}.")
    found = find_course(Path.cwd(), course)
    topic = found.assignment(topic).name
    students = read_roster(roster) if roster else None
    with opened(archive) as members:
        try:
            downloads, notes = chosen.read(members)
        except UsageError as error:
            raise UsageError(f"{archive}: {error}") from None
        if not downloads:
            seen = ", ".join(one_line("/".join(member.parts), 60) for member in members[:3]) or "nothing"
            raise UsageError(
                f"{archive} holds no submission by the names that {system} writes; it holds {seen}. "
                f"Give the archive as it was downloaded, and its system with --from {' | '.join(known.name for known in IMPORTS)}."
            )
        names, rows, unknown = folders(downloads, students)
        if chosen.times and students:
            times, unread = chosen.times(students, late_policy(found.config).timezone)
            downloads = _timed(downloads, rows, times)
            notes += unread
        imported: list[ImportedFiles] = []
        for name, download in zip(names, downloads, strict=True):
            files, remarks = arrange(topic, download.files)
            notes += [f"{name}: {remark}" for remark in remarks]
            imported.append(ImportedFiles(name, topic, files, download.time, download.late))
        states, large = write(to, imported, replace)
    timeless = sum(item.time is None for item in imported)
    if timeless:
        large = [*large, f"when it was handed in is not known of {timeless}: {chosen.time_hint}"]
    _print(imported, states, to, json)
    for note in (*unknown, *notes, *large):
        say(one_line(note, 500))
    return 0


def _timed(found: list[Download], rows: list[int | None], times: Mapping[int, datetime]) -> list[Download]:
    """The downloads with the times of their rows in the class list."""
    return [
        msgspec.structs.replace(download, time=times.get(row) if row is not None else None)
        for download, row in zip(found, rows, strict=True)
    ]


def _print(imported: list[ImportedFiles], states: list[State], to: Path, json: bool) -> None:
    if json:
        for item, state in zip(imported, states, strict=True):
            line = {
                "student": item.student,
                "assignment": item.topic,
                "state": state,
                "files": sorted("/".join(place) for place in item.files),
                "handed_in": item.time,
                "marked_late": item.late,
            }
            sys.stdout.write(json_line(line) + "\n")
        return
    counts = [f"{states.count(state)} {state}" for state in ("new", "replaced", "unchanged") if state in states]
    late = sum(item.late for item in imported)
    topic = imported[0].topic
    print(f"{topic}: {len(imported)} submissions in {to} ({', '.join(counts)}{f'; {late} marked late' if late else ''})")
    print(f"next: grader grade {to} --topic {topic}")
