"""What a value is taken as: an array of numbers or of text, a large integer, or what it is."""

import datetime
import math
from collections.abc import Iterator, Sequence
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from grader.checks.moments import is_moment, zone_of
from grader.sandbox.values import MAX_BYTES, Table, is_short

Array = NDArray[Any]


def as_array(got: Any, array_like: bool) -> Array | None:
    """`got` as an array of plain numbers, or None when it is not one (lists only count when `array_like`)."""
    if isinstance(got, np.ndarray):
        return got
    if not array_like or not (is_moment(got) or isinstance(got, bool | int | float | complex | list | tuple)):
        return None
    if is_large(got):
        got = nearest_float(got)
    try:
        array = np.asarray(got)
    except (ValueError, OverflowError):
        return None
    if array.dtype.kind in "biufc":  # nearly always: the leaves are looked at one by one only where they are something else
        return array
    leaves = list(_leaves([got]))
    if is_moment(leaves[0]):
        return _time_array(got)
    return _text_array(got, leaves) if isinstance(got, list | tuple) and any(isinstance(leaf, str) for leaf in leaves) else None


def _leaves(value: Sequence[Any]) -> Iterator[Any]:
    for item in value:
        if isinstance(item, list | tuple):
            yield from _leaves(item)
        else:
            yield item


def _text_array(got: Sequence[Any], texts: Sequence[Any]) -> Array | None:
    """Lists of texts as an array, in which every text takes as much room as the longest."""
    if not all(isinstance(text, str) for text in texts) or len(texts) * 4 * max(map(len, texts)) > MAX_BYTES:
        return None
    try:
        return np.array(got, dtype=np.str_)
    except ValueError:
        return None


def _time_array(got: Any) -> Array | None:
    """Dates with no time zone, or durations, as an array."""
    leaves = list(_leaves([got]))
    kinds = {"m" if isinstance(leaf, datetime.timedelta) else "M" for leaf in leaves if is_moment(leaf)}
    if len(kinds) != 1 or not all(
        is_moment(leaf) and not isinstance(leaf, datetime.time) and zone_of(leaf) is None for leaf in leaves
    ):
        return None
    try:
        return np.array(got, dtype=f"{kinds.pop()}8[us]")
    except (ValueError, TypeError, OverflowError):
        return None


def is_no_array(expected: Any) -> bool:
    """Whether an expected value is compared as what it is, and not as an array of numbers."""
    return (
        expected is None
        or isinstance(expected, str | dict | set | frozenset | Table)
        or is_large(expected)
        or is_moment(expected)
    )


def is_large(value: Any) -> TypeGuard[int]:
    """Whether a value is an integer that arrays do not hold."""
    return type(value) is int and not is_short(value)


def normalised(got: Any, like: Any) -> Any:
    """`got` with its lists and tuples of numbers turned into arrays wherever `like`, the expected value, has an array."""
    if isinstance(like, tuple | list) and not is_vector(like):
        if isinstance(got, tuple | list) and len(got) == len(like):
            return type(got)(normalised(item, other) for item, other in zip(got, like, strict=True))
        return got
    if isinstance(like, dict):
        return {key: normalised(item, like.get(key)) for key, item in got.items()} if isinstance(got, dict) else got
    if is_no_array(like) or not isinstance(got, list | tuple):
        return got
    array = as_array(got, array_like=True)
    return got if array is None else array


def nearest_float(value: int) -> float:
    """A large integer as a float; infinity beyond all of them."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_vector(value: Sequence[Any]) -> bool:
    """Whether a list is a vector of plain numbers (a tuple is several results)."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, int | float) and not is_large(item) for item in value)
