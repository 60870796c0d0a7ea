"""Releasing topics into an nbgrader course: source notebook and public files, the configuration, and nbgrader's own release.

    COURSE_DIR/nbgrader_config.py                        merged
    COURSE_DIR/source/<topic>/<topic>.ipynb              replaced; the instructor's own cells stay
    COURSE_DIR/source/<topic>/assignments/…              what `grader.check` needs; nbgrader copies it to students and to autograding
    COURSE_DIR/gradebook.db                              the assignment with its due date, and new cells
    COURSE_DIR/release/<topic>/                          by nbgrader's own generate_assignment

Everything is made in memory and checked before the first byte is written.
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

from grader.course.folder import Assignment, Course
from grader.course.rubric import read_rubric
from grader.errors import RubricError, UsageError
from grader.integrations.nbgrader.cell_points import cell_points
from grader.integrations.nbgrader.course_dir import CONFIG, unreadable_config
from grader.integrations.nbgrader.database import begin, explained
from grader.integrations.nbgrader.release_cells import make_room
from grader.integrations.nbgrader.release_config import merged, own_lists
from grader.integrations.nbgrader.release_notebook import topic_notebook, with_own_cells
from grader.release.public import Files, extras, public_files, solution_in
from grader.release.statement import STATEMENT
from grader.text import atomic
from grader.text.language import SOURCE, spoken

_EXCEPTION = re.compile(r"[\w.]*(Error|Exception)\b: .")


class Release(msgspec.Struct, frozen=True):
    """One topic, ready to be written: the notebook, and the files beside it by place below `source/<topic>`."""

    assignment: Assignment
    notebook: nbformat.NotebookNode
    files: Files


def release_topics(course: Course, assignments: Sequence[Assignment], folder: Path) -> Iterator[str]:
    """Write the topics into the nbgrader course `folder` and release them; yields a line on each step.

    Raises:
        UsageError: a topic or the course folder is not ready; nothing was changed.
    """
    language = spoken()
    config = _config(course, folder, language)
    with _nbgrader(folder) as api:
        sources = {assignment.name: _place(api, api.coursedir.source_directory, assignment.name) for assignment in assignments}
    releases = [_release(course, assignment, sources[assignment.name], language) for assignment in assignments]
    yield _write(folder / CONFIG, config.encode())
    for name in own_lists(config):
        yield f"{CONFIG}: your own c.Autograde.{name} is unchanged; see the comment in the grader's block"
    with _nbgrader(folder) as api:
        yield from _into_gradebook(api, releases)
        for release in releases:
            topic = release.assignment.name
            notebook = sources[topic] / f"{topic}.ipynb"
            yield _write(notebook, (nbformat.writes(release.notebook) + "\n").encode(), _seen_from(folder, notebook))
            for path, content in release.files.items():
                _write(sources[topic] / path, content)
            yield _generate(api, topic, folder)
    name = releases[0].assignment.name
    yield (
        f"Next, in {folder}: `nbgrader validate source/{name}/{name}.ipynb` runs the solution; then give students the folder "
        f"release/{name} (`nbgrader release_assignment {name}`, where there is an exchange). "
        "They need the grader as well: --bundle includes its wheel."
    )


def _release(course: Course, assignment: Assignment, place: Path, language: str) -> Release:
    if "+" in assignment.name:
        raise UsageError(f"{assignment.name}: nbgrader does not allow `+` in the name of an assignment.")
    files = public_files(course, [assignment], None if language == SOURCE else language)
    points, by_hand = cell_points(read_rubric(assignment))
    solution = solution_in(assignment, None if language == SOURCE else language)
    notebook = topic_notebook(solution, assignment.solution, _statement(assignment, files), points, language, by_hand)
    path = place / f"{assignment.name}.ipynb"
    if path.is_file():
        notebook = with_own_cells(notebook, _read(path), path)
    return Release(assignment, notebook, files | extras(assignment, files))


def _statement(assignment: Assignment, files: Files) -> str:
    """The statement as it is released."""
    found = files.get(PurePosixPath("assignments") / assignment.name / STATEMENT)
    if found is None:
        raise RubricError(assignment.folder / "README.md", "", "there is no statement", "write it")
    return found.decode("utf-8")


def _read(path: Path) -> nbformat.NotebookNode:
    try:
        return nbformat.read(path, as_version=4)
    except Exception as error:  # whatever nbformat finds wrong
        problem = " ".join(str(error).split())[:200]
        raise UsageError(
            f"{path} cannot be read as a notebook ({type(error).__name__}: {problem}). Fix it, or remove it to have it rewritten."
        ) from None


def _config(course: Course, folder: Path, language: str) -> str:
    """The new configuration."""
    if not folder.is_dir():
        if folder.exists() or not folder.absolute().parent.is_dir():
            raise UsageError(f"{folder} is not a folder. Give nbgrader's course folder, or create it: mkdir -p {folder}")
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
    path, here = list(sys.path), Path.cwd()
    root = folder.resolve()
    app = NbGrader(log_level=logging.CRITICAL, raise_config_file_errors=True)
    os.chdir(root)  # nbgrader reads the configuration in the working directory
    try:
        try:
            app.initialize([], root=str(root))
        except (Exception, SystemExit) as error:
            raise unreadable_config(folder / CONFIG, error) from None
        if app.coursedir.root != str(root):
            raise UsageError(f"{folder / CONFIG} says that the course is in {app.coursedir.root}. Release into that folder.")
        yield NbGraderAPI(app.coursedir, parent=app)
    finally:
        app.reset()
        os.chdir(here)
        sys.path[:] = path


def _place(api: NbGraderAPI, step: str, topic: str) -> Path:
    """The topic's folder in a `step` of nbgrader's."""
    return Path(os.path.normpath(api.coursedir.format_path(step, student_id=".", assignment_id=topic)))


def _into_gradebook(api: NbGraderAPI, releases: Sequence[Release]) -> Iterator[str]:
    """Enter the assignments with their due dates (which nbgrader keeps in UTC), and new cells."""
    url = api.coursedir.db_url
    with explained(url, "Run the same command again."):
        begin(url)
        with Gradebook(url, api.coursedir.course_id) as gradebook:
            for release in releases:
                name, due = release.assignment.name, release.assignment.config.due
                gradebook.update_or_create_assignment(
                    name, **({"duedate": str(due.astimezone(UTC).replace(tzinfo=None))} if due else {})
                )
                new = make_room(gradebook, name, name, release.notebook)
                if new:
                    yield f"{name}: new in the gradebook, ungraded so far: {', '.join(new)}"


def _generate(api: NbGraderAPI, topic: str, folder: Path) -> str:
    """Release one topic by nbgrader's own generate_assignment."""
    result = api.generate_assignment(topic, force=True, create=True)
    if not result["success"]:
        said = [line.strip() for line in f"{result.get('log', '')}\n{result.get('error', '')}".splitlines()]
        reasons = [line for line in said if _EXCEPTION.match(line)] or ["it does not say why"]
        raise UsageError(f"nbgrader could not release {topic}: {reasons[0]}")
    return f"{topic}: released by nbgrader in {_seen_from(folder, _place(api, api.coursedir.release_directory, topic))}"


def _seen_from(folder: Path, path: Path) -> Path:
    """`path` relative to the caller's `folder`, although `_nbgrader` changes the working directory."""
    root = Path.cwd()
    return folder / path.relative_to(root) if path.is_relative_to(root) else path


def _write(path: Path, content: bytes, shown: Path | None = None) -> str:
    """Write a file unless it is up to date, whole or not at all; returns a line on it, as `shown`."""
    if path.is_file() and path.read_bytes() == content:
        return f"{shown or path} is up to date"
    atomic.write(path, content)
    return f"{shown or path} written"
