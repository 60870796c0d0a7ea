"""Runs the cells of a notebook in order, in one namespace, as a kernel does, except that a failure does not stop the rest.

This text is executed in the sandbox's child, beside the student's code: it holds no secrets, and its output is not trusted.
It uses only the standard library. Statement by statement:

    an exception     skips only that statement: `print(f("text"))` above a function does not prevent its definition
    too long         ends the cell, by the CPU clock of the process (SIGXCPU); its remaining definitions are still executed
    output           is dropped: the student has seen it, and it would hide what the functions print when they are called

If a cell fails to define its function, calling that function raises the cell's error again.
"""

import __future__

import ast
import contextlib
import io
import sys
import time
import traceback
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import Any, NamedTuple, NoReturn

_FEATURES = 0
for _name in __future__.all_feature_names:
    _FEATURES |= getattr(__future__, _name).compiler_flag
_MESSAGE = 160
_DEFINITION = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


class CellNote(UserWarning):
    """A note on a cell: its place, the line, the exception."""


class CellStopped(BaseException):
    """The cell's time is up."""


def run_cells(
    space: dict[str, Any], cells: Iterable[tuple[str, str, int, tuple[str, ...]]], cell_seconds: float, all_seconds: float
) -> None:
    """Run `cells` in the namespace `space`: each a name, a text, its place, and the names that it is meant to define."""
    say, warnings.showwarning = warnings.showwarning, lambda *_, **__: None
    sys.modules["__main__"] = sys.modules.get(space["__name__"], sys.modules["__main__"])
    space["__name__"] = "__main__"
    space.setdefault("display", lambda *_, **__: None)
    faults: list[_Fault] = []
    flags = 0
    with contextlib.redirect_stdout(_Nowhere()):
        for name, text, place, defines in cells:
            seconds = max(1, min(cell_seconds, all_seconds - time.process_time()))
            cell = _Cell(name, place, defines, flags)
            cell.run(text, space, seconds)
            flags = cell.flags
            faults += cell.faults
    for fault in sorted(faults, key=lambda fault: not fault.is_definition):
        for defined in fault.defines:
            space.setdefault(defined, _failing(fault.error, fault.error.__traceback__))
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


class _Cell:
    """A running cell: its failures, and the features of `from __future__` in force from now on."""

    def __init__(self, name: str, place: int, defines: tuple[str, ...], flags: int) -> None:
        self._name, self._place, self._defines, self.flags = name, place, defines, flags
        self.faults: list[_Fault] = []
        self._told = False

    def run(self, text: str, space: dict[str, Any], seconds: float) -> None:
        """Run the statements; when the time is up, those that only define something."""
        try:
            left = iter(compile(text, self._name, "exec", ast.PyCF_ONLY_AST | self.flags, dont_inherit=True).body)
        except BaseException as error:
            self._note(error, None)
            return
        for kinds, most in ((ast.stmt, seconds), (_DEFINITION, 1)):
            try:
                with _Clock(most):
                    for statement in left:
                        if isinstance(statement, kinds):
                            self._execute(statement, space)
            except BaseException as error:
                self._note(error, None)

    def _execute(self, statement: ast.stmt, space: dict[str, Any]) -> None:
        try:
            code = compile(ast.Module([statement], []), self._name, "exec", self.flags, dont_inherit=True)
            self.flags |= code.co_flags & _FEATURES
            exec(code, space)
        except CellStopped:
            raise
        except BaseException as error:
            self._note(error, statement)

    def _note(self, error: BaseException, statement: ast.stmt | None) -> None:
        is_import = isinstance(error, ImportError) and isinstance(statement, ast.Import | ast.ImportFrom)
        is_definition = isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.name in self._defines
        defines = () if is_import else (statement.name,) if is_definition else self._defines  # type: ignore[union-attr]
        line = _line(error, self._name) or (statement.lineno if statement else 0)
        told = is_import or isinstance(error, CellStopped) or not self._told  # others mostly follow from the first
        self._told |= not is_import
        self.faults.append(_Fault(self._place, line, error, defines, is_definition, told))
        traceback.clear_frames(error.__traceback__)


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
