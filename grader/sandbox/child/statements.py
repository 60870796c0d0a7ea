"""Runs a student's file, or the cells of a notebook in one namespace, statement by statement: one rule for both. A file in which none fails
runs as a whole.

    an exception     skips only that statement: `print(f("text"))` above a function does not prevent its definition
    too long         ends the cell, by the CPU clock of the process (SIGXCPU), or the file, when the supervisor says so (OutOfTimeError);
                     its remaining definitions are still executed
    output           of cells is dropped: the student has seen it, and it would hide what the functions print when they are called

A function whose definition failed raises that error again when it is called; who needs a name that a failed statement should have bound is
told so (`UNBOUND`).
"""

import __future__

import ast
import contextlib
import inspect
import io
import sys
import time
import traceback
import types
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import Any, NamedTuple, NoReturn

from grader.sandbox.child.whole_file import compiled, reached, unheard
from grader.sandbox.outcome import OutOfTimeError

_FEATURES = 0
for _name in __future__.all_feature_names:
    _FEATURES |= getattr(__future__, _name).compiler_flag
_MESSAGE = 160
_MOST_FAULTS = 100  # that are kept of one cell or file
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)

UNBOUND: dict[str, str] = {}  # names that a failed statement should have bound → where, and why it failed


class CellNote(UserWarning):
    """A note on a cell: its place, the line, the exception."""


class CellStopped(BaseException):
    """The cell's time is up."""


def run_file(text: str, name: str, space: dict[str, Any]) -> BaseException | None:
    """Run a file's statements in the namespace `space`; returns the first failure, None if there was none.

    Raises:
        BaseException: the text is not Python, or something failed outside of its statements.
    """
    space["__doc__"] = None
    code, failed = compiled(text, name), None
    if code is not None:
        try:
            exec(code, space)
            return None
        except BaseException as error:
            failed = error
    with unheard(code is not None):
        tree = ast.parse(text, name)
    names = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef))
    part = _Part(name, 0, tuple(dict.fromkeys(names)), code.co_flags & _FEATURES if code else 0, is_heard=code is None)
    if code is None or failed is None:
        space["__doc__"] = ast.get_docstring(tree, clean=False)
        part.execute(tree.body, space, None)
    else:
        part.go_on(tree.body, reached(tree.body, code, failed), failed, space)
    _stand_for([fault for fault in part.faults if fault.is_definition], space)
    late = (fault.error for fault in part.faults if isinstance(fault.error, OutOfTimeError))
    return next(late, part.faults[0].error if part.faults else None)


def run_cells(
    space: dict[str, Any], cells: Iterable[tuple[str, str, int, tuple[str, ...]]], cell_seconds: float, all_seconds: float
) -> None:
    """Run `cells` in the namespace `space`: each a name, a text, its place, and the names that it is meant to define."""
    say, warnings.showwarning = warnings.showwarning, lambda *_, **__: None
    sys.modules["__main__"] = sys.modules.get(space["__name__"], sys.modules["__main__"])
    space["__name__"] = "__main__"
    faults: list[_Fault] = []
    flags = 0
    with contextlib.redirect_stdout(_Nowhere()):
        for name, text, place, defines in cells:
            seconds = max(1, min(cell_seconds, all_seconds - time.process_time()))
            cell = _Part(name, place, defines, flags, is_cell=True)
            cell.run(text, space, seconds)
            flags = cell.flags
            faults += cell.faults
    _stand_for(faults, space)
    warnings.showwarning = say
    for fault in faults:
        if fault.told:
            say(f"{fault.place} {fault.line} {type(fault.error).__name__}: {_message(fault.error)}", CellNote, "", 0)


class _Fault(NamedTuple):
    """A failure: where, why, the names left undefined, and whether it is reported."""

    place: int
    line: int
    error: BaseException
    defines: tuple[str, ...]
    is_definition: bool
    told: bool


def _stand_for(faults: "list[_Fault]", space: dict[str, Any]) -> None:
    """Put a function that raises the failure in the place of each that a failure left undefined."""
    for fault in sorted(faults, key=lambda fault: not fault.is_definition):
        for defined in fault.defines:
            space.setdefault(defined, _failing(fault.error, fault.error.__traceback__))


class _Part:
    """A running cell or file: its failures, and the features of `from __future__` in force from now on."""

    def __init__(
        self, name: str, place: int, defines: tuple[str, ...], flags: int, *, is_cell: bool = False, is_heard: bool = True
    ) -> None:
        self._name, self._place, self._defines, self.flags, self._is_heard = name, place, defines, flags, is_heard
        self._await = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if is_cell else 0
        self.faults: list[_Fault] = []
        self._told = False

    def run(self, text: str, space: dict[str, Any], seconds: float) -> None:
        """Run the statements of a cell; when the time is up, those that only define something."""
        try:
            body = compile(text, self._name, "exec", ast.PyCF_ONLY_AST | self._await | self.flags, dont_inherit=True).body
        except BaseException as error:
            self._note(error, None)
            return
        self.execute(body, space, seconds)

    def execute(self, body: list[ast.stmt], space: dict[str, Any], seconds: float | None) -> None:
        """Run statements; once the time is up, those that only define something. Without `seconds`, the supervisor looks after the time."""
        left = iter(body)
        for kinds, most in ((ast.stmt, seconds), (_DEFINITION, 1)):
            try:
                with _Clock(most) if most and seconds else contextlib.nullcontext():
                    for statement in left:
                        if isinstance(statement, kinds):
                            self._execute(statement, space)
            except (CellStopped, OutOfTimeError) as error:
                self._note(error, None)

    def go_on(self, body: list[ast.stmt], failed: int, error: BaseException, space: dict[str, Any]) -> None:
        """Run the statements after one that failed when all were run as a whole; if its time is up, those that only define something."""
        late = isinstance(error, OutOfTimeError)
        self._note(error, None if late or failed < 0 else body[failed])
        rest = body[failed + 1 :]
        self.execute([statement for statement in rest if isinstance(statement, _DEFINITION)] if late else rest, space, None)

    def _execute(self, statement: ast.stmt, space: dict[str, Any]) -> None:
        try:
            with unheard(not self._is_heard):
                code = compile(ast.Module([statement], []), self._name, "exec", self.flags | self._await, dont_inherit=True)
            self.flags |= code.co_flags & _FEATURES
            if code.co_flags & inspect.CO_COROUTINE:
                _await(types.FunctionType(code, space)())
            else:
                exec(code, space)
        except (CellStopped, OutOfTimeError):
            raise
        except BaseException as error:
            self._note(error, statement)

    def _note(self, error: BaseException, statement: ast.stmt | None) -> None:
        if isinstance(error, SystemExit) and error.code in (None, 0):
            return  # as a notebook goes on after it
        line = _line(error, self._name) or (statement.lineno if statement else 0)
        for name in _bound(statement) if statement else ():
            UNBOUND.setdefault(name, f"{self._name}, line {line}: {type(error).__name__}: {_message(error)}")
        if len(self.faults) == _MOST_FAULTS:
            return
        is_import = isinstance(error, ImportError) and isinstance(statement, ast.Import | ast.ImportFrom)
        is_definition = isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name in self._defines
        defines = () if is_import else (statement.name,) if is_definition else self._defines  # type: ignore[union-attr]
        told = is_import or isinstance(error, CellStopped) or not self._told  # others mostly follow from the first
        self._told |= not is_import
        self.faults.append(_Fault(self._place, line, error, defines, is_definition, told))
        traceback.clear_frames(error.__traceback__)


def _await(awaited: Any) -> None:
    """Run a statement with a top-level `await` to its end. There is no event loop: what waits for one raises."""
    with contextlib.suppress(StopIteration):
        while True:
            awaited.send(None)


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds."""
    names = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        names |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    return names


class _Nowhere(io.TextIOBase):
    """Discards what is printed."""

    def write(self, text: str) -> int:
        return len(text)


def _failing(error: BaseException, trace: TracebackType | None) -> Any:
    """A function that raises `error` as its cell did."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise error.with_traceback(trace)

    return fail


def _line(error: BaseException, name: str) -> int:
    """The line of the cell `name` at which `error` was raised."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno or 0
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == name]
    return lines[-1] if lines else 0


def _message(error: BaseException) -> str:
    try:
        return str(error.msg if isinstance(error, SyntaxError) else error)[:_MESSAGE].encode("utf-8", "backslashreplace").decode()
    except BaseException:
        return ""


class _Clock:
    """Ends the block after so many seconds of CPU time, if the system can do that."""

    _hard: int | None = None

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._inside = False

    def __enter__(self) -> None:
        try:
            import resource
            import signal

            _soft, self._hard = resource.getrlimit(resource.RLIMIT_CPU)
            end = int(time.process_time() + self._seconds) + 1
            if self._hard != resource.RLIM_INFINITY:
                end = min(end, self._hard)
            signal.signal(signal.SIGXCPU, self._ring)
            resource.setrlimit(resource.RLIMIT_CPU, (end, self._hard))
        except (ImportError, AttributeError, OSError, ValueError):
            self._hard = None
        self._inside = True

    def _ring(self, *_: object) -> None:
        if self._inside:
            raise CellStopped(f"it was still computing after {self._seconds:g} s")

    def __exit__(self, *_: object) -> None:
        self._inside = False
        if self._hard is not None:
            import resource
            import signal

            resource.setrlimit(resource.RLIMIT_CPU, (self._hard, self._hard))
            signal.signal(signal.SIGXCPU, signal.SIG_DFL)
