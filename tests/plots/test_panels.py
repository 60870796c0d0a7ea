"""Panels look at their numbers first: what cannot be drawn is named, and never reaches the drawing."""

from typing import Any

import numpy as np
import pytest

from grader.course.panels import (
    MOST,
    MOST_ITEMS,
    NotDrawableError,
    bars,
    cells,
    grid,
    lines,
    numbers,
    paths,
    regions,
    spread,
)


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (np.zeros((2, 3, 4)), "the shape is 2×3×4, and …×… is needed"),
        (3.0, "the shape is one number, and …×… is needed"),
        ("abc", "got the string 'abc'"),
        (None, "got None"),
        ([[1, 2], [3]], "got a list of 2 items"),
        ({"a": 1}, "got a dict with 1 key"),
        (np.ones((2, 2)) * 1j, "got .*, which cannot be drawn"),
        (np.full((2, 2), np.nan), "no number in it is finite"),
        (np.zeros((0, 3)), "no number in it is finite"),
        (np.zeros((MOST, 2)), "numbers are too many"),
    ],
)
def test_what_is_no_matrix_is_named(value: Any, problem: str) -> None:
    """Whatever a student's function returns, the message says what came."""
    with pytest.raises(NotDrawableError, match=problem):
        cells("image", value)


@pytest.mark.parametrize("value", [[[1, 2], [3, 4]], np.eye(2, dtype=bool), np.ones((2, 2), np.float16), [[1, np.nan], [2, 3]]])
def test_every_matrix_of_numbers_is_drawn(value: Any) -> None:
    """Lists, booleans, any precision and single numbers that are not finite are numbers to draw."""
    assert cells("image", value).values.shape == (2, 2)


def test_a_length_that_is_known_is_asked_for() -> None:
    """An axis of another length than the picture needs is not a picture of it."""
    assert numbers(np.zeros((4, 8)), None, 8).shape == (4, 8)
    with pytest.raises(NotDrawableError, match="the shape is 4×7, and …×8 is needed"):
        numbers(np.zeros((4, 7)), None, 8)


@pytest.mark.parametrize(
    "panel",
    [
        lambda: lines("curves", {"a": [1, 2, 3], "b": [1, 2]}),
        lambda: lines("curves", {"a": [1, 2, 3]}, x=[0, 1]),
        lambda: paths("ways", [0, 1], [0, 1, 2], np.ones((2, 2)), {"a": np.ones((4, 2))}),
        lambda: paths("ways", [0, 1], [0, 1], np.ones((2, 2)), {"a": np.ones((4, 3))}),
        lambda: regions("plane", [0, 1], [0, 1], np.ones((2, 2)), np.ones((5, 2)), np.ones(4)),
        lambda: bars("bars", ("a", "b"), {"one": [1, 2, 3]}),
        lambda: spread("sets", {"one": ["a"]}),
    ],
)
def test_numbers_that_do_not_belong_together_are_refused(panel: Any) -> None:
    """Curves have a number for each x, a surface for each place, examples a label each."""
    with pytest.raises(NotDrawableError):
        panel()


def test_more_images_than_can_be_told_apart_are_refused() -> None:
    """A grid has an end, also where a function returns a million images."""
    assert len(grid("images", np.ones((MOST_ITEMS, 2, 2))).values) == MOST_ITEMS
    with pytest.raises(NotDrawableError, match=f"1 to {MOST_ITEMS}"):
        grid("images", np.ones((MOST_ITEMS + 1, 2, 2)))
