"""`grader list`: the assignments of a course, and how far one is with each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Group
from rich.table import Table
from rich.text import Text

from grader.cli.options import CourseOption, JsonOption, LangOption, Topics, TopicsOption, topics_asked
from grader.course.folder import Course, find_course
from grader.course.rubric import Rubric, read_rubric
from grader.engine.last_checks import LastCheck, Marks, last_checks
from grader.feedback.summary import counting_text, points
from grader.feedback.terminal import console
from grader.text.escape import json_line
from grader.text.language import gettext as _
from grader.text.language import ngettext

SOON = 14  # days; a date that is further away is shown without a count of days


def command(
    topics: Topics = None,
    topic: TopicsOption = None,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Assignments and points, and how far you are by your last checks. Of the topics that you name, also the exercises.

    Example: grader list conv
    """
    found = find_course(Path.cwd(), course)
    asked = topics_asked(topics, topic)
    rubrics = [read_rubric(assignment, filled=True) for assignment in found.select(asked)]
    known = last_checks(found.root)
    if json:
        for rubric in rubrics:
            print(json_line(_record(rubric, known.get(rubric.assignment.name))))
        return 0
    console().print(_page(found, rubrics, known, bool(asked)))
    return 0


def _record(rubric: Rubric, last: LastCheck | None) -> dict[str, Any]:
    exercises = [
        {"name": one.name, "title": _(one.title), "max_score": one.points, "counts": one.counts} for one in rubric.exercises
    ]
    line = {"assignment": rubric.assignment.name, "title": _(rubric.assignment.title), "max_score": rubric.points}
    checked = last and {"file": last.file, "current": last.current, "begun": last.begun, **msgspec.structs.asdict(last.marks)}
    return {**line, "due": rubric.assignment.config.due, "last_check": checked, "exercises": exercises}


def _page(course: Course, rubrics: Sequence[Rubric], known: Mapping[str, LastCheck], with_exercises: bool) -> Group:
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for column in ("", "assignment", "points", "title"):
        table.add_column(column, no_wrap=column == "assignment", overflow="fold")
    for rubric in rubrics:
        _rows(table, rubric, known.get(rubric.assignment.name), with_exercises)
    following = next((one.assignment.name for one in rubrics if not _ready(known.get(one.assignment.name))), None)
    parts: list[Text | Table] = [Text(_(course.title), "bold"), table]
    if known and not with_exercises:
        ready = sum(_ready(known.get(one.assignment.name)) for one in rubrics)
        parts.append(Text(_("{n} of {count} ready to hand in").format(n=ready, count=len(rubrics)), "bold"))
    if following and not with_exercises:
        parts.append(Text(_("next: {topic}   grader check {topic}").format(topic=following)))
    return Group(*parts)


def _rows(table: Table, rubric: Rubric, last: LastCheck | None, with_exercises: bool) -> None:
    assignment, due = rubric.assignment, rubric.assignment.config.due
    about = "\n".join(filter(None, (_due(due), *_progress(last))))
    worth, title = points(rubric.points), _(assignment.title)
    table.add_row(
        _sign(last.marks if last and last.begun else None), *(Text(said, "bold") for said in (assignment.name, worth, title))
    )
    if about:
        table.add_row("", "", "", Text(about, "dim"))
    for exercise in rubric.exercises if with_exercises else ():
        marks = last.exercises.get(exercise.name) if last and last.begun else None
        so_far = f"  {_of(marks)}" if marks else ""
        how = counting_text(exercise.counts)
        about_it = Text.assemble(_(exercise.title), f" ({how})" if how else "", (so_far, "dim"))
        table.add_row(_sign(marks), f"  {exercise.name}", points(exercise.points), about_it)


def _sign(marks: Marks | None) -> Text:
    """✓ for what is right as far as it can be checked, ◐ for a part of it, – for nothing yet."""
    if marks is None or (not marks.score and not marks.done):
        return Text("–", "dim")
    return Text("✓", "green") if marks.done else Text("◐", "yellow")


def _ready(last: LastCheck | None) -> bool:
    return last is not None and last.begun and last.marks.done and last.current


def _progress(last: LastCheck | None) -> Iterator[str]:
    if last is None or not last.begun:
        return
    file = Path(last.file).name
    if _ready(last):
        yield _("{score}: ready to hand in, {file}").format(score=_of(last.marks), file=file)
    elif last.current:
        yield _of(last.marks)
    else:
        yield _("{score}, and {file} was changed since: check again").format(score=_of(last.marks), file=file)


def _of(marks: Marks) -> str:
    said = _("{score} of {most}").format(score=points(marks.score), most=points(marks.most))
    return f"{said} " + _("(+{points} on submission)").format(points=points(marks.later)) if marks.later else said


def _due(due: datetime | None) -> str:
    """When it is due; near the date, in how many days."""
    if due is None:
        return ""
    when, days = f"{due:%Y-%m-%d %H:%M}", (due - datetime.now(UTC)).total_seconds() / 86400
    if days < 0:
        return _("was due {when}").format(when=when)
    if days < 1:
        return _("due in less than a day, {when}").format(when=when)
    if days <= SOON:
        return ngettext("due in {n} day, {when}", "due in {n} days, {when}", int(days)).format(n=int(days), when=when)
    return _("due {when}").format(when=when)
