"""The reference of `activations`: drawn shapes, measured slopes, huge numbers, the corner of ReLU."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from topics import few, is_derivative, slopes, some, topic

activations = topic("activations")
reference, both = activations.reference, activations.both
PAIRS = {"sigmoid": "sigmoid_prime", "tanh": "tanh_prime", "relu": "relu_prime"}

numbers = st.floats(-4, 4).map(lambda value: round(value, 6))  # without the tiny ones, whose ratios mean nothing


def batches(count: int = 1) -> Any:
    """That many arrays of one shape (N, K)."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return shapes.flatmap(lambda shape: st.tuples(*(arrays(float, shape, elements=numbers) for _ in range(count))))


@given(arrays(float, array_shapes(max_dims=3, max_side=3), elements=numbers))
@some
def test_solution_agrees_elementwise(z: Any) -> None:
    """Sigmoid, tanh, ReLU and their derivatives: solution and reference agree on every shape."""
    for name in [*PAIRS, *PAIRS.values()]:
        activations.agree(name, z, rtol=1e-12, atol=1e-15)


@given(batches(2))
@some
def test_solution_agrees_on_softmax(pair: tuple[Any, Any]) -> None:
    """Softmax of rows and batches, its Jacobian and the backward pass agree."""
    dout, z = pair
    activations.agree("softmax", z)
    activations.agree("softmax", z[0])
    np.testing.assert_allclose(reference.softmax(z[0]), reference.softmax(z)[0], rtol=1e-12)
    activations.agree("softmax_jacobian", z[0])
    activations.agree("softmax_backward", dout, z)


@given(batches())
@few
def test_jacobian_is_the_slope(batch: tuple[Any]) -> None:
    """Row i of the Jacobian is the measured gradient of y_i."""
    z = batch[0][0]
    for i, row in enumerate(reference.softmax_jacobian(z)):
        np.testing.assert_allclose(row, slopes(lambda z, i=i: reference.softmax(z)[i], z), atol=1e-8)


@given(batches(2))
@few
def test_backward_is_the_slope(pair: tuple[Any, Any]) -> None:
    """softmax_backward is the measured gradient of Σ dout softmax(z)."""
    dout, z = pair
    is_derivative(reference.softmax_backward(dout, z), reference.softmax, {"z": z}, ("z",), dout)


def test_sigmoid_is_half_a_tanh() -> None:
    """σ(z) = (1 + tanh(z/2)) / 2."""
    z = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(reference.sigmoid(z), (1 + reference.tanh(z / 2)) / 2, rtol=1e-12)


@both
def test_far_out(module: Any) -> None:
    """At ±1000 every value is the limit, without a warning."""
    z = np.array([-1000.0, 1000.0])
    limits = {"sigmoid": [0, 1], "sigmoid_prime": [0, 0], "tanh": [-1, 1], "tanh_prime": [0, 0], "relu": [0, 1000]}
    for name, limit in limits.items():
        np.testing.assert_array_equal(getattr(module, name)(z), limit, err_msg=name)


def test_sigmoid_keeps_its_digits_far_left() -> None:
    """σ(-50) = e^-50 / (1 + e^-50), not 0."""
    np.testing.assert_allclose(reference.sigmoid(np.array([-50.0])), [np.exp(-50)], rtol=1e-12)


@both
@given(shift=st.floats(-1e6, 1e6).map(round).map(float), pair=batches(2))
@few
def test_a_shifted_row_has_the_same_softmax(module: Any, shift: float, pair: tuple[Any, Any]) -> None:
    """Adding a number to each row changes neither softmax nor its gradient, however large it is."""
    dout, z = pair
    np.testing.assert_allclose(module.softmax(z + shift), reference.softmax(z), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(module.softmax_backward(dout, z + shift), reference.softmax_backward(dout, z), atol=1e-6)
