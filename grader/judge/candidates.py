"""Which known mistakes may have made a result: those of all mistakes are compared with it at once, and few are left to look at."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from grader.checks.forms import Array
from grader.checks.tolerance import Tolerance

LARGEST = 4096  # numbers of an array that is stacked with others; larger ones are compared one by one


class _Stack(msgspec.Struct, frozen=True):
    """Results of one shape: of which mistakes, their numbers by mistake, and how far from each is too far."""

    mistakes: tuple[int, ...]
    numbers: Array
    limits: Array


class Candidates(msgspec.Struct, frozen=True):
    """One result of one step as each mistake makes it: arrays of float64 by their shape, and the mistakes that make something else."""

    stacks: Mapping[tuple[int, ...], _Stack]
    others: tuple[int, ...]

    def near(self, got: Any) -> list[int]:
        """The numbers of the mistakes, in order, whose result is not seen at once to be another than `got`."""
        if not _is_plain(got):
            return sorted([*self.others, *(number for stack in self.stacks.values() for number in stack.mistakes)])
        stack = self.stacks.get(got.shape)
        if stack is None:
            return list(self.others)
        with np.errstate(all="ignore"):
            errors = np.abs(stack.numbers - got.ravel()).max(axis=1, initial=0.0)
        far = np.isfinite(errors) & (errors > stack.limits)
        return sorted([*self.others, *(number for number, is_far in zip(stack.mistakes, far, strict=True) if not is_far)])


def candidates(results: Mapping[int, Any], allowed: Tolerance) -> Candidates:
    """The results of the mistakes by their numbers.

    Args:
        allowed: how close another result must be to be the same.
    """
    plain: dict[tuple[int, ...], list[int]] = defaultdict(list)
    others = []
    for number, value in results.items():
        if _is_plain(value) and value.size <= LARGEST:
            plain[value.shape].append(number)
        else:
            others.append(number)
    stacks = {shape: _stack({number: results[number] for number in numbers}, allowed) for shape, numbers in plain.items()}
    return Candidates(stacks, tuple(others))


def _stack(results: Mapping[int, Array], allowed: Tolerance) -> _Stack:
    limits = np.array([allowed.at(array) for array in results.values()])
    return _Stack(tuple(results), np.array([array.ravel() for array in results.values()]), limits)


def _is_plain(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.float64
