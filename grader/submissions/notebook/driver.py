"""Runs the cells of a notebook as a kernel does: in order, in one namespace, and a cell that fails does not stop the next.

This text is executed in the sandbox's child, beside the student's code: it knows nothing, and nothing that it says is trusted.
It uses what every Python has. Statement by statement, as IPython runs a cell:

    a module that is not there   only that import is left out: `import numpy, matplotlib` and what follows still run
    any other exception          ends the cell; the functions that the cell should have defined raise it again when they are called
    too long                     ends the cell, by the clock that the kernel keeps for the process (SIGXCPU)
"""

import __future__

import ast
import sys
import time
import traceback
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import Any, NoReturn

_FEATURES = 0
for _name in __future__.all_feature_names:
    _FEATURES |= getattr(__future__, _name).compiler_flag
_MESSAGE = 160


class CellNote(UserWarning):
    """What is said about a cell: its place, the line, the exception."""


class CellStopped(BaseException):
    """The cell's time is up."""


def run_cells(
    space: dict[str, Any], cells: Iterable[tuple[str, str, int, tuple[str, ...]]], cell_seconds: float, all_seconds: float
) -> None:
    """Run `cells` in the namespace `space`: each a name, a text, its place, and the names that it is there to define."""
    say, warnings.showwarning = warnings.showwarning, lambda *_, **__: None
    sys.modules["__main__"] = sys.modules.get(space["__name__"], sys.modules["__main__"])
    space["__name__"] = "__main__"
    space.setdefault("display", lambda *_, **__: None)
    notes: list[tuple[int, int, BaseException]] = []
    failed: list[tuple[BaseException, tuple[str, ...]]] = []
    flags = 0
    for name, text, place, defines in cells:
        seconds = max(1, min(cell_seconds, all_seconds - time.process_time()))
        try:
            tree = compile(text, name, "exec", ast.PyCF_ONLY_AST | flags, dont_inherit=True)
            with _Clock(seconds):
                for statement in tree.body:
                    code = compile(ast.Module([statement], []), name, "exec", flags, dont_inherit=True)
                    flags |= code.co_flags & _FEATURES
                    try:
                        exec(code, space)
                    except ImportError as error:
                        if not isinstance(statement, ast.Import | ast.ImportFrom):
                            raise
                        notes.append((place, statement.lineno, error))
        except BaseException as error:
            notes.append((place, _line(error, name), error))
            failed.append((error, defines))
            traceback.clear_frames(error.__traceback__)
    for fault, names in failed:
        for defined in names:
            space.setdefault(defined, _failing(fault, fault.__traceback__))
    warnings.showwarning = say
    for place, line, fault in notes:
        say(f"{place} {line} {type(fault).__name__}: {_message(fault)}", CellNote, "", 0)


def _failing(error: BaseException, trace: TracebackType | None) -> Any:
    """A function that raises `error` as it was raised in its cell."""

    def fail(*_: object, **__: object) -> NoReturn:
        raise error.with_traceback(trace)

    return fail


def _line(error: BaseException, name: str) -> int:
    """The line of the cell `name` at which it ended."""
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
    """Ends what runs inside of it after so many seconds of CPU time, where the system can do that."""

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
