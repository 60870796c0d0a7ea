"""Which known mistakes have made a result: those of all mistakes are compared with it at once, and few are left to look at."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import numpy as np

from grader.checks.forms import Array
from grader.checks.tolerance import Tolerance

LARGEST = 4096  # numbers of an array that is stacked with others; larger ones are compared one by one


class _Stack(msgspec.Struct, frozen=True):
    """Results of one shape: of which mistakes, their numbers by mistake, which of these are finite, and how far from each is too far."""

    mistakes: tuple[int, ...]
    numbers: Array
    finite: Array
    limits: Array


class Candidates(msgspec.Struct, frozen=True):
    """One result of one step as each mistake makes it: floats and arrays of them by their shape, and what makes something else."""

    stacks: Mapping[tuple[int, ...], _Stack]
    others: tuple[int, ...]

    def making(self, got: Any, looks_alike: Callable[[int], bool]) -> list[int]:
        """The numbers of the mistakes, in order, whose result is `got`.

        Args:
            looks_alike: whether that of a mistake is, after a close look; asked where the numbers do not tell at once.
        """
        plain = _plain(got)
        if plain is None:
            every = sorted([*self.others, *(number for stack in self.stacks.values() for number in stack.mistakes)])
            return [number for number in every if looks_alike(number)]
        sure, unsure = self._in_stack(plain)
        return sorted([*sure, *(number for number in (*self.others, *unsure) if looks_alike(number))])

    def _in_stack(self, got: Array) -> tuple[list[int], list[int]]:
        """The mistakes with these numbers, and those that have NaN or infinities where `got` has them."""
        stack = self.stacks.get(got.shape)
        if stack is None:
            return [], []
        with np.errstate(all="ignore"):
            errors = np.abs(stack.numbers - got.ravel()).max(axis=1, initial=0.0)
        told = np.isfinite(errors)
        sure = [stack.mistakes[place] for place in np.flatnonzero(told & (errors <= stack.limits))]
        if told.all():
            return sure, []
        alike = (stack.finite == np.isfinite(got).ravel()).all(axis=1)
        return sure, [stack.mistakes[place] for place in np.flatnonzero(~told & alike)]


def candidates(results: Mapping[int, Any], allowed: Tolerance) -> Candidates:
    """The results of the mistakes by their numbers.

    Args:
        allowed: how close another result must be to be the same.
    """
    plain: dict[tuple[int, ...], dict[int, Array]] = defaultdict(dict)
    others = []
    for number, value in results.items():
        array = _plain(value)
        if array is not None and array.size <= LARGEST:
            plain[array.shape][number] = array
        else:
            others.append(number)
    return Candidates({shape: _stack(arrays, allowed) for shape, arrays in plain.items()}, tuple(others))


def _stack(results: Mapping[int, Array], allowed: Tolerance) -> _Stack:
    limits = np.array([allowed.at(array) for array in results.values()])
    numbers = np.array([array.ravel() for array in results.values()])
    return _Stack(tuple(results), numbers, np.isfinite(numbers), limits)


def _plain(value: Any) -> Array | None:
    """A float or an array of them, as an array."""
    if type(value) is float:
        return np.asarray(value)
    return value if isinstance(value, np.ndarray) and value.dtype == np.float64 else None
