"""Functions that might give an answer away are called with whatever there is."""

import itertools

import numpy as np

from grader.checks.chance import mean_off
from grader.prove.telling_laws import ITEMS, called


def test_a_function_that_never_ends() -> None:
    """It is cut off, and tells nothing, or no more than it yields at first; one that refuses such arguments tells nothing."""
    assert called(lambda: all(number > 0 for number in itertools.count(1)), (), {}) is None
    assert called(lambda: (number for number in itertools.count()), (), {}) == [*range(ITEMS)]
    assert called(mean_off, (np.arange(3.0), 0.0, 1.0, -1.0), {}) is None


def test_what_a_function_returns() -> None:
    """A generator is a list, and its arguments are copies."""
    given = [1, 2]
    assert called(lambda x: (x.pop() for _ in range(2)), (given,), {}) == [2, 1] and given == [1, 2]


def test_a_function_that_writes_into_its_arguments() -> None:
    """It gets copies that can be written, and what it was given stays as it is."""

    def double(x: np.ndarray) -> np.ndarray:
        x *= 2
        return x

    given = np.arange(3.0)
    given.flags.writeable = False
    assert np.array_equal(called(double, (given,), {}), [0, 2, 4]) and given[1] == 1
