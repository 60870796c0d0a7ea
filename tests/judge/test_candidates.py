"""Comparing a result with those of all known mistakes at once finds the same ones as comparing it with each."""

from typing import Any

import numpy as np
import pytest

from grader.checks.tolerance import Tolerance
from grader.judge.candidates import LARGEST, candidates
from grader.judge.results import same

NEAR = Tolerance()


def making(results: dict[int, Any], got: Any) -> tuple[list[int], list[int]]:
    """The mistakes that make the result, and those that it took a close look to tell."""
    looked_at: list[int] = []

    def looks_alike(number: int) -> bool:
        looked_at.append(number)
        return same(NEAR, results[number], got)

    return candidates(results, NEAR).making(got, looks_alike), looked_at


def test_the_numbers_tell_at_once() -> None:
    """Another shape, or a number far away, rules a mistake out; the same numbers rule it in."""
    results = {0: np.ones(3), 1: np.array([1.0, 1.0, 2.0]), 2: np.ones((3, 1)), 3: np.ones(3) * (1 + 1e-9)}
    assert making(results, np.ones(3)) == ([0, 3], [])


@pytest.mark.parametrize("one", [2.0, np.array(2.0)])
@pytest.mark.parametrize("got", [2.0, np.array(2.0)])
def test_a_single_number_is_numpys_or_pythons(one: Any, got: Any) -> None:
    """A float and an array without axes are the same thing here."""
    assert making({0: one, 1: 3.0, 2: np.array([2.0])}, got) == ([0], [])


def test_numbers_that_are_not_finite_are_looked_at_where_they_stand_alike() -> None:
    """NaN for NaN may be the same mistake, NaN for a number is another."""
    results = {0: np.array([np.nan, 1.0]), 1: np.array([5.0, 1.0]), 2: np.array([1.0, np.nan]), 3: np.array([np.inf, 1.0])}
    assert making(results, np.array([np.nan, 1.0])) == ([0], [0, 3])
    assert making(results, np.array([5.0, 1.0])) == ([1], [])


def test_what_is_no_array_of_floats_is_looked_at_closely() -> None:
    """A list, integers and very large arrays are left to the slow comparison."""
    results = {0: [0.0], 1: np.ones(1), 3: np.arange(1), 4: np.ones(LARGEST + 1)}
    assert making(results, np.zeros(1)) == ([0, 3], [0, 3, 4])


def test_a_result_of_another_kind_may_be_any_of_them() -> None:
    """A list may be right as an array, so that nothing is ruled out."""
    assert making({0: np.ones(2), 1: [1.0]}, [1.0, 1.0]) == ([0], [0, 1])


def test_empty_arrays_agree() -> None:
    """Two arrays without numbers differ in nothing."""
    assert making({0: np.ones((0, 2))}, np.ones((0, 2))) == ([0], [])


def test_lists_of_arrays_are_told_apart_at_once() -> None:
    """Each array of the weights of all layers must be near, in its own measure; other shapes and lengths are other results."""
    results = {0: [np.ones(3), np.zeros((2, 2))], 1: [np.ones(3), np.ones((2, 2))], 2: (np.ones(3),), 3: [np.ones(3), np.ones(4)]}
    assert making(results, [np.ones(3), np.ones((2, 2))]) == ([1], [])
    assert making(results, (np.ones(3),)) == ([2], [])


def test_nan_in_one_array_of_a_list_does_not_hide_another_that_is_far_away() -> None:
    """Only where all other arrays are near, a close look decides about those that are not finite."""
    lost = np.array([np.nan, 1.0])
    results = {0: [lost, np.ones(2)], 1: [lost, np.zeros(2)], 2: [np.ones(2), np.ones(2)]}
    assert making(results, [lost, np.ones(2)]) == ([0], [0])


def test_an_array_may_be_a_list_of_arrays() -> None:
    """A list that is as good as an array is looked at closely."""
    assert making({0: np.ones((2, 3)), 1: [np.ones(3)]}, [np.ones(3), np.ones(3)]) == ([0], [0])
