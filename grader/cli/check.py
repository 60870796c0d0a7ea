"""`grader check`: a student's self-check. It should start fast: imports are where they are needed."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from grader.cli.options import CourseOption, JsonOption, LangOption
from grader.cli.watch import saves
from grader.errors import UsageError
from grader.text.escape import json_line, one_line
from grader.text.language import gettext as _
from grader.text.near import near

if TYPE_CHECKING:
    from grader.course.folder import Assignment, Course
    from grader.engine import Engine
    from grader.judge.verdicts import Grade
    from grader.plan import Plan
    from grader.run import Run
    from grader.submissions.notebook.scaffold import Scaffold
    from grader.submissions.read import SubmittedFiles


class Work(NamedTuple):
    """What is checked for one assignment."""

    assignment: "Assignment"
    files: "SubmittedFiles"
    filled: bool  # whether it is the course's own stub, filled in place
    module: str  # by which programs that are shown import it

    @property
    def paths(self) -> list[Path]:
        """The files on disk, which may be saved again."""
        from grader.submissions.files import OnDisk, Packed

        origins = [file.origin for file in self.files.needed]
        outer = [origin.archive if isinstance(origin, Packed) else origin for origin in origins]
        return [Path(origin.path) for origin in outer if isinstance(origin, OnDisk)]


def command(
    context: typer.Context,
    target: Annotated[
        str | None,
        typer.Argument(metavar="[TOPIC|EXERCISE|FILE]", help="A topic or an exercise; or your file, notebook, folder or zip."),
    ] = None,
    topic: Annotated[str | None, typer.Option("--topic", "-t", metavar="TOPIC", help="The topic that FILE is for.")] = None,
    exercise: Annotated[str | None, typer.Option("--exercise", "-e", metavar="NAME", help="Only this exercise.")] = None,
    show_call: Annotated[
        bool, typer.Option("--show-call", help="Print each call that shows a mistake as a program, to be pasted and tried.")
    ] = False,
    student: Annotated[
        str | None,
        typer.Option("--student", metavar="ID", help="Your id in the course, where inputs are drawn for each student; kept."),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Check again whenever the file is saved.")] = False,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """Check your own work.

    Example: grader check conv --exercise conv2d --watch
    """
    from grader.engine import Engine

    found = course_of(target, course)
    if student is not None:
        student = student.strip()
        found.remember(student)
    warm = context.obj  # a sandbox that is warming up already
    with Engine(found, self_check=True, sandbox=warm, student=student) as engine:
        todo, exercise = _resolve(target, topic, exercise, found)
        if not watch:
            return _check_all(todo, exercise, engine, json, show_call)
        for again in saves(lambda: [path for work in todo for path in work.paths]):
            try:
                _check_all(todo, exercise, engine, json, show_call, again)
            except UsageError as error:
                if not again:
                    raise
                print(f"grader: {error}", file=sys.stderr)  # the next version of the file may be better
    raise AssertionError("it is watched for ever")


def course_of(target: str | None, given: Path | None) -> "Course":
    """The course that contains the target, else the one of the working directory."""
    from grader.course.config import COURSE_FILE
    from grader.course.folder import find_course

    path = Path(target).resolve() if target and Path(target).exists() else Path.cwd()
    folder = path if path.is_dir() else path.parent
    inside = any((above / COURSE_FILE).is_file() for above in (folder, *folder.parents))
    return find_course(folder if inside else Path.cwd(), given)


def _resolve(target: str | None, topic: str | None, exercise: str | None, course: "Course") -> tuple[list[Work], str | None]:
    """What to check, and the one exercise to show. Without a target, all of the course, or what has the exercise."""
    if topic is not None:
        topic = course.assignment(topic).name
    path = Path(target) if target is not None else None
    names = [found.name for found in course.assignments]
    if path is not None and (work := work_at(path, topic, course)):
        return work, exercise
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
    if path is not None and (path.suffix or len(path.parts) > 1):
        raise UsageError(_("{path} is not there. Give a .py file, a notebook, a folder, a zip, or a topic.").format(path=path))
    chosen = [course.assignment(topic)] if topic else [*course.assignments]
    having = [found for found in chosen if target in _exercises(found)]
    if not having:
        text = _("no assignment, exercise or file is called '{name}'.").format(name=target)
        raise UsageError(f"{text} {near(target, [*names, *(name for found in chosen for name in _exercises(found))])}")
    return [stub_work(found) for found in having], exercise or target


def work_at(path: Path, topic: str | None, course: "Course") -> list[Work]:
    """The work at a path; nothing if the path is not there, or is a folder of the course, which stands for what is below it."""
    from grader.submissions.archives import is_archive
    from grader.submissions.arrange import is_code
    from grader.submissions.find_class import YOU
    from grader.submissions.own_work import own_work

    if not path.exists():
        return []
    place = path.resolve()
    own = [found for found in course.assignments if all(stub.resolve().is_relative_to(place) for stub in found.stub_files)]
    if path.is_dir() and own:
        return [stub_work(found) for found in own if topic in (None, found.name)]
    if path.is_dir() and len(path.parts) == 1 and not any(is_code(one.name) or is_archive(one.name) for one in path.rglob("*")):
        return []
    by_name = {found.name: found for found in course.assignments}
    found, notes = own_work(path, list(by_name), lambda names: {name: _scaffold(by_name[name]) for name in names}, topic)
    for note in notes:
        print(f"grader: {one_line(note.removeprefix(f'{YOU}: '))}", file=sys.stderr)
    return [_work(by_name[files.assignment], files, path) for files in found]


def _work(assignment: "Assignment", files: "SubmittedFiles", path: Path) -> Work:
    is_module = path.is_file() and path.suffix == ".py"
    filled = path.resolve() in [stub.resolve() for stub in assignment.stub_files]
    return Work(assignment, files, filled, path.stem if is_module else assignment.name)


def stub_work(assignment: "Assignment") -> Work:
    """The course's own file, which students fill."""
    from grader.submissions.own_work import own_file

    here = Path.cwd()
    path = assignment.stub.relative_to(here) if assignment.stub.is_relative_to(here) else assignment.stub
    return _work(assignment, own_file(path, assignment.name, _scaffold(assignment)), path)


def _scaffold(assignment: "Assignment") -> "Scaffold":
    """What the course gives; of a stub that is filled, or broken, at least the names of the exercises."""
    from msgspec.structs import replace

    from grader.errors import RubricError
    from grader.submissions.notebook.scaffold import Scaffold, read_scaffold

    try:
        found = read_scaffold(assignment)
    except (RubricError, SyntaxError, ValueError, RecursionError, MemoryError):  # the student's own doing
        found = Scaffold("", ())
    return replace(found, names=tuple(dict.fromkeys((*found.names, *_exercises(assignment)))))


def _exercises(assignment: "Assignment") -> list[str]:
    from grader.course.exercise_names import exercise_names

    return exercise_names(assignment)


def _check_all(
    todo: Sequence[Work],
    exercise: str | None,
    engine: "Engine",
    json: bool,
    show_call: bool,
    again: bool = False,
) -> int:
    """Check and print each; `again`: clear what was printed before."""
    codes = []
    for place, work in enumerate(todo):
        plan, run, grade = _graded(work, exercise, engine)
        if again and not place and not json:
            print("\033[2J\033[H" if sys.stdout.isatty() else "─" * 40)
        codes.append(_show(work.assignment, plan, run, grade, json))
        if show_call and not json:
            from grader.feedback.programs import programs

            print("\n".join(programs(plan, grade, work.module)))
    return max(codes)


def _say_whose(student: str) -> None:
    """Whose inputs are checked, where these are drawn for each student."""
    known = _("the inputs are those of {student}; another id: --student ID").format(student=one_line(student, 60))
    unknown = _("the inputs are drawn for each student: say who you are, with grader check --student ID, to check with your own")
    print(f"grader: {known if student else unknown}", file=sys.stderr)


def _graded(work: Work, exercise: str | None, engine: "Engine") -> "tuple[Plan, Run, Grade]":
    import msgspec

    name = work.assignment.name
    ready = engine.prepare(name, filled=work.filled)
    if ready.plan.is_drawn_for_each:
        _say_whose(engine.student)
    record = engine.grade(work.files.read(), ready)
    grade = record.grade
    if exercise:
        chosen = tuple(found for found in grade.exercises if found.name == exercise)
        if not chosen and grade.exercises:
            text = _("{assignment} has no exercise '{exercise}'.").format(assignment=name, exercise=exercise)
            raise UsageError(f"{text} {near(exercise, [found.name for found in grade.exercises])}")
        score = None if grade.score is None else sum(found.score for found in chosen)
        grade = msgspec.structs.replace(
            grade.with_exercises(chosen), score=score, max_score=sum(found.max_score for found in chosen), bonus=0.0
        )
    return ready.plan, record.run, grade


def _show(assignment: "Assignment", plan: "Plan", run: "Run", grade: "Grade", json: bool) -> int:
    """Print the grade; returns the exit code."""
    from grader.feedback.summary import is_wrong
    from grader.feedback.terminal import console, student_report
    from grader.feedback.view import view_of

    if json:
        print(json_line(grade), flush=True)
    else:
        console().print(student_report(view_of(grade, f"{assignment.name} · {_(assignment.title)}", plan, run)))
    if grade.status == "grader_error":
        return 3
    return 1 if not grade.judged or any(map(is_wrong, grade.exercises)) else 0
