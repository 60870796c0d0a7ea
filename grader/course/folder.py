"""A course on disk: where it is, what it contains, and its secret.

course/
  assignments/course.toml     title, order, due dates, weights, late policy
  assignments/<topic>/        the stub, the rubric, the worked examples, the statement
  assignments/locale/         what students read in other languages
  solutions/<topic>.py        by hand (instructors only)
  reference/<topic>.py        the oracle (instructors only)
  course.secret               the seed of the class's inputs; created on first use, never shared
"""

import contextlib
import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from grader.course.config import COURSE_FILE, AssignmentConfig, CourseConfig
from grader.course.read_config import read_config
from grader.errors import RubricError, UsageError
from grader.text import atomic, language, private
from grader.text.language import gettext as _
from grader.text.near import near

CATALOGS = Path("assignments/locale")
SECRET_FILE = "course.secret"
STUDENT_FILE = ".student"  # in a student's copy: their id
MAX_ID = 200
PUBLIC_SEED = "self-check"


class Assignment(msgspec.Struct, frozen=True):
    """Where one topic of a course lives. Paths need not exist: a student's course has no solution and no reference.

    Attributes:
        modules: third-party ones that submissions may import (see `sandbox.offer`): its own, or the course's where it names none.
    """

    name: str
    title: str
    root: Path
    config: AssignmentConfig = AssignmentConfig()
    modules: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """`assignments/<topic>`."""
        return self.root / "assignments" / self.name

    @property
    def stubs(self) -> tuple[str, ...]:
        """The names of the files that students fill."""
        return tuple(self.config.files) or (f"{self.name}.py",)

    @property
    def stub(self) -> Path:
        """The file that students fill, or the first of them."""
        return self.folder / self.stubs[0]

    @property
    def stub_files(self) -> tuple[Path, ...]:
        """The files that students fill."""
        return tuple(self.folder / name for name in self.stubs)

    @property
    def rubric(self) -> Path:
        """`checks.py`."""
        return self.folder / "checks.py"

    @property
    def plots(self) -> Path:
        """`plots.py`: the topic's pictures (see `course.pictures`)."""
        return self.folder / "plots.py"

    @property
    def pictures(self) -> Path:
        """The folder of the statement's pictures, drawn from the solution (see `release.pictures`)."""
        return self.folder / "pictures"

    @property
    def examples(self) -> Path:
        """`examples.toml`."""
        return self.folder / "examples.toml"

    @property
    def known(self) -> Path:
        """What a student's copy knows instead of the code that stays with the instructor (see `judge.known`)."""
        return self.folder / "known.msgpack"

    @property
    def catalogs(self) -> Path:
        """The folder of translations."""
        return self.root / CATALOGS

    @property
    def solution(self) -> Path:
        """The solution with its BEGIN/END SOLUTION markers: a file, or the folder of several (see `several.solution_text`)."""
        return self.root / "solutions" / (self.name if self.config.files else f"{self.name}.py")

    @property
    def solution_files(self) -> tuple[Path, ...]:
        """The files of the solution, one for each file that students fill."""
        return tuple(self.solution / name for name in self.stubs) if self.config.files else (self.solution,)

    @property
    def has_solution(self) -> bool:
        """Whether all of them are there."""
        return all(path.is_file() for path in self.solution_files)

    @property
    def reference(self) -> Path:
        """The oracle."""
        return self.root / "reference" / f"{self.name}.py"

    @property
    def misconceptions(self) -> Path:
        """The misconceptions, as edits of the solution (see `course.misconceptions`); a `.py` next to it has the others."""
        return self.root / "reference" / "misconceptions" / f"{self.name}.toml"

    @property
    def mutants(self) -> Path:
        """Edits of the reference that change nothing, and why (see `grader.prove.mutation`)."""
        return self.root / "reference" / "mutants" / f"{self.name}.toml"

    @property
    def submissions(self) -> Path:
        """`tests/submissions/<topic>`: whole submissions that test the rubric, in folders named by kind."""
        return self.root / "tests" / "submissions" / self.name


class Course(msgspec.Struct, frozen=True):
    """One course folder, and its settings."""

    root: Path
    title: str
    assignments: tuple[Assignment, ...]
    config: CourseConfig = CourseConfig()

    def assignment(self, name: str) -> Assignment:
        """The assignment called `name`; otherwise a `UsageError` says which was meant."""
        for assignment in self.assignments:
            if assignment.name == name:
                return assignment
        known = [found.name for found in self.assignments]
        raise UsageError(_("no assignment is called '{name}'.").format(name=name) + f" {near(name, known)}")

    def select(self, names: Sequence[str]) -> tuple[Assignment, ...]:
        """The assignments called `names`, each once and in the course's order; all of them when `names` is empty."""
        found = {self.assignment(name).name for name in names}
        return tuple(one for one in self.assignments if one.name in found) if names else self.assignments

    @property
    def student(self) -> str:
        """The id of the student who works in this copy of the course, as they said it last; "" if they did not."""
        try:
            return (self.root / STUDENT_FILE).read_text(encoding="utf-8").strip()[:MAX_ID]
        except (OSError, UnicodeError):
            return ""

    def remember(self, student: str) -> None:
        """Keep the id of the student who works in this copy; "" forgets it. Where nothing can be written, nothing is kept."""
        with contextlib.suppress(OSError):
            if student:
                atomic.write(self.root / STUDENT_FILE, student + "\n")
            else:
                (self.root / STUDENT_FILE).unlink(missing_ok=True)

    def secret(self) -> str:
        """The secret seed of the class's inputs, created on first use and readable by its owner only."""
        path = self.root / SECRET_FILE
        try:
            private.narrow(path)
            if secret := path.read_text(encoding="ascii").strip():
                return secret
            raise UsageError(
                f"{path} is empty, so the inputs of the class could be guessed. Restore it, or remove it for a new one."
            )
        except FileNotFoundError:
            pass
        import secrets  # not for `grader check`, which draws its inputs from a public seed

        secret = secrets.token_hex(32)
        try:
            atomic.write(path, secret + "\n", mode=private.MODE, exclusive=True)  # two first runs agree on one
        except FileExistsError:
            return self.secret()
        except OSError as error:
            raise UsageError(
                f"{path} cannot be written ({error.strerror}); it keeps the inputs of a class the same from one run to the next. "
                "Make the course folder writable once."
            ) from None
        return secret


def find_course(start: Path, given: Path | None = None) -> Course:
    """The course at `given`, or the nearest one at or above `start`.

    Raises:
        UsageError: there is none, or its `course.toml` is wrong.
    """
    return read_course(course_root(start, given))


def course_root(start: Path, given: Path | None = None) -> Path:
    """The folder of the course at `given`, or of the nearest one at or above `start`; `UsageError` where there is none."""
    if given is not None:
        if not (given / COURSE_FILE).is_file():
            text = _("{folder} is not a course: {file} is not there. --course takes the folder that holds assignments/.")
            raise UsageError(text.format(folder=given, file=given / COURSE_FILE))
        return given.resolve()
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / COURSE_FILE).is_file():
            return folder
    text = _("no course at or above {folder}: none has {file}. Go into the course's folder, or name it with --course.")
    raise UsageError(text.format(folder=start.resolve(), file=COURSE_FILE))


def read_course(root: Path) -> Course:
    """The course in `root`, its assignments in the order of `course.toml` (the others after them, by name)."""
    path = root / COURSE_FILE
    config = read_config(path)
    known = language.languages(root / CATALOGS)
    if config.language and config.language not in known:
        advice = f"write one of {', '.join(known)}, or add it: grader messages --lang {config.language}"
        raise RubricError(path, "", f"language: there are no texts in {config.language!r}", advice)
    language.settle(root / CATALOGS, config.language)
    language.add_catalog("course", root / CATALOGS)
    found = sorted(rubric.parent.name for rubric in (root / "assignments").glob("*/checks.py"))
    for name in config.order:
        if name not in found:
            problem = f"order names {name!r}, but assignments/{name}/checks.py does not exist"
            raise RubricError(path, "", problem, f"remove it, or write it: grader new topic {name}")
    for name in config.assignments:
        if name not in found:
            advice = f"the assignments are {', '.join(found)}"
            raise RubricError(path, "", f"[assignments.{name}] does not belong to an assignment", advice)
    names = [*config.order, *(name for name in found if name not in config.order)]
    settings = {name: config.assignments.get(name, AssignmentConfig()) for name in names}
    assignments = tuple(
        Assignment(name, found.title or name, root, found, tuple(config.modules if found.modules is None else found.modules))
        for name, found in settings.items()
    )
    return Course(root, config.title or root.name, assignments, config)


def generator(seed: str, *names: str) -> np.random.Generator:
    """The random generator determined by `seed` and the names (assignment, exercise, check)."""
    digest = hashlib.sha256("\0".join((seed, *names)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
