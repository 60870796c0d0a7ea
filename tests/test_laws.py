"""What laws have in common."""

from typing import Any

import numpy as np
import pytest

from grader.course.arithmetic import Writing
from grader.course.laws import apart, differs, first_difference, slope

TEXT = "{name}[{place}] is {got}, not {want}"


def test_slope_of_every_element() -> None:
    """The slope of a sum of cubes is three times the square."""
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert slope(lambda a: (a**3).sum(), x) == pytest.approx(3 * x**2, rel=1e-8)


def test_slope_has_a_step() -> None:
    """A larger step sees more of the curve."""
    assert slope(lambda a: float(a) ** 3, np.array(1.0), step=1.0) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("got", "want", "answer"),
    [
        pytest.param([1.0, 2.0], np.array([1.0, 2.05]), False, id="near"),
        pytest.param([1.0, 2.0], np.array([1.0, 2.2]), True, id="far"),
        pytest.param(np.ones((2, 1)), np.ones(2), True, id="shape"),
        pytest.param([np.ones(2), 3.0], [np.ones(2), 3.0], False, id="list"),
        pytest.param([np.ones(2), 3.0], (np.ones(2), 4.0), True, id="list-far"),
        pytest.param([np.ones(2)], [np.ones(2), 3.0], True, id="too-short"),
        pytest.param([np.nan], np.ones(1), True, id="nan"),
    ],
)
def test_apart(got: Any, want: Any, answer: bool) -> None:
    """Results are apart by their shapes, their number, or more than what is near."""
    assert apart(got, want, 0.1) is answer


def test_differs_tells_the_worst_element() -> None:
    """The element that is farthest off is told, with its place."""
    told = differs(TEXT, [[1.0, 2.0], [3.0, 5.0]], [[1.0, 2.5], [3.0, 4.0]], name="w")
    assert told == "w[1,1] is 5, not 4"


@pytest.mark.parametrize(("off", "agrees"), [(0.5e-3, True), (2e-3, False)])
def test_differs_is_relative_to_the_largest_number(off: float, agrees: bool) -> None:
    """How far a number may be off is relative to the largest one that is wanted."""
    assert (differs(TEXT, [100.0, off], [100.0, 0.0], name="w") is None) is agrees


def test_differs_writes_as_the_rubric_does() -> None:
    """The numbers are written in the rubric's way."""
    assert differs(TEXT, [1.23456], [0.0], write=Writing(digits=2).number, name="w") == "w[0] is 1.2, not 0"


def test_first_difference_says_what_is_meant() -> None:
    """The sentence has the element, and what it should be."""
    assert first_difference("zs", [1.0, 2.0], [1.0, 3.0], "the sum") == "zs[1] is 2, but the sum is 3"
    assert first_difference("zs", [1.0, 2.0], [1.0, 2.0], "the sum") is None
