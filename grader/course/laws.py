"""Helpers for laws: measuring slopes, and comparing results with what must hold."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.course.arithmetic import number, place
from grader.text.language import gettext as _

Floats = NDArray[np.float64]
NEAR = 1e-5  # relative to the right value: leaves room for an answer computed in float32


def slope(function: Callable[[Floats], Any], point: Floats, step: float = 1e-5) -> Floats:
    """Central differences of a number that depends on an array; their error is about `step`²."""
    result = np.zeros(np.shape(point))
    for index in np.ndindex(result.shape):
        shift = np.zeros(result.shape)
        shift[index] = step
        result[index] = (function(point + shift) - function(point - shift)) / (2 * step)
    return result


def apart(got: Any, want: Any, near: float) -> bool:
    """Whether two results, or lists of them, differ in shape or by more than `near`."""
    if isinstance(want, list | tuple):
        return len(got) != len(want) or any(apart(a, b, near) for a, b in zip(got, want, strict=True))
    a, b = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    return a.shape != b.shape or not bool(np.all(np.abs(a - b) <= near))


def differs(text: str, got: Any, want: Any, near: float = NEAR, write: Callable[[Any], str] = number, **names: str) -> str | None:
    """None where both arrays agree, else `text` about the element that is farthest off, or what is wrong with the shape.

    Args:
        text: with {place}, {got} and {want}, and with {name} for each of the other `names`.
        near: how far they may be off, relative to the largest number that is wanted, or to 1.
    """
    came, meant = np.asarray(got, dtype=float), np.asarray(want, dtype=float)
    if came.shape != meant.shape:
        text = _("{name} has the shape {got}, but should have {want}")
        return text.format(name=names.get("name", _("the result")), got=came.shape, want=meant.shape)
    gap = np.abs(came - meant)
    if gap.max() <= near * max(1.0, np.abs(meant).max()):
        return None
    index = np.unravel_index(int(gap.argmax()), gap.shape)
    return text.format(place=place(index), got=write(came[index]), want=write(meant[index]), **names)


def first_difference(
    name: str, got: Any, want: Any, meaning: str, near: float = NEAR, write: Callable[[Any], str] = number
) -> str | None:
    """None where both arrays agree, else that an element of `name` should be what `meaning` says."""
    text = _("{name}[{place}] is {got}, but {meaning} is {want}")
    return differs(text, got, want, near, write, name=name, meaning=meaning)
