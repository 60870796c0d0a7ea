"""Which known mistakes have made a result: those of all mistakes are compared with it at once, and few are left to look at."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checks.forms import Array, is_vector
from grader.checks.tolerance import Tolerance

LARGEST = 4096  # numbers of a result that is stacked with others; larger ones are compared one by one
Form = tuple[Any, ...]  # the shape of an array; of a list, the word and the forms of its items
ITEMS = "items"


class _Stack(msgspec.Struct, frozen=True):
    """Results of one form: of which mistakes, and for each array in them its numbers, finite or not, and how far off is too far."""

    mistakes: tuple[int, ...]
    numbers: tuple[Array, ...]
    finite: tuple[Array, ...]
    limits: tuple[Array, ...]

    def of(self, which: Array) -> list[int]:
        """The mistakes at the places where it is true."""
        return [self.mistakes[place] for place in np.flatnonzero(which)]


class Candidates(msgspec.Struct, frozen=True):
    """One result of one step as each mistake makes it: floats, arrays and lists of arrays by their form, and what makes something else."""

    stacks: Mapping[Form, _Stack]
    others: tuple[int, ...]

    def making(self, got: Any, looks_alike: Callable[[int], bool]) -> list[int]:
        """The numbers of the mistakes, in order, whose result is `got`.

        Args:
            looks_alike: whether that of a mistake is, after a close look; asked where the numbers do not tell at once.
        """
        arrays = _arrays(got)
        form = None if arrays is None else _form(got)
        sure, unsure = list[int](), list(self.others)
        for known, stack in self.stacks.items():
            if arrays is not None and known == form:
                found = _alike(stack, arrays)
                sure += found[0]
                unsure += found[1]
            elif form is None or not _apart(known, form):
                unsure += stack.mistakes
        return sorted([*sure, *filter(looks_alike, sorted(unsure))])


def _alike(stack: _Stack, got: Sequence[Array]) -> tuple[list[int], list[int]]:
    """The mistakes with these numbers, and those that have NaN or infinities where these have them."""
    sure, possible = (np.ones(len(stack.mistakes), bool) for _ in range(2))
    for numbers, finite, limits, array in zip(stack.numbers, stack.finite, stack.limits, got, strict=True):
        with np.errstate(all="ignore"):
            errors = np.abs(numbers - array.ravel()).max(axis=1, initial=0.0)
        told = np.isfinite(errors)
        near = told & (errors <= limits)
        sure &= near
        possible &= near if told.all() else near | (~told & (finite == np.isfinite(array).ravel()).all(axis=1))
    return stack.of(sure), stack.of(possible & ~sure)


def candidates(results: Mapping[int, Any], allowed: Tolerance) -> Candidates:
    """The results of the mistakes by their numbers.

    Args:
        allowed: how close another result must be to be the same.
    """
    plain: dict[Form, dict[int, list[Array]]] = defaultdict(dict)
    others = []
    for number, value in results.items():
        arrays = _arrays(value)
        if arrays is not None and sum(array.size for array in arrays) <= LARGEST:
            plain[_form(value)][number] = arrays
        else:
            others.append(number)
    return Candidates({form: _stack(found, allowed) for form, found in plain.items()}, tuple(others))


def _stack(results: Mapping[int, list[Array]], allowed: Tolerance) -> _Stack:
    columns = list(zip(*results.values(), strict=True))
    numbers = tuple(np.array([array.ravel() for array in column]) for column in columns)
    limits = tuple(np.array([allowed.at(array) for array in column]) for column in columns)
    return _Stack(tuple(results), numbers, tuple(map(np.isfinite, numbers)), limits)


def _arrays(value: Any) -> list[Array] | None:
    """A float or an array of them as arrays, and the arrays in a list; None for anything else."""
    if type(value) is float:
        return [np.asarray(value)]
    if isinstance(value, np.ndarray):
        return [value] if value.dtype == np.float64 else None
    if not isinstance(value, list | tuple) or not value or is_vector(value):  # of a vector, the largest number counts for all
        return None
    found = [_arrays(item) for item in value]
    return None if None in found else [array for arrays in found if arrays is not None for array in arrays]


def _form(value: Any) -> Form:
    return (ITEMS, *map(_form, value)) if isinstance(value, list | tuple) else np.shape(value)


def _apart(one: Form, other: Form) -> bool:
    """Whether results of these forms are different whatever their numbers are; a list may be right as an array."""
    kinds = [form[:1] == (ITEMS,) for form in (one, other)]
    if not all(kinds):
        return not any(kinds) and one != other
    return len(one) != len(other) or any(map(_apart, one[1:], other[1:]))
