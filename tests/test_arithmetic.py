"""How numbers are written in explanations."""

from typing import Any

import numpy as np
import pytest

from grader.course.arithmetic import Writing, mean, number, place, products, term, total


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(2.0, "2", id="whole"),
        pytest.param(-0.25, "-0.25", id="fraction"),
        pytest.param(1 / 3, "0.333333", id="six-digits"),
        pytest.param(np.float32(0.1), "0.1", id="single-precision"),
        pytest.param(np.array(3), "3", id="array-of-one"),
        pytest.param(-0.0, "-0", id="minus-zero"),
        pytest.param(1e-9, "1e-09", id="tiny"),
    ],
)
def test_number(value: Any, text: str) -> None:
    """A number has six digits at the most, and no point without need."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("writing", "value", "text"),
    [
        pytest.param(Writing(digits=4), 1.23456, "1.235", id="digits"),
        pytest.param(Writing(decimals=4), 12.000049, "12", id="decimals"),
        pytest.param(Writing(decimals=2), 0.996, "1", id="rounded-up"),
        pytest.param(Writing(zero=True), -0.0, "0", id="zero"),
        pytest.param(Writing(decimals=2, zero=True), -0.001, "0", id="rounded-to-zero"),
    ],
)
def test_a_rubric_writes_as_it_likes(writing: Writing, value: float, text: str) -> None:
    """Digits, decimals and the sign of 0 are a rubric's choice."""
    assert writing.number(value) == text


def test_negative_terms_stand_in_brackets() -> None:
    """A negative term or factor stands in brackets, another one does not."""
    assert (term(-1.5), term(1.5), term(0.0)) == ("(-1.5)", "1.5", "0")


def test_total_adds_element_by_element() -> None:
    """A sum goes through an array row by row."""
    assert total([[1, 2], [-3, 0.5]]) == "1 + 2 + -3 + 0.5"


@pytest.mark.parametrize(
    ("left", "right", "brackets", "text"),
    [
        pytest.param([1, 2], [3, -4], False, "1*3 + 2*-4", id="plain"),
        pytest.param([1, -2], [3, -4], True, "1*3 + (-2)*(-4)", id="brackets"),
        pytest.param([[1, 2], [3, 4]], [5, 6, 7, 8], False, "1*5 + 2*6 + 3*7 + 4*8", id="another-shape"),
        pytest.param([], [], False, "0", id="none"),
    ],
)
def test_products(left: Any, right: Any, brackets: bool, text: str) -> None:
    """The numbers that meet are multiplied and added; nothing comes to 0."""
    assert products(left, right, brackets) == text


def test_products_of_unequal_length_are_a_mistake() -> None:
    """A number that meets none is not left out in silence."""
    with pytest.raises(ValueError, match="zip"):
        products([1, 2], [3])


def test_place_is_written_with_commas() -> None:
    """An index is written as between brackets, whatever integers it is of."""
    assert (place((0, np.int64(2))), place(())) == ("0,2", "")


def test_mean_of_terms() -> None:
    """Several terms are added and divided by their number; one is itself."""
    assert (mean(["1", "2"]), mean(["1"])) == ("(1 + 2)/2", "1")
