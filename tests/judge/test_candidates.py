"""Comparing a result with those of all known mistakes at once leaves out none that it may be."""

import numpy as np

from grader.checks.tolerance import Tolerance
from grader.judge.candidates import LARGEST, candidates

NEAR = Tolerance()


def test_only_the_mistakes_with_these_numbers_are_left() -> None:
    """Another shape, or a number far away, rules a mistake out."""
    found = candidates({0: np.ones(3), 1: np.array([1.0, 1.0, 2.0]), 2: np.ones((3, 1)), 3: np.ones(3) * (1 + 1e-9)}, NEAR)
    assert found.near(np.ones(3)) == [0, 3]


def test_a_mistake_that_is_not_finite_is_looked_at_closely() -> None:
    """NaN is far from nothing at first sight: the slow comparison decides."""
    found = candidates({0: np.array([np.nan, 1.0]), 1: np.array([5.0, 1.0])}, NEAR)
    assert found.near(np.array([0.0, 1.0])) == [0]


def test_what_is_no_array_of_floats_is_looked_at_closely() -> None:
    """A list, a number, integers and very large arrays are left to the slow comparison, in the order of the mistakes."""
    found = candidates({0: [1.0], 1: np.ones(1), 2: 1.0, 3: np.arange(1), 4: np.ones(LARGEST + 1)}, NEAR)
    assert found.near(np.zeros(1)) == [0, 2, 3, 4]


def test_a_result_of_another_kind_may_be_any_of_them() -> None:
    """A list may be right as an array, so that nothing is ruled out."""
    assert candidates({0: np.ones(2), 1: [1.0]}, NEAR).near([1.0, 1.0]) == [0, 1]


def test_empty_arrays_agree() -> None:
    """Two arrays without numbers differ in nothing."""
    assert candidates({0: np.ones((0, 2))}, NEAR).near(np.ones((0, 2))) == [0]
