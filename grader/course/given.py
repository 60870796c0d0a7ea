"""What a course gives student code along: third-party modules that it may import, modules of its own, and files to read.

    [assignments.regression]
    given = ["helpers.py", "points.csv", "data/images.npz"]      in assignments/regression/

    helpers.py        from helpers import load
    points.csv        open("points.csv"), np.loadtxt("points.csv")

They travel with each submission's text, the course's own version of them: what a student changed in a copy does not count.
"""

import functools
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from types import ModuleType

import msgspec

from grader.course.config import COURSE_FILE
from grader.course.folder import Assignment
from grader.errors import RubricError
from grader.sandbox.given_files import present
from grader.sandbox.offer import top
from grader.sandbox.values import size_text
from grader.text.near import near
from grader.text.syntax import parse

MAX_GIVEN = 16_000_000  # bytes of all files together: they are sent with every submission
importing = (
    threading.RLock()
)  # held while the course's own code finds modules that are not everybody's: threads share `sys.modules`
_NOT_TO_GIVE = ("checks.py", "examples.toml", "known.msgpack")


class Given(msgspec.Struct, frozen=True):
    """What is there beside a submission's own text.

    Attributes:
        modules: third-party ones, as `course.toml` names them.
        helpers: the texts of the course's own modules, by name.
        data: the bytes of files, by the names that student code opens.
    """

    modules: tuple[str, ...] = ()
    helpers: Mapping[str, str] = {}
    data: Mapping[str, bytes] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that student code can read."""
        return tuple(self.data)


NOTHING = Given()


def read_given(assignment: Assignment) -> Given:
    """What the course gives for an assignment.

    Raises:
        RubricError: a file that it names is not there, is not to be given, or is too large.
    """
    helpers: dict[str, str] = {}
    data: dict[str, bytes] = {}
    for name in assignment.config.given:
        path = _place(assignment, name)
        if name.endswith(".py"):
            helpers[name.removesuffix(".py")] = _helper(assignment, name, path)
        else:
            data[name] = path.read_bytes()
    if (size := sum(map(len, (*helpers.values(), *data.values())))) > MAX_GIVEN:
        raise _error(
            assignment, f"are {size_text(size)} together", f"give at most {size_text(MAX_GIVEN)}: they go with every submission"
        )
    return Given(assignment.modules, helpers, data)


def _place(assignment: Assignment, name: str) -> Path:
    """Where a given file lies."""
    if assignment.config.given.count(name) > 1:
        raise _error(assignment, f"names {name!r} twice", "name each file once")
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in name or str(PurePosixPath(name)) != name:
        raise _error(assignment, f"names {name!r}", f'name files below assignments/{assignment.name}, like "data/points.csv"')
    path = assignment.folder / name
    if name in (*_NOT_TO_GIVE, *assignment.stubs):
        raise _error(assignment, f"names {name!r}", "take it out: submissions have their own, or must not read it")
    if not path.is_file():
        files = [one.relative_to(assignment.folder).as_posix() for one in sorted(assignment.folder.rglob("*")) if one.is_file()]
        there = [one for one in files if one not in (*_NOT_TO_GIVE, *assignment.stubs) and "__pycache__" not in one]
        raise _error(assignment, f"names {name!r}, which is not in assignments/{assignment.name}", near(name, there))
    if not path.resolve().is_relative_to(assignment.folder.resolve()):
        raise _error(assignment, f"names {name!r}, a link to another folder", "copy the file there")
    return path


def _helper(assignment: Assignment, name: str, path: Path) -> str:
    """The text of a module that the course gives."""
    module = name.removesuffix(".py")
    if not module.isidentifier():
        raise _error(
            assignment,
            f"names {name!r}",
            "a module lies in the assignment's folder itself, and has the name by which it is imported",
        )
    if module in sys.stdlib_module_names or module in ("numpy", "grader", *map(top, assignment.modules)):
        raise _error(assignment, f"names {name!r}, and {module} is another module", "give it another name")
    try:
        text = path.read_text(encoding="utf-8")
        parse(text)
    except UnicodeDecodeError:
        raise RubricError(path, "", "it is not UTF-8 text", "save it as UTF-8") from None
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise RubricError(path, "", f"line {line}: {getattr(error, 'msg', error)}", "fix the syntax") from None
    return text


def _error(assignment: Assignment, problem: str, advice: str) -> RubricError:
    return RubricError(assignment.root / COURSE_FILE, "", f"given of [assignments.{assignment.name}] {problem}", advice)


@functools.lru_cache(maxsize=32)
def helper_modules(helpers: tuple[tuple[str, str], ...]) -> Mapping[str, ModuleType]:
    """The course's own modules, executed for the trusted process: functions of theirs are arguments there.

    Args:
        helpers: their texts, by name.
    """
    found: dict[str, ModuleType] = {}
    with importing, replaced(name for name, _text in helpers):
        for name, text in helpers:
            found[name] = sys.modules[name] = ModuleType(name)
            exec(compile(text, f"{name}.py", "exec"), vars(found[name]))
    return found


@contextmanager
def beside(assignment: Assignment) -> Iterator[None]:
    """Let the course's own code import the given modules and read the given files, as submissions do."""
    given = read_given(assignment)
    with importing, present(given.data), replaced(given.helpers):
        for name, text in given.helpers.items():
            _execute(assignment, name, text)
        yield


@contextmanager
def replaced(names: Iterable[str]) -> Iterator[None]:
    """Take modules out of `sys.modules`, for others with their names, and put them back afterwards; `importing` is held around it."""
    taken = list(names)
    before = {name: sys.modules.pop(name) for name in taken if name in sys.modules}
    try:
        yield
    finally:
        for name in taken:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def _execute(assignment: Assignment, name: str, text: str) -> None:
    path = assignment.folder / f"{name}.py"
    module = ModuleType(name)
    module.__file__ = f"{name}.py"
    sys.modules[name] = module
    try:
        exec(compile(text, str(path), "exec"), vars(module))
    except Exception as error:
        from grader.course.source import line_in

        raise RubricError(path, "", f"line {line_in(path, error)}: {type(error).__name__}: {error}", "fix that line") from error
