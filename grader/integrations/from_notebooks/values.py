"""Values as they are written in TOML and in Python, and how a stub has to declare them."""

import json
import math
from typing import Any

import numpy as np

from grader.integrations.from_notebooks.claims import same

SHOWN = 60  # numbers of an example, which people read


def toml(value: Any) -> str:
    """A value in TOML."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float():
            return repr(value) if math.isfinite(value) else str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case np.ndarray() | np.generic():
            return toml(value.tolist())
        case dict():
            return "{ " + ", ".join(f"{json.dumps(str(key))} = {toml(item)}" for key, item in value.items()) + " }"
        case set():
            return toml(sorted(value, key=repr))
        case _:
            return "[" + ", ".join(map(toml, value)) + "]"


def python(value: Any) -> str:
    """A value in Python."""
    match value:
        case np.ndarray():
            kind = "" if value.dtype in (np.float64, np.int64, np.bool_) and value.size else f", dtype=np.{value.dtype.name}"
            return f"np.array({python(value.tolist())}{'' if value.dtype.kind == 'U' else kind})"
        case float() if not math.isfinite(value):
            return f"np.{value}" if value != -math.inf else "-np.inf"
        case list():
            return "[" + ", ".join(map(python, value)) + "]"
        case tuple():
            return "(" + ", ".join(map(python, value)) + ("," if len(value) == 1 else "") + ")"
        case dict():
            return "{" + ", ".join(f"{python(key)}: {python(item)}" for key, item in value.items()) + "}"
        case _:
            return repr(value)


def declared(value: Any) -> str:
    """What a stub has to declare, so that `examples.toml` is read as this value; "" for nothing, "?" where nothing does it."""
    match value:
        case str():
            return "str"
        case list() if all(isinstance(item, str) for item in value) and value:
            return "list[str]"
        case list() if all(type(item) is int for item in value):
            return "list[int]"
        case list() if all(type(item) in (int, float) for item in value):
            return "list[float]"
        case dict():
            return f"dict[{_kind(list(value))}, {_kind(list(value.values()))}]"
        case set():
            return f"set[{_kind(list(value))}]"
        case list() | tuple():
            return "?"
        case _:
            return ""


def size(value: Any) -> int:
    """How many numbers or words a value has."""
    if isinstance(value, dict):
        return sum(map(size, value.values()))
    return (
        int(np.size(value))
        if isinstance(value, np.ndarray)
        else sum(map(size, value))
        if isinstance(value, list | set | tuple)
        else 1
    )


def _kind(items: list[Any]) -> str:
    kinds = {type(item) for item in items}
    if kinds <= {int, float} and kinds:
        return "int" if kinds == {int} else "float"
    return "str" if kinds == {str} else "tuple" if kinds == {tuple} else "object"


def is_written(value: Any) -> bool:
    """Whether TOML has it: no None, nothing complex, tuples only as results of their own."""
    if isinstance(value, dict):
        return (
            bool(value)
            and all(map(is_written, value.values()))
            and all(isinstance(key, str | int | float | tuple) for key in value)
        )
    if isinstance(value, list):
        return all(map(is_written, value)) and same(value)
    return value is not None and not isinstance(value, tuple | complex)
