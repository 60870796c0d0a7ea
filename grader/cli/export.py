"""`grader export`: from records to gradebooks."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from grader.cli.format_help import FORMAT, ROSTER, TO, either, with_options_of_formats
from grader.cli.of_records import no_records, tell_damage
from grader.cli.options import (
    CourseOption,
    LangOption,
    OutOption,
    SectionOption,
    StudentOption,
    Topics,
    TopicsOption,
    topics_asked,
)
from grader.cli.write_file import write_file
from grader.course.folder import Course, find_course
from grader.errors import UsageError
from grader.feedback.terminal import say
from grader.gradebook.chosen import choose
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import LatePolicy, course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.roster import Roster, read_roster
from grader.gradebook.term import Term
from grader.gradebook.totals import Total, class_totals, remarks
from grader.integrations.class_list import rows_of
from grader.integrations.formats import TOTAL, Exported, ExportFormat, Scores
from grader.integrations.registry import EXPORTS, options
from grader.text.escape import one_line

STDOUT = Path("-")
MANY = 2000  # scores take more than a second to write


@with_options_of_formats
def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    format_: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=FORMAT)] = "csv",
    to: Annotated[Path | None, typer.Option("--to", metavar="PATH", help=TO)] = None,
    roster: Annotated[Path | None, typer.Option("--roster", "--like", metavar="FILE", help=ROSTER)] = None,
    student: StudentOption = None,
    section: SectionOption = "",
    out: OutOption = Path("results"),
    course: CourseOption = None,
    lang: LangOption = None,
    **options: bool,
) -> int:
    """Write scores for a gradebook.

    The raw score, the late penalty and what is left stand beside each other; --raw says which of them Canvas gets.

    Example: grader export conv --format canvas --roster grades.csv --to for_canvas.csv
    """
    topics = topics_asked(topics, topic)
    asked = {name for name, is_given in options.items() if is_given}
    chosen = _format(format_, asked, None if section else roster)
    found = find_course(Path.cwd(), course)
    instead = [chosen.instead, *(option.instead for option in chosen.options if option.name in asked)]
    for made in filter(None, instead):
        _write(chosen, made(found, found.select(topics)), to)
        return 0
    if to and roster and to.exists() and roster.exists() and to.samefile(roster):
        raise UsageError(f"{to} is the roster itself. Write to another file, so that it stays as your gradebook exported it.")
    if chosen.needs_roster and roster is None:
        raise UsageError(chosen.needs_roster)
    scores = _scores(found, topics, read_roster(roster) if roster else None, out, student or (), section)
    if TOTAL.name in asked:
        for remark in remarks(scores.totals, course_policy(found)):
            say(one_line(remark, 500))
    if len(scores.entries) > MANY:
        say(f"writing {len(scores.entries)} scores …")
    exported = chosen.write(scores, asked)
    _write(chosen, exported, to)
    grades = [entry.grade for entry in scores.entries if not entry.excused]
    missing = [f"{grade.student}: {grade.assignment} was not graded (grader error)" for grade in grades if grade.score is None]
    missing += exported.missing
    for note in (*exported.notes, *undecided_notes(scores.entries), *missing):
        say(one_line(note, 500))
    return 1 if missing else 0


def undecided_notes(entries: Sequence[Entry]) -> list[str]:
    """How many marks are written of which a person has not decided all, by assignment."""
    waiting = Counter(entry.grade.assignment for entry in entries if entry.grade.undecided and not entry.excused)
    return [
        f"{name}: {count} {'mark waits' if count == 1 else 'marks wait'} for a person's decision; `grader review` lists them"
        for name, count in waiting.items()
    ]


def _format(name: str, asked: Set[str], roster: Path | None) -> ExportFormat:
    """The format of that name, which has every option that was given."""
    chosen = next((form for form in EXPORTS if form.name == name), None)
    if chosen is None:
        raise UsageError(f"--format {name} is not known; choose one of {', '.join(form.name for form in EXPORTS)}.")
    owners = {option: forms for option, (_, forms) in options().items() if option in asked}
    if roster:
        owners["roster"] = tuple(form.name for form in EXPORTS if form.roster)
    for option, forms in owners.items():
        if name not in forms:
            raise UsageError(f"--{option} belongs to --format {either(forms)}, not to {name}.")
    return chosen


def _scores(
    course: Course, topics: Sequence[str], roster: Roster | None, out: Path, students: Sequence[str], section: str
) -> Scores:
    """Every student's entry, and their rows in the class list."""
    assignments = course.select(topics)
    policy = course_policy(course)
    with open_store(out, write=False) as store:
        found = list(Term(store, policy).entries([assignment.name for assignment in assignments]))
        held = [] if found else store.assignments()
        tell_damage(store)
    if not found:
        raise no_records(out, topics, held)
    some = choose((entry.grade.student for entry in found), students, section, roster)
    if not some.students:
        raise UsageError(f"{out} has no records of section {section}.")
    found, roster = [entry for entry in found if entry.grade.student in some.students], some.roster
    rows, unknown = rows_of(roster, found) if roster else ({}, {})
    for student, line in policy.groups.lines.items():
        if student in unknown:
            raise UsageError(
                f"{policy.groups.path}, line {line}: {one_line(student, 40)}: {unknown[student]} ({out}, {roster and roster.path})."
            )
    return Scores(course, assignments, found, roster, rows, unknown, _totals(found, policy, roster, rows))


def _totals(entries: Sequence[Entry], policy: LatePolicy, roster: Roster | None, rows: Mapping[str, int]) -> dict[str, Total]:
    """The course totals of everybody; who has two folders, one for each of two assignments, has one total."""
    first = {row: student for student, row in reversed([*rows.items()])}
    one = {student: first[row] for student, row in rows.items()}
    absent = [roster.folder(row) for row in roster.students if row not in first] if roster else []
    own = [
        replace(entry, grade=replace(entry.grade, student=one.get(entry.grade.student, entry.grade.student))) for entry in entries
    ]
    found = class_totals(own, policy, datetime.now(UTC), absent)
    return found | {student: found[same] for student, same in one.items()}


def _write(form: ExportFormat, exported: Exported, to: Path | None) -> None:
    if form.folder:
        if to == STDOUT:
            raise UsageError(f"{form.name} writes a folder, which is not sent to stdout. Give --to the folder.")
        folder = to or Path(form.folder)
        for name, data in exported.files:
            write_file(folder / name, data)
        for line in exported.messages:
            print(line.replace("{to}", str(folder)))
        return
    data = exported.content.encode() if isinstance(exported.content, str) else exported.content
    if to and to != STDOUT:
        write_file(to, data)
    elif isinstance(exported.content, bytes) and sys.stdout.isatty():
        raise UsageError(f"{form.name} is a binary file, which a terminal cannot show. Give --to the file that is to be written.")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
