"""A topic into nbgrader's course: its source notebook with the public files beside it, the configuration, and nbgrader's own release.

    COURSE_DIR/nbgrader_config.py                        merged
    COURSE_DIR/source/<topic>/<topic>.ipynb              written anew; cells of the instructor's own stay
    COURSE_DIR/source/<topic>/assignments/…              what `grader.check` needs; nbgrader copies it to students, and to autograding
    COURSE_DIR/gradebook.db                              the assignment with its due date, and new cells
    COURSE_DIR/release/<topic>/                          by nbgrader's own generate_assignment

Everything is made in memory and looked at before the first byte is written.
"""

import logging
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path, PurePosixPath

import msgspec
import nbformat
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.exc import SQLAlchemyError

from grader import atomic
from grader.course.folder import Assignment, Course
from grader.course.rubric import read_rubric
from grader.errors import RubricError, UsageError
from grader.integrations.nbgrader.release_cells import make_room
from grader.integrations.nbgrader.release_config import merged, own_lists
from grader.integrations.nbgrader.release_notebook import topic_notebook, with_own_cells
from grader.release.public import Files, extras, public_files
from grader.text.language import SOURCE, spoken

CONFIG = "nbgrader_config.py"
_EXCEPTION = re.compile(r"[\w.]*(Error|Exception)\b: .")


class Release(msgspec.Struct, frozen=True):
    """One topic, ready to be written: the notebook, and the files beside it by their place below `source/<topic>`."""

    assignment: Assignment
    notebook: nbformat.NotebookNode
    files: Files


def release_topics(course: Course, assignments: Sequence[Assignment], folder: Path) -> Iterator[str]:
    """Write the topics into nbgrader's course `folder` and release them; yields a line on each thing done.

    Raises:
        UsageError: something is not as it should be; what was there is as it was.
    """
    language = spoken()
    config = _config(course, folder, language)
    with _nbgrader(folder) as api:
        sources = {assignment.name: _source_folder(api, assignment) for assignment in assignments}
    releases = [_release(course, assignment, sources[assignment.name], language) for assignment in assignments]
    yield from _write(folder / CONFIG, config.encode())
    for name in own_lists(config):
        yield f"{CONFIG}: your own c.Autograde.{name} is left as it is; see the comment in the grader's block"
    with _nbgrader(folder) as api:
        yield from _into_gradebook(api, releases)
        for release in releases:
            place = sources[release.assignment.name]
            text = nbformat.writes(release.notebook) + "\n"
            notebook = place / f"{release.assignment.name}.ipynb"
            yield from _write(notebook, text.encode(), _seen_from(folder, notebook))
            for path, content in release.files.items():
                for _ in _write(place / path, content):
                    pass
            yield _generate(api, release.assignment.name, folder)
    name = releases[0].assignment.name
    yield (
        f"Next, in {folder}: `nbgrader validate source/{name}/{name}.ipynb` tries the solution; then give students the folder "
        f"release/{name} (`nbgrader release_assignment {name}`, where there is an exchange). "
        "They need the grader, too: its wheel comes with --bundle."
    )


def _release(course: Course, assignment: Assignment, place: Path, language: str) -> Release:
    """Everything of one topic, in memory."""
    if "+" in assignment.name:
        raise UsageError(f"{assignment.name}: nbgrader takes no `+` in the name of an assignment.")
    files = public_files(course, [assignment])
    points = {exercise.name: exercise.points for exercise in read_rubric(assignment).exercises}
    statement = _statement(assignment, files, language)
    solution = assignment.solution.read_text(encoding="utf-8")
    notebook = topic_notebook(solution, assignment.solution, statement, points, language)
    path = place / f"{assignment.name}.ipynb"
    if path.is_file():
        notebook = with_own_cells(notebook, _read(path), path)
    return Release(assignment, notebook, files | extras(assignment, files))


def _statement(assignment: Assignment, files: Files, language: str) -> str:
    """The statement in the language, or else in the source's."""
    place = PurePosixPath("assignments") / assignment.name
    names = ["README.md"] if language == SOURCE else [f"README.{language}.md", "README.md"]
    found = next((files[place / name] for name in names if place / name in files), None)
    if found is None:
        raise RubricError(assignment.folder / "README.md", "", "there is no statement", "write it")
    return found.decode("utf-8")


def _read(path: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # whatever nbformat finds wrong
        problem = " ".join(str(error).split())[:200]
        raise UsageError(
            f"{path} is no notebook that can be read ({type(error).__name__}: {problem}). Mend it, or remove it to have it written anew."
        ) from None


def _config(course: Course, folder: Path, language: str) -> str:
    """The configuration as it will be."""
    if not folder.is_dir():
        if folder.exists() or not folder.absolute().parent.is_dir():
            raise UsageError(f"{folder} is no folder. Give nbgrader's course folder, or make it: mkdir -p {folder}")
        folder.mkdir()
    path = folder / CONFIG
    try:
        text = path.read_bytes().decode("utf-8") if path.is_file() else None
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text at byte {error.start}. Save it as UTF-8.") from None
    return merged(text, course.root, folder, path, language)


@contextmanager
def _nbgrader(folder: Path) -> Iterator[NbGraderAPI]:
    """nbgrader's interface with the course's configuration, as its commands read it."""
    path, here, programs = list(sys.path), Path.cwd(), os.environ.get("PATH", "")
    root = folder.resolve()
    app = NbGrader(log_level=logging.CRITICAL, raise_config_file_errors=True)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{programs}"  # nbgrader calls alembic by its name
    os.chdir(root)  # as for `nbgrader` run in the course's folder, which reads the configuration there
    try:
        try:
            app.initialize([], root=str(root))
        except (Exception, SystemExit) as error:
            raise UsageError(
                f"{folder / CONFIG} cannot be read by nbgrader ({type(error).__name__}: {error}). Mend it first."
            ) from None
        if app.coursedir.root != str(root):
            raise UsageError(f"{folder / CONFIG} says that the course is in {app.coursedir.root}. Release into that folder.")
        yield NbGraderAPI(app.coursedir, parent=app)
    finally:
        app.reset()
        os.chdir(here)
        sys.path[:] = path
        os.environ["PATH"] = programs


def _source_folder(api: NbGraderAPI, assignment: Assignment) -> Path:
    structure = api.coursedir.format_path(api.coursedir.source_directory, student_id=".", assignment_id=assignment.name)
    return Path(os.path.normpath(structure))


def _into_gradebook(api: NbGraderAPI, releases: Sequence[Release]) -> Iterator[str]:
    """The assignments and their due dates, and room for new cells."""
    url = api.coursedir.db_url
    try:
        with Gradebook(url, api.coursedir.course_id) as gradebook:
            for release in releases:
                name = release.assignment.name
                due = _due(release.assignment)
                gradebook.update_or_create_assignment(name, **({"duedate": due} if due else {}))
                new = make_room(gradebook, name, name, release.notebook)
                if new:
                    yield f"{name}: new in the gradebook, ungraded so far: {', '.join(new)}"
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        if "locked" in reason:
            text = (
                "another program is writing to it (formgrader, nbgrader autograde?). Wait for it or close it, and run this again."
            )
        elif "no such" in reason:
            text = "an older nbgrader made it. Copy the file to a safe place, and run in the course's folder: nbgrader db upgrade"
        else:
            text = "is it nbgrader's gradebook, and may you write to it?"
        raise UsageError(f"the gradebook {url} cannot be used ({reason}): {text}") from None


def _due(assignment: Assignment) -> str | None:
    """The due date as nbgrader reads it, in UTC."""
    due = assignment.config.due
    return str(due.astimezone(UTC).replace(tzinfo=None)) if due else None


def _generate(api: NbGraderAPI, topic: str, folder: Path) -> str:
    """nbgrader's own release of one topic."""
    result = api.generate_assignment(topic, force=True, create=True)
    if not result["success"]:
        said = [line.strip() for line in f"{result.get('log', '')}\n{result.get('error', '')}".splitlines()]
        reasons = [line for line in said if _EXCEPTION.match(line)] or ["it does not say why"]
        raise UsageError(f"nbgrader could not release {topic}: {reasons[0]}")
    place = api.coursedir.format_path(api.coursedir.release_directory, student_id=".", assignment_id=topic)
    return f"{topic}: released by nbgrader in {_seen_from(folder, Path(os.path.normpath(place)))}"


def _seen_from(folder: Path, path: Path) -> Path:
    """`path` as the caller would write it, who named the course `folder`; meanwhile the working directory is another one."""
    root = Path.cwd()  # see `_nbgrader`
    return folder / path.relative_to(root) if path.is_relative_to(root) else path


def _write(path: Path, content: bytes, shown: Path | None = None) -> Iterator[str]:
    """Write a file unless it is so already; whole, or not at all. It is called `shown` in what is said."""
    if path.is_file() and path.read_bytes() == content:
        yield f"{shown or path} is up to date"
        return
    atomic.write(path, content)
    yield f"{shown or path} written"
