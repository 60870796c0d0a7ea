"""`grader check`: a student's self-check. It should start fast: imports are where they are needed."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from grader.cli.options import CourseOption, JsonOption, LangOption
from grader.cli.watch import saves
from grader.errors import UsageError
from grader.text.escape import json_line
from grader.text.language import gettext as _

if TYPE_CHECKING:
    from grader.course.folder import Assignment, Course
    from grader.engine import Engine
    from grader.judge.verdicts import Grade
    from grader.plan import Plan
    from grader.run import Run


def command(
    context: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar="[TOPIC|FILE]", help="A topic of the course, or a file that you filled.")
    ] = None,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", help="Only this exercise.")] = None,
    show_call: Annotated[
        bool, typer.Option("--show-call", help="Print each call that shows a mistake as a program, to be pasted and tried.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever the file is saved.")] = False,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Check your own work.

    Example: grader check conv --exercise conv2d --watch
    """
    from grader.engine import Engine

    found = _course_of(target, course)
    with Engine(found, self_check=True, sandbox=context.obj) as engine:  # a sandbox that is warming up already
        todo = _resolve(target, exercise, found)
        if not watch:
            return _check_all(todo, exercise, engine, json, show_call)
        for again in saves(lambda: [file for _, file in todo]):
            try:
                _check_all(todo, exercise, engine, json, show_call, again)
            except UsageError as error:
                if not again:
                    raise
                print(f"grader: {error}", file=sys.stderr)  # the next version of the file may be better
    raise AssertionError("it is watched for ever")


def _course_of(target: str | None, given: Path | None) -> "Course":
    """The course that contains the target file, else the one of the working directory."""
    from grader.course.config import COURSE_FILE
    from grader.course.folder import find_course

    folder = Path(target).resolve().parent if target and Path(target).is_file() else Path.cwd()
    inside = any((above / COURSE_FILE).is_file() for above in (folder, *folder.parents))
    return find_course(folder if inside else Path.cwd(), given)


def _resolve(target: str | None, exercise: str | None, course: "Course") -> list[tuple["Assignment", Path]]:
    """Assignments and the file to check for each: without a target, all of them, or the one with the exercise."""
    if target is None:
        found = [(found, found.stub) for found in course.assignments if exercise is None or _has(found, exercise)]
        if not found:
            raise UsageError(_("no assignment has an exercise '{exercise}'. `grader list` shows them.").format(exercise=exercise))
        return found
    path = Path(target)
    if path.suffix not in (".py", ".ipynb") and not path.is_file():
        assignment = course.assignment(path.resolve().name if path.is_dir() else target)
        return [(assignment, assignment.stub)]
    names = {assignment.name for assignment in course.assignments}
    name = next((name for name in (path.stem, path.resolve().parent.name) if name in names), None)
    if name is None:
        raise UsageError(
            _("{path} belongs to no assignment: its name should be one of {names}.").format(
                path=path, names=", ".join(f"{name}.py" for name in sorted(names))
            )
        )
    return [(course.assignment(name), path)]


def _has(assignment: "Assignment", exercise: str) -> bool:
    from grader.course.rubric import read_rubric

    return any(found.name == exercise for found in read_rubric(assignment, filled=True).exercises)


def _check_all(
    todo: Sequence[tuple["Assignment", Path]],
    exercise: str | None,
    engine: "Engine",
    json: bool,
    show_call: bool,
    again: bool = False,
) -> int:
    """Check and print each; `again`: clear what was printed before."""
    codes = []
    for place, (assignment, file) in enumerate(todo):
        plan, run, grade = _graded(assignment, file, exercise, engine)
        if again and not place and not json:
            print("\033[2J\033[H" if sys.stdout.isatty() else "─" * 40)
        codes.append(_show(assignment, plan, run, grade, json))
        if show_call and not json:
            from grader.feedback.programs import programs

            print("\n".join(programs(plan, grade, file.stem)))
    return max(codes)


def _graded(assignment: "Assignment", file: Path, exercise: str | None, engine: "Engine") -> "tuple[Plan, Run, Grade]":
    import msgspec

    from grader.submissions.files import NOTEBOOK
    from grader.submissions.read import read_file

    scaffold = None
    if file.suffix == NOTEBOOK:
        from grader.submissions.notebook.scaffold import read_scaffold

        scaffold = read_scaffold(assignment)
    submission = read_file(file, assignment.name, scaffold)
    filled = file.resolve() == assignment.stub.resolve()
    ready = engine.prepare(assignment.name, filled=filled)
    record = engine.grade(submission, ready)
    grade = record.grade
    if exercise:
        chosen = tuple(found for found in grade.exercises if found.name == exercise)
        if not chosen and grade.exercises:
            names = ", ".join(found.name for found in grade.exercises)
            text = _("{assignment} has no exercise '{exercise}'. It has: {names}.")
            raise UsageError(text.format(assignment=assignment.name, exercise=exercise, names=names))
        score = None if grade.score is None else sum(found.score for found in chosen)
        grade = msgspec.structs.replace(grade, exercises=chosen, score=score, max_score=sum(found.max_score for found in chosen))
    return ready.plan, record.run, grade


def _show(assignment: "Assignment", plan: "Plan", run: "Run", grade: "Grade", json: bool) -> int:
    """Print the grade; returns the exit code."""
    from grader.feedback.summary import lacking
    from grader.feedback.terminal import console, student_report
    from grader.feedback.view import view_of

    if json:
        print(json_line(grade), flush=True)
    else:
        console().print(student_report(view_of(grade, f"{assignment.name} · {_(assignment.title)}", plan, run)))
    if grade.status == "grader_error":
        return 3
    return 1 if not grade.judged or any(lacking(found) for found in grade.exercises) else 0
