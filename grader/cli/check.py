"""`grader check`: a student's self-check. It should start fast: imports are where they are needed."""

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.options import CourseOption, Form, JsonOption, LangOption
from grader.errors import UsageError
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.near import near

if TYPE_CHECKING:
    from grader.cli.show_check import Shown
    from grader.course.folder import Assignment, Course
    from grader.engine import Engine
    from grader.engine.self_check import Work


def command(
    context: typer.Context,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[TOPIC|EXERCISE|FILE]",
            help="A topic or an exercise; or your file, notebook, folder or zip (default: what you saved last).",
        ),
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", "-t", metavar="TOPIC", help="The topic that FILE is for.")] = None,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", metavar="NAME", help="Only this exercise.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Check every topic of the course.")] = False,
    show_call: Annotated[
        bool, typer.Option("--show-call", help="Print each call that shows a mistake as a program, to be pasted and tried.")
    ] = False,
    student: Annotated[
        str | None,
        typer.Option("--student", metavar="ID", help="Your id in the course, where inputs are drawn for each student; kept."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever the file is saved.")] = False,
    beep: Annotated[bool, typer.Option("--beep", help="With --watch: beep when a result is ready.")] = False,
    html: Annotated[bool, typer.Option("--html", help="Show the result as a page in the browser.")] = False,
    form: Annotated[
        Form, typer.Option("--format", metavar="FORMAT", help="text, json, or github: annotations of GitHub Actions.")
    ] = "text",
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Check your own work.

    Example: grader check conv --exercise conv2d --watch

    Example: grader check
    """
    from grader.cli.show_check import Shown
    from grader.engine import Engine

    if json and form == "github":
        raise UsageError(_("--json and --format github are two formats. Give one."))
    shown = Shown("json" if json else form, html, show_call, beep)
    if shown.form != "text" and (html or show_call):
        raise UsageError(_("--html and --show-call need the report in text."))
    found = course_of(target, course)
    if student is not None:
        student = student.strip()
        found.remember(student)
    warm = context.obj  # a sandbox that is warming up already
    with Engine(found, self_check=True, sandbox=warm, student=student) as engine:
        todo, exercise = _resolve(target, topic, exercise, everything, found, shown)
        return _watched(todo, exercise, engine, shown) if watch else _check_all(todo, exercise, engine, shown)


def _watched(todo: "Sequence[Work]", exercise: str | None, engine: "Engine", shown: "Shown") -> int:
    """Check, and again what was saved, for ever."""
    from grader.cli.followed import Followed
    from grader.cli.watch import saves

    followed = Followed(todo, engine.course)
    for saved in saves(followed.paths):
        try:
            shown.rounds += 1
            _check_all(followed.with_any(saved), exercise, engine, shown)
        except UsageError as error:
            if not saved:
                raise
            print(f"grader: {error}", file=sys.stderr)  # the next version of the file may be better
    raise AssertionError("it is watched for ever")


def _check_all(todo: "Sequence[Work]", exercise: str | None, engine: "Engine", shown: "Shown") -> int:
    """Check and show each; the largest exit code."""
    from grader.engine.self_check import self_check

    gc.freeze()  # what was imported stays
    gc.enable()
    codes = []
    for work in todo:
        checked = self_check(work, engine)
        if checked.plan.is_drawn_for_each:
            shown.say_whose(engine.student)
        codes.append(shown.show(checked, exercise, engine.course, alone=len(todo) == 1))
    shown.end(todo, engine.course)
    return max(codes)


def course_of(target: str | None, given: Path | None) -> "Course":
    """The course that contains the target, else the one of the working directory."""
    from grader.course.config import COURSE_FILE
    from grader.course.folder import find_course

    path = Path(target).resolve() if target and Path(target).exists() else Path.cwd()
    folder = path if path.is_dir() else path.parent
    inside = any((above / COURSE_FILE).is_file() for above in (folder, *folder.parents))
    return find_course(folder if inside else Path.cwd(), given)


def _resolve(
    target: str | None, topic: str | None, exercise: str | None, everything: bool, course: "Course", shown: "Shown"
) -> "tuple[Sequence[Work], str | None]":
    """What to check, and the one exercise to show. Without a target, what has the exercise, else what was saved last."""
    from grader.checks.methods import class_of
    from grader.engine.self_check import stub_work, work_at
    from grader.submissions.own_work import not_there

    if topic is not None:
        topic = course.assignment(topic).name
    if everything and (target or topic or exercise):
        raise UsageError(_("--all is every topic of the course; leave out the topic, or --all."))
    path = Path(target) if target is not None else None
    names = [found.name for found in course.assignments]
    if path is not None:
        work, notes = work_at(path, topic, course)
        for note in notes:
            print(f"grader: {one_line(note)}", file=sys.stderr)
        if work:
            return work, exercise
    if target is None and topic is None and exercise is None and not everything:
        return _saved_last(course, shown), None
    if target is None or target in names:
        if topic and target not in (None, topic):
            raise UsageError(_("two topics were given, {one} and {other}. Give one.").format(one=target, other=topic))
        chosen = [course.assignment(target or topic)] if target or topic else [*course.assignments]  # type: ignore[arg-type]
        having = [found for found in chosen if exercise is None or len(chosen) == 1 or exercise in _exercises(found)]
        if not having:
            known = [name for found in chosen for name in _exercises(found)]
            text = _("no assignment has an exercise '{exercise}'.").format(exercise=exercise)
            raise UsageError(f"{text} {near(str(exercise), known)}")
        return [stub_work(found) for found in having], exercise
    chosen = [course.assignment(topic)] if topic else [*course.assignments]
    having = [found for found in chosen if target in _exercises(found)]
    classes = {class_of(name) for found in chosen for name in _exercises(found)}
    if not having and path is not None and (path.suffix or len(path.parts) > 1) and class_of(path.name) not in classes:
        raise not_there(path)
    if not having:
        text = _("no assignment, exercise or file is called '{name}'.").format(name=target)
        raise UsageError(f"{text} {near(target, [*names, *(name for found in chosen for name in _exercises(found))])}")
    return [stub_work(found) for found in having], exercise or target


def _saved_last(course: "Course", shown: "Shown") -> "Sequence[Work]":
    """What one works on: the file that was saved last; said in the first line."""
    from datetime import datetime

    from grader.engine.self_check import saved_last, work_at

    path = saved_last(course, Path.cwd())
    if path is None:
        topic = next((found.name for found in course.assignments), "TOPIC")
        raise UsageError(_("nothing is written yet. Begin with one: grader check {topic}").format(topic=topic))
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    when = f"{datetime.fromtimestamp(path.stat().st_mtime):%Y-%m-%d %H:%M}"
    text = _("{path}, which you saved last ({when}); others: grader check TOPIC, --all")
    shown.say(text.format(path=one_line(str(path)), when=when))
    return work_at(path, None, course)[0]


def _exercises(assignment: "Assignment") -> list[str]:
    from grader.course.exercise_names import exercise_names

    return exercise_names(assignment)
