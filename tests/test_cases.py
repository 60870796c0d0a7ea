"""Drawing the cases of checks."""

import inspect
from typing import Any

import numpy as np
import pytest

from grader.checks.draft import Cases
from grader.course.cases import changed, given, normal, of_shapes, of_sizes, one_hot, ones, orders, single, with_upstream


def rng() -> np.random.Generator:
    """The same generator again and again."""
    return np.random.default_rng(7)


def draw(rng: np.random.Generator, *shape: int) -> dict[str, Any]:
    """A vector or a matrix, and a number."""
    return dict(x=rng.normal(size=shape), rate=0.5)


ROWS = of_sizes(draw, (2, 3), (1, 4), in_single=(2,))


@pytest.mark.parametrize(
    "cases",
    [ROWS, given(dict(x=1)), of_shapes(dict(x=2)), changed(ROWS, dict), with_upstream(ROWS, lambda case: (1,))],
    ids=["of_sizes", "given", "of_shapes", "changed", "with_upstream"],
)
def test_cases_are_generator_functions(cases: Cases) -> None:
    """What a check takes is a generator function, and the same seed draws the same."""
    assert inspect.isgeneratorfunction(cases)
    np.testing.assert_equal(list(cases(rng())), list(cases(rng())))


def test_sizes_are_drawn_in_their_order() -> None:
    """The draws follow each other as the sizes stand, and the last case is in single precision."""
    by_hand = rng()
    first, second, third = draw(by_hand, 2, 3), draw(by_hand, 1, 4), draw(by_hand, 2)
    found = list(ROWS(rng()))
    np.testing.assert_equal(found, [first, second, dict(x=third["x"].astype(np.float32), rate=0.5)])
    assert [case["x"].dtype for case in found] == [np.float64, np.float64, np.float32]


def test_shapes_are_drawn_in_their_order() -> None:
    """Each array is drawn when its name is read."""
    by_hand = rng()
    want = dict(x=by_hand.normal(size=(2, 1)), b=by_hand.normal(size=3))
    np.testing.assert_equal(list(of_shapes(dict(x=(2, 1), b=3))(rng())), [want])


def test_normal_numbers_have_a_scale() -> None:
    """`scale` is that of the numbers."""
    np.testing.assert_equal(normal(rng(), 0.5, x=3)["x"], rng().normal(scale=0.5, size=3))
    np.testing.assert_equal(list(of_shapes(dict(x=3), scale=0.5)(rng())), [normal(rng(), 0.5, x=3)])


def test_upstream_comes_after_each_case() -> None:
    """The gradient of a case is drawn right after it, stands in front, and has its precision."""
    backward = list(with_upstream(ROWS, lambda case: (len(case["x"]),), name="dh")(rng()))
    by_hand = rng()
    first = draw(by_hand, 2, 3)
    np.testing.assert_equal(backward[0], dict(dh=by_hand.normal(size=2), **first))
    assert [list(case) for case in backward] == [["dh", "x", "rate"]] * 3
    assert [case["dh"].dtype for case in backward] == [np.float64, np.float64, np.float32]


def test_changed_keeps_the_draws() -> None:
    """A change sees each case as it was drawn."""
    twice = changed(ROWS, lambda case: [case, dict(case, rate=1.0)])
    np.testing.assert_equal([pair[0] for pair in twice(rng())], list(ROWS(rng())))


def test_given_cases_need_no_draw() -> None:
    """Cases that are given come as they are."""
    assert list(given(dict(x=1), dict(x=2))(rng())) == [dict(x=1), dict(x=2)]


def test_single_precision_of_floats_alone() -> None:
    """Arrays of floats in lists and dicts become float32; whole numbers, numbers and words stay."""
    labels = np.arange(3)
    found = single(dict(weights=[np.ones(2)], labels=labels, rate=0.1, name="tanh", deep=dict(x=np.zeros(1))))
    assert (found["weights"][0].dtype, found["deep"]["x"].dtype) == (np.float32, np.float32)
    assert (found["labels"] is labels, found["rate"], found["name"]) == (True, 0.1, "tanh")


def test_ones_of_shapes() -> None:
    """`ones` makes arguments in the order in which they are named."""
    np.testing.assert_equal(ones(x=(2, 1), b=2), dict(x=np.ones((2, 1)), b=np.ones(2)))


def test_one_hot_rows() -> None:
    """Every row has a single 1, and classes differ from draw to draw."""
    rows = one_hot(rng(), 20, 3)
    assert (rows.shape, set(rows.ravel()), rows.sum(axis=1).tolist()) == ((20, 3), {0.0, 1.0}, [1.0] * 20)
    assert (rows.sum(axis=0) > 0).all()


@pytest.mark.parametrize("epochs", [0, 3])
def test_orders_are_permutations(epochs: int) -> None:
    """Each epoch has an order of its own; without epochs the array is empty, and still of integers."""
    found = orders(rng(), epochs, 5)
    assert (found.shape, found.dtype) == ((epochs, 5), np.int64)
    assert all(sorted(row) == [0, 1, 2, 3, 4] for row in found.tolist())
