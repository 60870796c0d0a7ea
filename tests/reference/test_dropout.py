"""The reference of `dropout`: drawn batches, the true gradient, the layer, what the laws of drawn masks refuse."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, rubric, some, topic

dropout = topic("dropout")
reference, checks, both = dropout.reference, dropout.checks, dropout.both


@st.composite
def batches(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of the forward pass, p = 0 and both modes among them."""
    rng, shape = draw(generators), tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    p = draw(st.just(0.0) | st.floats(0.0, 0.95))
    return {"x": rng.normal(size=shape), "draws": rng.random(shape), "p": p, "training": draw(st.booleans())}


def backward(case: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the backward pass."""
    return {"dout": np.random.default_rng(0).normal(size=case["x"].shape), **{n: v for n, v in case.items() if n != "x"}}


def test_slide_drops_where_the_fixture_does() -> None:
    """The slide's own result is that of the fixture, once the 0 and the 6 of its second row have changed places."""
    printed = np.array([[2, 4, 0, 0], [4, 0, 6, 2], [6, 0, 0, 4], [0, 2, 4, 0]], dtype=float)
    printed[1, [1, 2]] = printed[1, [2, 1]]
    np.testing.assert_array_equal(printed, rubric("dropout").examples["dropout"].expected)


@given(batches())
@some
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Mask, forward and backward pass of the solution are the reference's, in both modes."""
    dropout.agree("dropout_mask", case["draws"], case["p"])
    dropout.agree("dropout_forward", **case)
    dropout.agree("dropout_backward", **backward(case))


@given(batches())
@few
def test_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """The gradient agrees with central differences of the forward pass."""
    given_ = backward(case)
    is_derivative(reference.dropout_backward(**given_), reference.dropout_forward, case, ("x",), given_["dout"])


@both
@given(case=batches())
@few
def test_layer_does_what_the_functions_do(module: Any, case: dict[str, Any]) -> None:
    """The layer gives the functions' results in the mode that it is in."""
    layer, given_ = module.Dropout(case["p"]), backward(case)
    if not case["training"]:
        layer.eval()
    np.testing.assert_allclose(layer.forward(case["x"], case["draws"]), reference.dropout_forward(**case), rtol=1e-14)
    np.testing.assert_allclose(layer.backward(given_["dout"]), reference.dropout_backward(**given_), rtol=1e-14)


@both
def test_draw_equal_to_p_is_kept(module: Any) -> None:
    """The slide drops where the draw is below p, not where it equals p; p = 0 keeps a draw of 0."""
    np.testing.assert_array_equal(module.dropout_mask(np.array([0.5, 0.0]), 0.5), [2, 0])
    np.testing.assert_array_equal(module.dropout_mask(np.zeros(3), 0.0), [1, 1, 1])


@both
def test_single_precision_gives_floats(module: Any) -> None:
    """Floats of single precision come back as floats."""
    assert module.dropout_forward(np.ones(2, dtype=np.float32), np.array([0.9, 0.1]), 0.3).dtype.kind == "f"


@pytest.mark.parametrize(
    ("law", "mask", "said"),
    [
        (checks.two_values, np.array([[0, 5.0]]), "has 5 too"),
        (checks.two_values, np.full((2, 2), 1.25), "nothing is dropped"),
        (checks.two_values, np.array([[0, 1e300]]), "too"),
        (checks.dropped_as_often_as_p_says, np.eye(40), "1560 of 1600 numbers are dropped"),
        (checks.every_place_for_itself, np.repeat([[0], [1.25]], 9, axis=1), "along axis 1"),
    ],
)
def test_laws_of_drawn_masks_say_what_is_broken(law: Any, mask: np.ndarray, said: str) -> None:
    """Wrong masks are told what is wrong with them."""
    assert said in law(dict(shape=mask.shape, p=0.2, seed=1), [mask])


def test_law_of_the_mean_refuses_the_identity() -> None:
    """Passing x through keeps its mean, too, but drops nothing."""
    for case in checks.evenly_spread(np.random.default_rng(0)):
        assert "are 0" in checks.keeps_the_mean(case, [case["x"]])
        assert "mean" in checks.keeps_the_mean(case, [np.where(case["draws"] < case["p"], 0.0, 1e300)])
