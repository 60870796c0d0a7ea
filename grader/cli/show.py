"""`grader show`: what the records hold of a class, a student, or one attempt. Nothing is graded again."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from grader.cli.of_records import prepared, tell_damage
from grader.cli.options import (
    CourseOption,
    JsonOption,
    LangOption,
    OutOption,
    RosterOption,
    SectionOption,
    StudentOption,
    Topic,
    TopicOption,
    topic_asked,
)
from grader.course.folder import Course, find_course
from grader.engine.engine import Engine
from grader.engine.record import Record
from grader.errors import UsageError
from grader.feedback.history import attempt_lines, change_lines
from grader.feedback.programs import programs
from grader.feedback.summary import final_text, points
from grader.feedback.terminal import class_table, columns, console, say, student_report
from grader.feedback.view import view_of
from grader.gradebook.chosen import choose
from grader.gradebook.decisions import with_decisions
from grader.gradebook.entries import Entry, line
from grader.gradebook.lateness import LatePolicy, course_policy, lateness
from grader.gradebook.open_store import open_store
from grader.gradebook.roster import read_roster
from grader.gradebook.same_class import refuse_dropped
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.text.escape import json_line, one_line
from grader.text.language import gettext as _
from grader.text.language import marked
from grader.text.near import near


def command(
    student: Annotated[str | None, typer.Argument(metavar="[STUDENT]", help="Default: the whole class.")] = None,
    topic: Topic = None,
    of: TopicOption = None,
    attempt: Annotated[
        int | None, typer.Option("--attempt", "-a", metavar="N", min=1, help="This attempt (default: the one that counts).")
    ] = None,
    show_call: Annotated[bool, typer.Option("--show-call", help="Print each call that shows a mistake as a program.")] = False,
    roster: RosterOption = None,
    only: StudentOption = None,
    section: SectionOption = "",
    out: OutOption = Path("results"),
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Show the class, a student, or every check of one submission. It is read from the records: nothing is graded.

    Example: grader show elena conv
    """
    topic = topic_asked(topic, of)
    if (student is None or topic is None) and (attempt or show_call):
        raise UsageError(f"{'--attempt' if attempt else '--show-call'} is about one submission: grader show STUDENT TOPIC.")
    if student is not None and (only or section):
        raise UsageError("--student and --section choose rows of the class table; leave STUDENT out.")
    found = find_course(Path.cwd(), course)
    policy = course_policy(found)
    people = read_roster(roster) if roster else None
    with open_store(out, write=False) as store:
        chosen = [one.name for one in found.select([topic] if topic else ())]
        if student is not None:
            _require(student, store, out, found)
        if student is None or topic is None:
            entries = list(Term(store, policy).entries(chosen, [student] if student else ()))
            some = choose((entry.grade.student for entry in entries), only or (), section, people)
            _print([entry for entry in entries if entry.grade.student in some.students], json, some.names)
        else:
            _show(found, store, policy, student, topic, attempt, json, show_call)
        tell_damage(store)
    return 0


def _require(student: str, store: Store, out: Path, course: Course) -> None:
    """Raise `UsageError` unless the records have this student."""
    keys = store.keys()
    known = list(dict.fromkeys(name for name, _topic in keys))
    if student not in known and student in {one.name for one in course.assignments}:
        raise UsageError(f"{student} is an assignment, not a student. Its class: grader show -t {student}")
    if student not in known:
        raise UsageError(f"{out} has no records of {student!r}. {near(student, known)}")
    refuse_dropped(store.dropped(), student)


def _print(found: Sequence[Entry], json: bool, names: Mapping[str, str]) -> None:
    if json:
        for one in found:
            print(json_line(line(one)))
    else:
        console().print(class_table(found, names, most=None))


def _show(
    course: Course, store: Store, policy: LatePolicy, student: str, topic: str, number: int | None, json: bool, show_call: bool
) -> None:
    """Print one attempt."""
    counts = Term(store, policy).entry(student, topic)
    if counts is None:
        keys = store.keys()
        handed_in = ", ".join(name for one, name in keys if one == student)
        raise UsageError(f"there are no records of {topic} by {student}; there are {handed_in}.")
    owner = student if number or not counts.by else counts.by
    record = store.record(owner, topic, number or counts.attempt)
    if record is None:
        raise UsageError(f"{student} has no attempt {number} at {topic}; attempts: {counts.attempts}.")
    record = with_decisions(store, record)
    if owner != student:
        say(f"{owner} handed it in for the team {one_line(counts.team, 40)}")
    if json:
        late = lateness(policy, record.grade, record.submitted_at, counts.late.free)
        print(json_line(line(Entry(record.grade, late, record.attempt, counts.attempts))))
        return
    console().print(_report(course, store, policy, record, counts, show_call))


def _report(course: Course, store: Store, policy: LatePolicy, record: Record, counts: Entry, show_call: bool) -> Group:
    """Every check with its points, arrays beside arrays if the rubric is still the one that was run, then the attempts."""
    grade = record.grade
    with Engine(course) as engine:
        ready = prepared(engine, grade.assignment, "expected arrays are not shown", record.student)
    plan, oracle = (ready.plan, ready.oracle) if ready else (None, None)
    if plan is not None and plan.hash != record.plan_hash:
        say("expected arrays are not shown: the rubric's calls changed since this was graded; `grader grade` runs them anew")
        plan = None
    title = f"{one_line(grade.student, 60)} · {grade.assignment}"
    view = view_of(grade, title, plan, record.run if plan else None, oracle=oracle)
    parts: list[Text | Group] = [student_report(view, every_check=True)]
    if show_call and plan is not None:
        parts.append(Text("\n".join(programs(plan, grade, grade.assignment))))
    if record.run.libraries:
        parts.append(Text(f"ran with {', '.join(map(' '.join, record.run.libraries.items()))}", "dim"))
    return Group(*parts, Text(), *_attempts(store, policy, record, counts))


def _attempts(store: Store, policy: LatePolicy, record: Record, counts: Entry) -> list[Text | Group]:
    """When it was handed in and what it counts, for each attempt."""
    table = columns((marked("attempt"), marked("handed in"), marked("time from")), (marked("points"),))
    table.add_column(_("late"))
    table.add_column("")
    for one in attempt_lines(policy, Term(store, policy).decided_attempts(record.student, record.assignment), counts):
        remarks = [_("counts")] if one.counts else []
        remarks += [_("shown here")] if one.number == record.attempt and counts.attempts > 1 else []
        table.add_row(str(one.number), one.handed_in, one.source, one.points, one.late, ", ".join(remarks))
    lines = [
        Text(
            " ".join(filter(None, (one.change, one.exercise and _("in {exercise}").format(exercise=one.exercise))))
            + f": {one.because} ({one.by})"
        )
        for one in change_lines(counts.adjustments)
    ]
    return [
        Group(table),
        *lines,
        *([Text(f"counts: {final_text(counts)} of {points(record.grade.max_score)}", "bold")] if lines else []),
    ]
