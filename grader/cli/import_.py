"""`grader import`: a bulk download becomes a class."""

import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from grader.course.folder import find_course
from grader.errors import UsageError
from grader.feedback.terminal import console
from grader.gradebook.lateness import late_policy
from grader.gradebook.roster import read_roster
from grader.integrations.download import Download
from grader.integrations.folder_names import folders
from grader.integrations.formats import ImportSystem
from grader.integrations.registry import IMPORTS
from grader.submissions.archive import opened
from grader.submissions.arrange import arrange
from grader.submissions.class_folder import HandedIn, State, write
from grader.text.escape import json_line, one_line


def import_class(
    archive: Path,
    system: str,
    topic: str,
    to: Path,
    roster_file: Path | None,
    replace: bool,
    course_folder: Path | None,
    json: bool,
) -> int:
    """Unpack a bulk download of `system` into the class's folder `to`; returns the exit code."""
    chosen = next((known for known in IMPORTS if known.name == system), None)
    if chosen is None:
        raise UsageError(f"--from {system} is not known; it is {', '.join(known.name for known in IMPORTS)}.")
    course = find_course(Path.cwd(), course_folder)
    topic = course.assignment(topic).name
    roster = read_roster(roster_file) if roster_file else None
    with opened(archive) as members:
        try:
            found, notes = chosen.read(members)
        except UsageError as error:
            raise UsageError(f"{archive}: {error}") from None
        if not found:
            seen = ", ".join(one_line("/".join(member.parts), 60) for member in members[:3]) or "nothing"
            raise UsageError(
                f"{archive} holds no submission by the names that {system} writes; it holds {seen}. "
                f"Give the archive as it was downloaded, and its system with --from {' | '.join(known.name for known in IMPORTS)}."
            )
        names, rows, unknown = folders(found, roster)
        if chosen.times and roster:
            times = chosen.times(roster, late_policy(course.config).timezone)
            found = _timed(found, rows, times)
        handed: list[HandedIn] = []
        for name, download in zip(names, found, strict=True):
            files, remarks = arrange(topic, download.files)
            notes += [f"{name}: {remark}" for remark in remarks]
            handed.append(HandedIn(name, topic, files, download.time, download.late))
        states, large = write(to, handed, replace)
    _print(handed, states, to, json)
    err = console(stderr=True)
    for note in (*unknown, *notes, *large, *_without_time(handed, chosen)):
        err.print(one_line(note, 500), markup=False, soft_wrap=True)
    return 0


def _timed(found: list[Download], rows: list[int | None], times: Mapping[int, datetime]) -> list[Download]:
    """The downloads with the times of their rows in the class list."""
    return [
        msgspec.structs.replace(download, time=times.get(row) if row is not None else None)
        for download, row in zip(found, rows, strict=True)
    ]


def _without_time(handed: list[HandedIn], system: ImportSystem) -> list[str]:
    count = sum(item.time is None for item in handed)
    return [f"when it was handed in is not known of {count}: {system.time_hint}"] if count else []


def _print(handed: list[HandedIn], states: list[State], to: Path, json: bool) -> None:
    if json:
        for item, state in zip(handed, states, strict=True):
            sys.stdout.write(json_line(_line(item, state)) + "\n")
        return
    counts = [f"{states.count(state)} {state}" for state in ("new", "replaced", "unchanged") if state in states]
    late = sum(item.late for item in handed)
    topic = handed[0].topic
    print(f"{topic}: {len(handed)} submissions in {to} ({', '.join(counts)}{f'; {late} marked late' if late else ''})")
    print(f"next: grader grade {to} --topic {topic}")


def _line(item: HandedIn, state: State) -> dict[str, Any]:
    return {
        "student": item.student,
        "assignment": item.topic,
        "state": state,
        "files": sorted("/".join(place) for place in item.files),
        "handed_in": item.time,
        "marked_late": item.late,
    }
