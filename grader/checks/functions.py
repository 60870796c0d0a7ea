"""Functions as arguments: by their names, which the student's process looks up. Nothing that runs is ever sent."""

import builtins
import math
import operator
from collections.abc import Collection
from typing import Any

import numpy as np

from grader.sandbox.values import Function

MODULES = {"numpy": np, "math": math, "operator": operator, "builtins": builtins}


class UnnamedError(Exception):
    """A function that cannot be an argument, in words, and what to do."""

    advice = (
        'define it in a module that the course gives: `given = ["functions.py"]` in course.toml, `import functions` in checks.py, '
        "and pass `functions.<name>`"
    )


def named(value: Any, helpers: Collection[str] = ()) -> Any:
    """An argument with the names of its functions in their places.

    Args:
        helpers: the names of the modules that the course gives.

    Raises:
        UnnamedError: one of them has no name that a student's process can look up: a lambda, or one of `checks.py` itself.
    """
    if isinstance(value, list | tuple):
        items = [named(item, helpers) for item in value]
        return value if all(map(_same, items, value)) else type(value)(items)
    if isinstance(value, dict):
        return {key: named(item, helpers) for key, item in value.items()}
    if not callable(value) or isinstance(value, np.ndarray):
        return value
    name = getattr(value, "__name__", type(value).__name__)
    module = getattr(value, "__module__", "")
    if module in helpers and getattr(value, "__qualname__", "") == name and name.isidentifier():
        return Function(f"{module}.{name}")
    for library, found in MODULES.items():
        if getattr(found, name, None) is value:
            return Function(f"{library}.{name}")
    raise UnnamedError("it passes a lambda" if name == "<lambda>" else f"it passes the function {name!r}")


def _same(one: Any, other: Any) -> bool:
    return one is other
