"""Checking one's own work: what there is to check, and its grade. `grader check` and the pytest plugin show it, each in its way."""

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.checks.methods import class_of
from grader.course.exercise_names import exercise_names
from grader.course.folder import Assignment, Course
from grader.course.stub import is_hole
from grader.engine.engine import Engine
from grader.errors import RubricError, UsageError
from grader.judge.verdicts import Grade
from grader.plan import Plan
from grader.run import Run
from grader.submissions.archives import is_archive
from grader.submissions.arrange import is_code
from grader.submissions.files import NOTEBOOK, OnDisk, Packed
from grader.submissions.find_class import YOU
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold, without
from grader.submissions.own_work import own_file, own_work
from grader.submissions.read import SubmittedFiles
from grader.text.language import gettext as _
from grader.text.near import near
from grader.text.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Work(msgspec.Struct, frozen=True):
    """What is checked for one assignment.

    Attributes:
        filled: whether it is the course's own stub, filled in place.
        module: the name by which programs that are shown import it.
        place: the file, folder or archive that it was found in.
    """

    assignment: Assignment
    files: SubmittedFiles
    filled: bool
    module: str
    place: Path

    @property
    def paths(self) -> list[Path]:
        """The files on disk, which may be saved again; where nothing can be read, the place itself."""
        origins = [file.origin for file in self.files.needed]
        outer = [origin.archive if isinstance(origin, Packed) else origin for origin in origins]
        return [Path(origin.path) for origin in outer if isinstance(origin, OnDisk)] or [self.place]

    @property
    def main(self) -> Path | None:
        """The file with the exercises, if it lies on disk by itself."""
        own = (*self.assignment.stubs, f"{self.assignment.name}.py", f"{self.assignment.name}{NOTEBOOK}")
        loose = {file.parts[-1]: file.origin for file in self.files.needed if file.parts}
        return next((Path(found.path) for name in own if isinstance(found := loose.get(name), OnDisk)), None)

    @property
    def modules(self) -> dict[str, Path]:
        """The Python files on disk, by the names that outcomes give them."""
        loose = [(file, file.origin) for file in self.files.needed if isinstance(file.origin, OnDisk) and file.parts]
        return {file.parts[-1]: Path(origin.path) for file, origin in loose if origin.path.endswith(".py")}


class SelfCheck(msgspec.Struct, frozen=True):
    """A grade of one's own work, with what was run for it."""

    work: Work
    plan: Plan
    run: Run
    grade: Grade

    def only(self, exercise: str) -> "SelfCheck":
        """The same for one exercise alone.

        Raises:
            UsageError: the assignment has none of that name.
        """
        grade = self.grade
        chosen = tuple(found for found in grade.exercises if found.name == exercise)
        if not chosen and grade.exercises:
            text = _("{assignment} has no exercise '{exercise}'.").format(assignment=grade.assignment, exercise=exercise)
            raise UsageError(f"{text} {near(exercise, [found.name for found in grade.exercises])}")
        score = None if grade.score is None else sum(found.score for found in chosen)
        most = sum(found.max_score for found in chosen)
        return replace(self, grade=replace(grade.with_exercises(chosen), score=score, max_score=most, bonus=0.0))


def self_check(work: Work, engine: Engine) -> SelfCheck:
    """Run and judge one's own work as it is on disk now."""
    ready = engine.prepare(work.assignment.name, filled=work.filled)
    record = engine.grade(work.files.read(), ready)
    return SelfCheck(work, ready.plan, record.run, record.grade)


def stub_work(assignment: Assignment) -> Work:
    """The course's own file, which students fill; its path as it is said from here."""
    here = Path.cwd()
    path = assignment.stub.relative_to(here) if assignment.stub.is_relative_to(here) else assignment.stub
    return _work(assignment, own_file(path, assignment.name, _scaffold(assignment)), path)


def work_at(path: Path, topic: str | None, course: Course) -> tuple[list[Work], list[str]]:
    """The work at a path, and notes; nothing if it is not there, or is a folder without work.

    A folder of the course stands for the stubs below it.

    Args:
        topic: the one that it is for, if that was said.

    Raises:
        UsageError: for which assignment it is cannot be told.
    """
    if not path.exists():
        return [], []
    place = path.resolve()
    own = [found for found in course.assignments if all(stub.resolve().is_relative_to(place) for stub in found.stub_files)]
    if path.is_dir() and own:
        return [stub_work(found) for found in own if topic in (None, found.name)], []
    if path.is_dir() and len(path.parts) == 1 and not any(is_code(one.name) or is_archive(one.name) for one in path.rglob("*")):
        return [], []
    by_name = {found.name: found for found in course.assignments}
    found, notes = own_work(path, list(by_name), lambda names: {name: _scaffold(by_name[name]) for name in names}, topic)
    return [_work(by_name[files.assignment], files, path) for files in found], [note.removeprefix(f"{YOU}: ") for note in notes]


def again(work: Work, course: Course) -> Work:
    """The same work with the files that it has now: a save may import another one. As it was, while nothing of it is there."""
    try:
        found, _notes = work_at(work.place, work.assignment.name, course)
    except UsageError:
        return work
    return next((one for one in found if one.assignment.name == work.assignment.name), work)


def saved_last(course: Course, here: Path) -> Path | None:
    """The file or notebook of a stub's name that was written last, in the course or in `here`; None where none is begun yet."""
    begun = (
        path
        for assignment in course.assignments
        for path in _own_files(assignment, course, here)
        if path.suffix == NOTEBOOK or _is_begun(path, exercise_names(assignment))
    )
    return max(begun, key=lambda path: path.stat().st_mtime_ns, default=None)


def own_files(course: Course, here: Path) -> "Iterator[Path]":
    """The files and notebooks with the names of stubs, in the course and in `here`: what a student works on."""
    for assignment in course.assignments:
        yield from _own_files(assignment, course, here)


def _own_files(assignment: Assignment, course: Course, here: Path) -> "Iterator[Path]":
    for folder in dict.fromkeys((assignment.folder, course.root, here)):
        for name in dict.fromkeys((*assignment.stubs, f"{assignment.name}.py", f"{assignment.name}{NOTEBOOK}")):
            if (folder / name).is_file():
                yield folder / name


def _is_begun(path: Path, names: "Sequence[str]") -> bool:
    """Whether something is written in one of the functions or classes `names`: in a stub as it was released, nothing is."""
    try:
        body = parse(path.read_bytes()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
        return True
    owners = {class_of(name) or name for name in names}
    exercises = [item for item in body if isinstance(item, ast.FunctionDef | ast.ClassDef) and item.name in owners]
    functions = [node for item in exercises for node in ast.walk(item) if isinstance(node, ast.FunctionDef)]
    return not functions or not all(map(is_hole, functions))


def _work(assignment: Assignment, files: SubmittedFiles, path: Path) -> Work:
    is_module = path.is_file() and path.suffix == ".py"
    stubs = [stub for stub in assignment.stub_files if stub.is_file()]
    filled = path.is_file() and any(map(path.samefile, stubs))  # names may differ in their letters
    return Work(assignment, files, filled, path.stem if is_module else assignment.name, path)


def _scaffold(assignment: Assignment) -> Scaffold:
    """What the course gives; of a stub that is filled, or broken, at least the names of the exercises.

    Where only the student's own stub is there, what was written into it is not given: a notebook would be graded by answers that it lacks.
    """
    names = exercise_names(assignment)
    try:
        found = read_scaffold(assignment)
        if not assignment.has_solution:
            found = replace(found, setup=without(found.setup, {class_of(name) or name for name in names}))
    except (RubricError, SyntaxError, ValueError, RecursionError, MemoryError):  # the student's own doing
        found = Scaffold("", ())
    return replace(found, names=tuple(dict.fromkeys((*found.names, *names))))
