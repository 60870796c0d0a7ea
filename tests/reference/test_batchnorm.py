"""The reference of `batchnorm`: drawn batches, true gradients, what the laws of normalization refuse, extremes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import generators, is_derivative, sizes, some, topic

batchnorm = topic("batchnorm")
reference, checks, both = batchnorm.reference, batchnorm.checks, batchnorm.both


@st.composite
def batches(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a forward pass for vectors or images; batches of one example and constant features among them."""
    rng, shape = draw(generators), sizes(draw, draw(st.sampled_from([2, 4])), 4)
    x = rng.normal(size=shape) * 2 + 1
    if draw(st.booleans()):
        x[:, 0] = 3.0
    eps = draw(st.sampled_from([1e-5, 1e-3, 0.5]))
    return {"x": x, "gamma": rng.normal(size=shape[1]), "beta": rng.normal(size=shape[1]), "eps": eps}


def kind(case: dict[str, Any]) -> str:
    """The ending of the functions' names."""
    return "_spatial" if case["x"].ndim == 4 else ""


@given(batches(), st.floats(0.0, 1.0))
@some
def test_solution_agrees(case: dict[str, Any], momentum: float) -> None:
    """Both passes, running statistics and inference of the solution are the reference's, for vectors and images."""
    x, gamma, beta, eps = case.values()
    batchnorm.agree(f"batchnorm_forward{kind(case)}", **case, atol=1e-9)
    batchnorm.agree(f"batchnorm_backward{kind(case)}", np.random.default_rng(0).normal(size=x.shape), x, gamma, eps, atol=1e-9)
    batchnorm.agree("running_statistics", x, beta, gamma**2, momentum)
    batchnorm.agree("batchnorm_inference", x, gamma, beta, beta, gamma**2, 0.1)


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 2, 2)], ids=["vectors", "images"])
def test_backward_is_the_derivative(shape: tuple[int, ...]) -> None:
    """dx, dgamma and dbeta agree with central differences of the forward pass."""
    rng = np.random.default_rng(0)
    case = {"x": rng.normal(size=shape), "gamma": rng.normal(size=3), "beta": rng.normal(size=3), "eps": 1e-3}
    forward, backward = (getattr(reference, f"batchnorm_{way}{kind(case)}") for way in ("forward", "backward"))
    dout = rng.normal(size=shape)
    is_derivative(backward(dout, case["x"], case["gamma"], 1e-3), forward, case, ("x", "gamma", "beta"), dout)


def test_laws_refuse_what_is_wrong() -> None:
    """Zeros, huge numbers and x itself do not pass for normalized, nor do zeros for a gradient."""
    case = next(checks.vectors(np.random.default_rng(0)))
    for wrong in (np.zeros_like(case["x"]), np.full_like(case["x"], 1e300), case["x"]):
        assert "should have the" in checks.standardized(case, [wrong])
    case = next(checks.vectors_backward(np.random.default_rng(0)))
    assert "0 everywhere" in checks.ignores_shifts(case, [(np.zeros_like(case["x"]), 0, 0)])
    assert "adds up to" in checks.ignores_shifts(case, [(np.full_like(case["x"], 1e300), 0, 0)])


def test_law_of_inference_refuses_what_is_wrong() -> None:
    """x itself does not pass for normalized, nor does what looks at the batch."""
    (case,) = checks.alone_and_together(np.random.default_rng(0))
    assert "should give beta" in checks.looks_at_no_neighbours(case, [call["x"] for call in case])
    batchwise = [reference.batchnorm_forward(call["x"], call["gamma"], call["beta"]) for call in case]
    assert "alone" in checks.looks_at_no_neighbours(case, batchwise)


@both
def test_images_of_one_pixel_are_vectors(module: Any) -> None:
    """(N, C, 1, 1) gives what (N, C) gives."""
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.normal(size=(5, 3)), rng.normal(size=3), rng.normal(size=3)
    as_image = module.batchnorm_forward_spatial(x[:, :, None, None], gamma, beta)
    np.testing.assert_allclose(as_image[:, :, 0, 0], module.batchnorm_forward(x, gamma, beta), rtol=1e-12)


@both
def test_no_variance(module: Any) -> None:
    """A constant feature becomes beta, and its gradient stays finite; a batch of one has dx = 0."""
    x, ones = np.array([[3.0], [3.0]]), np.ones(1)
    np.testing.assert_array_equal(module.batchnorm_forward(x, ones, 7 * ones), [[7], [7]])
    dx, dgamma, dbeta = module.batchnorm_backward(np.array([[1.0], [3.0]]), x, ones, 0.25)
    np.testing.assert_allclose(dx, [[-2], [2]])
    assert (dgamma.item(), dbeta.item()) == (0, 4)
    np.testing.assert_array_equal(module.batchnorm_backward(ones[None], x[:1], ones)[0], [[0]])


@both
def test_far_from_zero(module: Any) -> None:
    """Ten million added to x changes the result by rounding only."""
    rng = np.random.default_rng(0)
    x, ones = rng.normal(size=(6, 2)), np.ones(2)
    far = module.batchnorm_forward(x + 1e7, ones, ones)
    np.testing.assert_allclose(far, module.batchnorm_forward(x, ones, ones), atol=1e-7)
