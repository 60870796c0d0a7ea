"""`grader export`: from records to grade books."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.course.config import Visibility
from grader.course.folder import Assignment, Course, find_course
from grader.errors import UsageError
from grader.feedback.terminal import console
from grader.gradebook.entries import Entry, entries, line
from grader.gradebook.lateness import late_policy
from grader.gradebook.roster import read_roster
from grader.gradebook.store import open_store
from grader.integrations.canvas.grades import Column, canvas_table
from grader.integrations.class_list import rows_of
from grader.integrations.folder_names import folder_name
from grader.integrations.gradescope import results as gradescope
from grader.integrations.spreadsheet.table import People, long_table, wide_table
from grader.text.escape import json_line, one_line

FORMATS = ("csv", "canvas", "gradescope", "json")
_OPTIONS = {"--roster": ("csv", "canvas"), "--wide": ("csv",), "--raw": ("canvas",), "--autograder": ("gradescope",)}


def export_scores(
    topics: Sequence[str],
    form: str,
    to: Path | None,
    roster_file: Path | None,
    wide: bool,
    raw: bool,
    autograder: bool,
    out: Path,
    course_folder: Path | None,
) -> int:
    """Write the scores of a class in the format `form`; returns the exit code: 1 when somebody's score is missing in it."""
    _refuse(form, {"--roster": roster_file is not None, "--wide": wide, "--raw": raw, "--autograder": autograder})
    course = find_course(Path.cwd(), course_folder)
    assignments = course.select(topics)
    if autograder:
        return _autograders(course, assignments, to or Path("gradescope"))
    if to and roster_file and to.exists() and roster_file.exists() and to.samefile(roster_file):
        raise UsageError(f"{to} is the roster itself. Write to another file, so that it stays as your grade book exported it.")
    if form == "canvas" and roster_file is None:
        raise UsageError(
            "Canvas knows students by columns that only it can give: export its grade book (Grades → Export) and name that file "
            "with --roster."
        )
    policy = late_policy(course.config)
    roster = read_roster(roster_file) if roster_file else None
    with open_store(out, write=False) as store:
        found = list(entries(store, policy, [assignment.name for assignment in assignments]))
        held = store.assignments()
    if not found:
        asked = ", ".join(topics) or "this course"
        raise UsageError(
            f"{out} has no records of {asked}; it has {', '.join(held) or 'none'}. Grade first: grader grade SUBMISSIONS"
        )
    rows, unknown = rows_of(roster, found) if roster else ({}, {})
    notes: list[str] = []
    missing = [
        f"{entry.grade.student}: {entry.grade.assignment} was not graded (grader error)" for entry in found if _failed(entry)
    ]
    if form == "gradescope":
        _print_results(found, to or Path("gradescope"), course.config.gradescope.hidden)
    elif form == "canvas":
        assert roster is not None
        text, notes = canvas_table(roster, _columns(assignments, found), found, rows, raw)
        missing += [f"{student}: {why}, so no score is written" for student, why in unknown.items()]
        _write(to, text)
    elif form == "csv":
        people = People(roster, rows)
        _write(to, wide_table(found, people) if wide else long_table(found, people))
        notes = [f"{student}: {why}; written without a name" for student, why in unknown.items()]
    else:
        _write(to, "".join(json_line(line(entry)) + "\n" for entry in found))
    err = console(stderr=True)
    for note in (*notes, *missing):
        err.print(one_line(note, 500), markup=False, soft_wrap=True)
    return 1 if missing else 0


def _refuse(form: str, given: dict[str, bool]) -> None:
    if form not in FORMATS:
        raise UsageError(f"--format {form} is not known; it is {', '.join(FORMATS)}.")
    for option, formats in _OPTIONS.items():
        if given[option] and form not in formats:
            raise UsageError(f"{option} belongs to --format {' or '.join(formats)}, not to {form}.")


def _failed(entry: Entry) -> bool:
    return entry.grade.score is None


def _columns(assignments: Sequence[Assignment], found: Sequence[Entry]) -> list[Column]:
    """The assignments that have a record, with what they are worth by it."""
    worth = {entry.grade.assignment: entry.grade.max_score for entry in found}
    return [
        Column(
            assignment.name,
            tuple(dict.fromkeys((assignment.title, assignment.name))),
            worth[assignment.name],
            str(assignment.config.canvas),
        )
        for assignment in assignments
        if assignment.name in worth
    ]


def _print_results(found: Sequence[Entry], to: Path, hidden: Visibility) -> None:
    """`<to>/<topic>/<student>/results.json` for everybody who has a score."""
    count = 0
    for entry in found:
        if not _failed(entry):
            place = to / entry.grade.assignment / folder_name(entry.grade.student) / gradescope.FILE
            _write(place, gradescope.encode(gradescope.results(entry.grade, hidden, _extra(entry))).decode())
            count += 1
    print(f"{to}: {gradescope.FILE} of {count} submissions")


def _extra(entry: Entry) -> dict[str, Any]:
    told = line(entry)
    return {key: told[key] for key in ("student", "attempt", "attempts", "late") if key in told}


def _autograders(course: Course, assignments: Sequence[Assignment], to: Path) -> int:
    from grader.integrations.gradescope.autograder import autograder_zip

    for assignment in assignments:
        path = to / f"autograder_{assignment.name}.zip"
        _write(path, autograder_zip(course, assignment))
        print(f"{path}: upload it as the autograder of {assignment.title}")
    print("it holds the reference and the course's secret: give it to Gradescope, never to students")
    return 0


def _write(to: Path | None, content: str | bytes) -> None:
    """Write a file as a whole, or to stdout."""
    data = content.encode() if isinstance(content, str) else content
    if to is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        return
    if to.is_dir():
        raise UsageError(f"{to} is a folder. Give --to the file that is to be written.")
    whole = to.with_name(f".{to.name}.{os.getpid()}")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        whole.write_bytes(data)
        whole.replace(to)
    except OSError as error:
        with suppress(OSError):
            whole.unlink()
        raise UsageError(f"{to} cannot be written: {error.strerror}. Choose another place with --to.") from error
