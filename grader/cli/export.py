"""`grader export`: from records to gradebooks."""

import sys
from collections.abc import Sequence, Set
from pathlib import Path

from grader import atomic
from grader.course.folder import Course, find_course
from grader.errors import UsageError
from grader.feedback.terminal import console
from grader.gradebook.entries import entries
from grader.gradebook.lateness import late_policy
from grader.gradebook.roster import Roster, read_roster
from grader.gradebook.store import open_store
from grader.integrations.class_list import rows_of
from grader.integrations.formats import Exported, ExportFormat, Scores
from grader.integrations.registry import EXPORTS, options
from grader.text.escape import one_line


def export_scores(
    topics: Sequence[str],
    form: str,
    to: Path | None,
    roster_file: Path | None,
    out: Path,
    course_folder: Path | None,
    **given: bool,
) -> int:
    """Write the scores of a class in the format `form`; returns the exit code: 1 when somebody's score is missing in it.

    Args:
        given: whether each option of a single format was given.
    """
    asked = {name for name, is_given in given.items() if is_given}
    chosen = _format(form, asked, roster_file)
    course = find_course(Path.cwd(), course_folder)
    assignments = course.select(topics)
    for option in chosen.options:
        if option.name in asked and option.instead:
            _write(chosen, option.instead(course, assignments), to)
            return 0
    if to and roster_file and to.exists() and roster_file.exists() and to.samefile(roster_file):
        raise UsageError(f"{to} is the roster itself. Write to another file, so that it stays as your gradebook exported it.")
    if chosen.needs_roster and roster_file is None:
        raise UsageError(chosen.needs_roster)
    roster = read_roster(roster_file) if roster_file else None
    scores = _scores(course, topics, roster, out)
    made = chosen.write(scores, asked)
    _write(chosen, made, to)
    missing = [
        *(
            f"{entry.grade.student}: {entry.grade.assignment} was not graded (grader error)"
            for entry in scores.entries
            if entry.grade.score is None
        ),
        *made.missing,
    ]
    err = console(stderr=True)
    for note in (*made.notes, *missing):
        err.print(one_line(note, 500), markup=False, soft_wrap=True)
    return 1 if missing else 0


def _format(name: str, asked: Set[str], roster_file: Path | None) -> ExportFormat:
    """The format of that name, for which every option is that was given."""
    chosen = next((form for form in EXPORTS if form.name == name), None)
    if chosen is None:
        raise UsageError(f"--format {name} is not known; it is {', '.join(form.name for form in EXPORTS)}.")
    owners = {option: forms for option, (_, forms) in options().items() if option in asked}
    if roster_file:
        owners["roster"] = tuple(form.name for form in EXPORTS if form.roster)
    for option, forms in owners.items():
        if name not in forms:
            raise UsageError(f"--{option} belongs to --format {' or '.join(forms)}, not to {name}.")
    return chosen


def _scores(course: Course, topics: Sequence[str], roster: Roster | None, out: Path) -> Scores:
    """What counts of every student, and where they stand in the class list."""
    assignments = course.select(topics)
    with open_store(out, write=False) as store:
        found = list(entries(store, late_policy(course.config), [assignment.name for assignment in assignments]))
        held = store.assignments()
    if not found:
        asked = ", ".join(topics) or "this course"
        raise UsageError(
            f"{out} has no records of {asked}; it has {', '.join(held) or 'none'}. Grade first: grader grade SUBMISSIONS"
        )
    rows, unknown = rows_of(roster, found) if roster else ({}, {})
    return Scores(course, assignments, found, roster, rows, unknown)


def _write(form: ExportFormat, made: Exported, to: Path | None) -> None:
    if form.folder:
        folder = to or Path(form.folder)
        for name, data in made.files:
            _file(folder / name, data)
        for line in made.messages:
            print(line.replace("{to}", str(folder)))
    elif to:
        _file(to, made.text.encode())
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.text.encode())


def _file(to: Path, data: bytes) -> None:
    """Write a file as a whole."""
    if to.is_dir():
        raise UsageError(f"{to} is a folder. Give --to the file that is to be written.")
    try:
        atomic.write(to, data)
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror}. Choose another place with --to.") from error
