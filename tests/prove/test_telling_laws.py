"""Functions that might give an answer away are called with whatever there is."""

import itertools

import numpy as np

from grader.checks.chance import mean_off
from grader.prove.telling_laws import called


def test_a_function_that_never_ends() -> None:
    """It is cut off, and tells nothing; so does one that refuses such arguments."""
    assert called(lambda: all(number > 0 for number in itertools.count(1)), (), {}) is None
    assert called(lambda: (number for number in itertools.count()), (), {}) is None
    assert called(mean_off, (np.arange(3.0), 0.0, 1.0, -1.0), {}) is None


def test_what_a_function_returns() -> None:
    """A generator is a list, and its arguments are copies."""
    given = [1, 2]
    assert called(lambda x: (x.pop() for _ in range(2)), (given,), {}) == [2, 1] and given == [1, 2]
