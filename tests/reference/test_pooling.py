"""The reference of `pooling`: drawn batches, true gradients, ties, windows that do not fit evenly, adaptive windows."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, sizes, some, topic, upstream

pooling = topic("pooling")
reference, checks, both = pooling.reference, pooling.checks, pooling.both


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of max and average pooling; gaps of 0.1 between numbers of both signs, so that no maximum is a tie."""
    (size,) = sizes(draw, 1, 3)
    shape = *sizes(draw, 2, 2), *sizes(draw, 2, 6, low=size)
    count = math.prod(shape)
    x = (draw(generators).permutation(count).reshape(shape) - count // 2) * 0.1
    return {"x": x, "size": size, "stride": draw(st.none() | st.integers(1, 4))}


@st.composite
def adaptive_windows(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of adaptive pooling, outputs larger than the image among them."""
    shape = *sizes(draw, 2, 2), *sizes(draw, 2, 7)
    return {"x": draw(generators).normal(size=shape), "size": draw(st.integers(1, 5))}


EVERY_POOL = {"max_pool": windows(), "avg_pool": windows(), "adaptive_avg_pool": adaptive_windows()}
every_pool = pytest.mark.parametrize("name", EVERY_POOL)


@every_pool
@given(st.data())
@some
def test_solution_agrees(name: str, data: st.DataObject) -> None:
    """Pooling of the solution is the reference's, forward and backward."""
    case = data.draw(EVERY_POOL[name])
    pooling.agree(name, **case)
    pooling.agree(f"{name}_backward", upstream(getattr(reference, name), case), **case)


@every_pool
@given(st.data())
@few
def test_backward_is_the_derivative(name: str, data: st.DataObject) -> None:
    """The gradients agree with central differences."""
    case, forward = data.draw(EVERY_POOL[name]), getattr(reference, name)
    dout = upstream(forward, case)
    is_derivative(getattr(reference, f"{name}_backward")(dout, **case), forward, case, ("x",), dout)


@given(windows())
@few
def test_backward_hands_out_what_it_gets(case: dict[str, Any]) -> None:
    """Max and average pooling pass on the whole upstream gradient, no more and no less."""
    dout = upstream(reference.max_pool, case)
    for backward in (reference.max_pool_backward, reference.avg_pool_backward):
        assert backward(dout, **case).sum() == pytest.approx(dout.sum(), abs=1e-12)


@both
def test_equal_maxima_receive_the_gradient_once(module: Any) -> None:
    """In a window of equal numbers one of them has the gradient."""
    dx = module.max_pool_backward(np.full((1, 1, 1, 1), 5.0), np.zeros((1, 1, 2, 2)), 2)
    assert sorted(dx.ravel()) == [0, 0, 0, 5]


def test_law_of_ties_accepts_any_split() -> None:
    """The gradient of a tied window may be divided in any way, and may not be handed out twice."""
    (case,) = checks.ties(np.random.default_rng(0))
    x, dout = case["x"], case["dout"]
    largest = x == reference.max_pool(x, 2).repeat(2, axis=2).repeat(2, axis=3)
    whole = largest * dout.repeat(2, axis=2).repeat(2, axis=3)
    times = largest.reshape(1, 1, 2, 2, 2, 2).sum(axis=(3, 5)).repeat(2, axis=2).repeat(2, axis=3)
    assert checks.shares_add_up(case, [whole / times]) is None
    assert "add up" in checks.shares_add_up(case, [whole])


@both
def test_left_over_rows_are_not_used(module: Any) -> None:
    """Rows that no window reaches are not pooled and have gradient 0."""
    x = np.ones((1, 1, 5, 7))
    assert module.max_pool(x, 2).shape == module.avg_pool(x, 2).shape == (1, 1, 2, 3)
    np.testing.assert_array_equal(module.avg_pool_backward(np.ones((1, 1, 2, 3)), x, 2)[0, 0, 4], np.zeros(7))


@both
def test_adaptive_output_may_be_larger_than_the_image(module: Any) -> None:
    """Windows of one place repeat it when the output is larger."""
    np.testing.assert_allclose(module.adaptive_avg_pool(np.array([[[[7.0]]]]), 3), np.full((1, 1, 3, 3), 7.0), rtol=1e-14)
