"""A file compiled as a whole, and the statement at which it failed: most fail nowhere, and take half the time so."""

import ast
import bisect
import contextlib
import itertools
import types
import warnings
from collections.abc import Iterator

_TRACES = ("set_trace", "settrace", "setprofile")  # a debugger ends the line after the one that calls it


def compiled(text: str, name: str) -> types.CodeType | None:
    """A file's code; None where its statements are looked at one by one: some of it cannot be compiled, or may stop at a later one."""
    if any(word in text for word in _TRACES):
        return None
    try:
        with warnings.catch_warnings(record=True) as heard:
            code: types.CodeType = compile(text, name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return None
    for told in heard:
        warnings.showwarning(told.message, told.category, told.filename, told.lineno)
    return code


@contextlib.contextmanager
def unheard(again: bool) -> Iterator[None]:
    """Without the warnings about a text that is compiled `again`."""
    with warnings.catch_warnings():
        if again:
            warnings.simplefilter("ignore")
        yield


def reached(body: list[ast.stmt], code: types.CodeType, error: BaseException) -> int:
    """Which statement of a module was running when its `code` raised an error; -1 where it raised none itself."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code is not code:
        trace = trace.tb_next
    if trace is None:
        return -1
    line, _end, column, _end_column = next(itertools.islice(code.co_positions(), trace.tb_lasti // 2, None))
    starts = [_start(statement) for statement in body]
    return bisect.bisect_right(starts, (line or 0, column or 0)) - 1


def _start(statement: ast.stmt) -> tuple[int, int]:
    """Line and column at which a statement begins: with its first decorator, if it has some."""
    decorators = getattr(statement, "decorator_list", [])
    return min((node.lineno, node.col_offset) for node in (statement, *decorators))
