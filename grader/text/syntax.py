"""Syntax trees of Python texts, read by one thread at a time: CPython 3.11 counts the depth of a tree for all threads together."""

import ast
import contextlib
import threading
import warnings
from typing import Any, Literal, overload

DISTURBED = 500  # times that another library's thread may read a tree in the meantime: each fails at once
_reading = threading.Lock()


@overload
def parse(source: str | bytes, name: str = "<unknown>", mode: Literal["exec"] = "exec") -> ast.Module: ...
@overload
def parse(source: str | bytes, name: str = "<unknown>", *, mode: Literal["eval"]) -> ast.Expression: ...
def parse(source: str | bytes, name: str = "<unknown>", mode: Literal["exec", "eval"] = "exec") -> ast.Module | ast.Expression:
    r"""The syntax tree of `source`; `ast.parse`, whose errors it raises, but safe in threads, and silent about `"\d"` in a text."""
    with _reading, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(DISTURBED):
            with contextlib.suppress(SystemError):
                return ast.parse(source, name, mode)  # type: ignore[return-value]  # noqa: TID251
        return ast.parse(source, name, mode)  # type: ignore[return-value]  # noqa: TID251


def literal(source: str) -> Any:
    """The value of a literal; `ValueError` or `SyntaxError` for anything else."""
    return ast.literal_eval(parse(source.lstrip(" \t"), mode="eval"))  # noqa: TID251
