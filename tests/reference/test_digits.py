"""The reference of `digits`: drawn layers, true gradients, training on real digits, the data."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, sizes, some, topic

digits = topic("digits")
reference, solution, checks, both = digits.reference, digits.solution, digits.checks, digits.both


@st.composite
def convolutions(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a convolution whose filters fit, with an upstream gradient."""
    (size,) = sizes(draw, 1, 3)
    height, width = sizes(draw, 2, 5, low=size)
    batch, channels, filters = sizes(draw, 3, 3)
    rng = draw(generators)
    case = checks.conv_case(rng, batch, channels, height, width, filters, size)
    return {"dout": rng.normal(size=checks.conv_output(case)), **case}


@st.composite
def pools(draw: st.DrawFn) -> dict[str, Any]:
    """Distinct numbers to be pooled, with an upstream gradient."""
    (size,) = sizes(draw, 1, 3)
    (batch, channels), (height, width) = sizes(draw, 2, 3), sizes(draw, 2, 7, low=size)
    rng = draw(generators)
    dout = rng.normal(size=(batch, channels, height // size, width // size))
    return {"dout": dout, "x": checks.spread(rng, batch, channels, height, width), "size": size}


def forward(case: dict[str, Any]) -> dict[str, Any]:
    """The arguments of the forward pass."""
    return {key: value for key, value in case.items() if key != "dout"}


@given(convolutions())
@some
def test_solution_agrees_on_convolutions(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution's convolution are the reference's."""
    digits.agree("conv_forward", **forward(case))
    digits.agree("conv_backward", **case)


@given(convolutions())
@few
def test_convolution_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """dx, dw and db agree with central differences."""
    is_derivative(reference.conv_backward(**case), reference.conv_forward, forward(case), ("x", "w", "b"), case["dout"])


@given(pools())
@some
def test_solution_agrees_on_pools(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution's pooling are the reference's."""
    digits.agree("max_pool", **forward(case))
    digits.agree("max_pool_backward", **case)


@given(pools())
@few
def test_pool_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """dx agrees with central differences."""
    is_derivative(reference.max_pool_backward(**case), reference.max_pool, forward(case), ("x",), case["dout"])


@both
def test_example_of_the_network(module: Any) -> None:
    """The docstring's 2 x 2 image gives the logits 2 and 3."""
    parameters = [np.ones((1, 1, 1, 1)), np.array([-1.0]), np.array([[1.0, -1.0]]), np.array([0.0, 5.0])]
    np.testing.assert_array_equal(module.network(parameters, np.array([[[[1.0, 2.0], [3.0, 0.0]]]])), [[2, 3]])


@pytest.mark.parametrize("seed", range(3))
def test_reads_digits(seed: int) -> None:
    """The whole run of the rubric reads well over seven of ten unseen digits, for any seed."""
    ((training, reading, measuring),) = checks.whole_training(np.random.default_rng(seed))
    parameters, _ = solution.train(*training.args)
    assert solution.accuracy(solution.network(parameters, reading.args[1]), measuring.args[1]) > 0.78


def test_data() -> None:
    """The images are small whole numbers with their labels, and the file says where they come from."""
    assert checks.DATA["images"].shape == (1797, 8, 8)
    assert checks.DATA["images"].dtype == np.uint8 and checks.DATA["images"].max() == 16
    assert set(checks.LABELS) == set(range(10))
    assert "Alpaydin" in str(checks.DATA["source"]) and "CC BY 4.0" in str(checks.DATA["licence"])


def test_what_is_sent_is_small() -> None:
    """No call of the rubric's whole run takes more than 400 KB."""
    for use in next(iter(checks.whole_training(np.random.default_rng(0)))):
        arrays = [one for arg in use.args for one in (arg if isinstance(arg, list) else [arg])]
        assert sum(one.nbytes for one in arrays if isinstance(one, np.ndarray)) <= 400_000
