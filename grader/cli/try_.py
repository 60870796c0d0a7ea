"""`grader try`: one file as its student would see it checked, and as its instructor would see it graded. Nothing is recorded."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group
from rich.text import Text

from grader.cli.options import CourseOption, JsonOption, LangOption
from grader.course.folder import SECRET_FILE, Assignment, find_course, read_course
from grader.engine.engine import Engine
from grader.engine.lockdown import require_lockdown
from grader.errors import UsageError
from grader.feedback.summary import points, what_happened
from grader.feedback.terminal import console, student_report
from grader.feedback.view import view_of
from grader.judge.verdicts import Grade
from grader.release.public import public_files
from grader.submissions.files import NOTEBOOK
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.own_work import read_file
from grader.text.escape import json_line
from grader.text.language import gettext as _


def command(
    topic: Annotated[str, typer.Argument(metavar="TOPIC", help="An assignment of the course.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A filled stub or notebook, whatever its name.")],
    allow_weak_sandbox: Annotated[
        bool, typer.Option("--allow-weak-sandbox", help="Grade it even where student code cannot be locked down.")
    ] = False,
    course: CourseOption = None,
    json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """See one file as a student does, then as you do. Nothing is recorded.

    First what `grader check` says of it in the course as students get it, without the reference; below, every check with its points, as
    `grader grade` would record it.

    Example: grader try conv examples/class/bruno/conv/conv.py
    """
    found = find_course(Path.cwd(), course)
    assignment = found.assignment(topic)
    if not file.is_file():
        raise UsageError(f"{file} is not there. Give a file that a student could hand in: grader try {topic} FILE.")
    if not allow_weak_sandbox:
        require_lockdown("--allow-weak-sandbox grades it all the same.")
    with tempfile.TemporaryDirectory() as folder:
        for path, content in public_files(found, [assignment]).items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        with Engine(read_course(Path(folder)), self_check=True) as engine:
            checked, seen = _graded(engine, assignment, file)
    has_secret = (found.root / SECRET_FILE).is_file()  # grading a class makes one, and this leaves nothing behind
    with Engine(found, weak=allow_weak_sandbox, self_check=not has_secret) as engine:
        graded, told = _graded(engine, assignment, file, every_check=True)
    if json:
        print(json_line({"student": checked, "instructor": graded}))
    else:
        out = console()
        out.print(Text("What the student sees: grader check\n", "bold"), seen, sep="\n")
        out.print(Text("\nWhat you see: grader grade, every check\n", "bold"), told, sep="\n")
        out.print(Text(f"\nIn the class's table: {points(graded.score)} / {points(graded.max_score)}  {what_happened(graded)}"))
    return 3 if "grader_error" in (checked.status, graded.status) else 0


def _graded(engine: Engine, assignment: Assignment, file: Path, every_check: bool = False) -> tuple[Grade, Group]:
    """The grade of a file in the engine's course, and how it is shown there."""
    scaffold = read_scaffold(assignment) if file.suffix == NOTEBOOK else None
    submission = read_file(file, assignment.name, scaffold, reader=engine.reader)
    ready = engine.prepare(assignment.name).own(submission.student)
    record = engine.grade(submission, ready)
    title = f"{assignment.name} · {_(assignment.title)}"
    return record.grade, student_report(view_of(record.grade, title, ready.plan, record.run), every_check)
