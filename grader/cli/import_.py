"""`grader import`: a bulk download becomes a class, and marks changed in nbgrader become adjustments."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from grader.cli.format_help import SYSTEM
from grader.cli.options import CourseOption, JsonOption, OutOption, TopicOption, topic_asked
from grader.course.folder import find_course
from grader.errors import UsageError
from grader.feedback.progress import counted
from grader.feedback.terminal import console, few, history_table, say
from grader.gradebook.adjustments import NBGRADER
from grader.gradebook.lateness import course_policy, late_policy
from grader.gradebook.open_store import open_to_change
from grader.gradebook.roster import read_roster
from grader.gradebook.term import Term
from grader.integrations.download import Download
from grader.integrations.folder_names import folders
from grader.integrations.imported_files import called_otherwise, imported_files
from grader.integrations.registry import IMPORTS
from grader.submissions.archive import opened, refuse_bomb
from grader.submissions.class_folder import ImportedFiles, State, write
from grader.submissions.submitted_at import NOT_IMPORTED
from grader.text.escape import json_line, one_line


def command(
    archive: Annotated[
        str,
        typer.Argument(
            metavar="ARCHIVE", help="All submissions of an assignment, as the system gave them; or nbgrader's gradebook."
        ),
    ],
    topic: Annotated[str | None, typer.Argument(metavar="TOPIC", help="The assignment that they are for.")] = None,
    of: TopicOption = None,
    system: Annotated[str, typer.Option("--from", metavar="SYSTEM", help=f"{SYSTEM} nbgrader: marks changed there.")] = "",
    to: Annotated[Path, typer.Option("--to", metavar="DIR", help="The class's folder.")] = Path("submissions"),
    roster: Annotated[
        Path | None,
        typer.Option("--roster", metavar="FILE", help="A class list (CSV): folders are named by it; Moodle's has the times."),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace files by newer ones; the old ones are kept in DIR/.replaced.")
    ] = False,
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
) -> int:
    """Unpack a bulk download, or take in marks of nbgrader. The download becomes a class's folder.

    What cannot be unpacked of one student is said, in a file of that student too, and the rest is imported; the exit code is 1 then.

    From nbgrader come scores, extra credit and comments given in formgrader, as adjustments of the records in --out.

    Example: grader import submissions.zip conv --from canvas --roster grades.csv

    Example: grader import sqlite:///course/gradebook.db --from nbgrader
    """
    topic = topic_asked(topic, of)
    if system == NBGRADER:
        if roster or replace:
            raise UsageError(
                "--roster and --replace are about submissions, but nbgrader's gradebook gives marks; leave them out."
            )
        return _marks(archive, topic, out, course, json)
    if not topic or not system:
        lacks = "which system the archive is from" if topic else "for which assignment it is"
        raise UsageError(f"say {lacks}: grader import {archive} {topic or 'TOPIC'} --from {system or 'SYSTEM'}.")
    return _submissions(Path(archive), system, topic, to, roster, replace, course, json)


def _submissions(
    archive: Path,
    system: str,
    topic: str,
    to: Path,
    roster: Path | None,
    replace: bool,
    course: Path | None,
    json: bool,
) -> int:
    """Unpack the submissions in an archive."""
    chosen = next((known for known in IMPORTS if known.name == system), None)
    if chosen is None:
        raise UsageError(f"--from {system} is not known; choose one of {', '.join(known.name for known in IMPORTS)}, {NBGRADER}.")
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
        otherwise = called_otherwise(topic, [one.name for one in found.assignments], downloads)
        for other, those in otherwise.items():
            if 2 * len(those) > len(downloads):
                raise UsageError(
                    f"{archive} is for {other}, not for {topic}: {len(those)} of its {len(downloads)} submissions are called {other}. "
                    f"Nothing was imported. Import it with -t {other}."
                )
            notes.append(f"called {other}, and imported as {topic} all the same: {', '.join(those)}")
        names, rows, unknown = folders(downloads, students)
        if chosen.times and students:
            times, unread = chosen.times(students, late_policy(found.config).timezone)
            downloads = _timed(downloads, rows, times)
            notes += unread
        imported, remarks = imported_files(topic, names, downloads)
        refuse_bomb(archive, [member for item in imported for member in item.files.values()])
        staging = counted(console(stderr=True), imported, len(imported), "writing", lambda item: item.student)
        states, problems = write(to, imported, replace, staging)
    notes += remarks
    imported = [msgspec.structs.replace(item, problems=why) for item, why in zip(imported, problems, strict=True)]
    timeless = sum(item.time is None for item in imported)
    if timeless:
        notes.append(f"the submission time is unknown for {timeless}: {chosen.time_hint}")
    _print(imported, states, to, json)
    for note in few((*unknown, *notes, *(f"{item.student}: {problem}" for item in imported for problem in item.problems))):
        say(one_line(note, 500))
    return 1 if any(item.problems for item in imported) else 0


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
                "problems": item.problems,
            }
            print(json_line(line))
        return
    counts = [f"{states.count(state)} {state}" for state in ("new", "replaced", "unchanged") if state in states]
    late = sum(item.late for item in imported)
    troubled = sum(bool(item.problems) for item in imported)
    topic = imported[0].topic
    print(f"{topic}: {len(imported)} submissions in {to} ({', '.join(counts)}{f'; {late} marked late' if late else ''})")
    if troubled:
        print(f"not all of it could be imported: {troubled}; {NOT_IMPORTED} in their folders says why")
    print(f"next: grader grade {to} --topic {topic}")


def _marks(gradebook: str, topic: str | None, out: Path, folder: Path | None, json: bool) -> int:
    """Take in the marks that were changed in nbgrader."""
    from grader.integrations.nbgrader.marks import Marks
    from grader.integrations.nbgrader.settings import course_and_gradebook

    course, book = course_and_gradebook(Path("submitted"), gradebook, folder, None)
    topics = [assignment.name for assignment in course.select([topic] if topic else ())]
    policy = course_policy(course)
    with book, open_to_change(out) as store:
        new, notes = Marks(book, store, course, policy, topics).take_in()
        finals = {(one.student, one.assignment): Term(store, policy).entry(one.student, one.assignment) for one in new}
    if json:
        for one in new:
            entry = finals[one.student, one.assignment]
            print(json_line(msgspec.to_builtins(one) | {"final_score": entry and entry.final}))
    elif new:
        console().print(history_table(new))
        print(f"taken in from nbgrader: {sum(not one.undoes for one in new)}, of students: {len({one.student for one in new})}")
    else:
        print("no mark was changed in nbgrader since the last time")
    for note in notes:
        say(one_line(note, 500))
    return 0
