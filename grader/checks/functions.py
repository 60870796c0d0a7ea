"""Functions as arguments: by their names, which the student's process looks up. Nothing that runs is ever sent."""

import builtins
import math
import operator
from typing import Any

import numpy as np

from grader.sandbox.values import Function

GIVEN = "given"  # the course's own module beside `checks.py`, from which functions can be arguments
MODULES = {"numpy": np, "math": math, "operator": operator, "builtins": builtins}


class UnnamedError(Exception):
    """A function that cannot be an argument, in words, and what to do."""

    advice = f"define it by name in {GIVEN}.py beside checks.py, write `import {GIVEN}`, and pass `{GIVEN}.<name>`"


def named(value: Any) -> Any:
    """An argument with the names of its functions in their places.

    Raises:
        UnnamedError: one of them has no name that a student's process can look up: a lambda, or one of `checks.py` itself.
    """
    if isinstance(value, list | tuple):
        items = [named(item) for item in value]
        return value if all(map(_same, items, value)) else type(value)(items)
    if isinstance(value, dict):
        return {key: named(item) for key, item in value.items()}
    if not callable(value) or isinstance(value, np.ndarray):
        return value
    name = getattr(value, "__name__", type(value).__name__)
    if getattr(value, "__module__", "") == GIVEN and getattr(value, "__qualname__", "") == name and name.isidentifier():
        return Function(f"{GIVEN}.{name}")
    for module, found in MODULES.items():
        if getattr(found, name, None) is value:
            return Function(f"{module}.{name}")
    raise UnnamedError("it passes a lambda" if name == "<lambda>" else f"it passes the function {name!r}")


def _same(one: Any, other: Any) -> bool:
    return one is other
