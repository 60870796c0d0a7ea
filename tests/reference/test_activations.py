"""The reference of the activations: the lecture's numbers, the solution's results, measured slopes, huge numbers."""

import importlib.util
import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from reference import activations as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/activations/examples.toml").read_text(encoding="utf-8"))
PAIRS = {"sigmoid": "sigmoid_prime", "tanh": "tanh_prime", "relu": "relu_prime"}
ELEMENTWISE = [*PAIRS, *PAIRS.values()]
STEP = 1e-6


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_activations", ROOT / "solutions/activations.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def number(value: Any) -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        return np.array([number(item) for item in value], dtype=float)
    return float(Fraction(value)) if isinstance(value, str) else float(value)


def finite(low: float = -4, high: float = 4) -> Any:
    """Floats without the tiny ones, whose ratios mean nothing."""
    return st.floats(low, high).map(lambda value: round(value, 6))


def batches(count: int = 1) -> Any:
    """That many arrays of one shape (N, K)."""
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return shapes.flatmap(lambda shape: st.tuples(*(arrays(float, shape, elements=finite()) for _ in range(count))))


def slope(function: Callable[[Any], Any], point: Any) -> Any:
    """Central differences of a number that depends on an array."""
    result = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        shift = np.zeros_like(point)
        shift[index] = STEP
        result[index] = (function(point + shift) - function(point - shift)) / (2 * STEP)
    return result


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the lecture's numbers at the precision at which they are printed."""
    example = EXAMPLES[name]
    got = getattr(module, example["exercise"])(**{key: number(value) for key, value in example["inputs"].items()})
    places = example.get("decimals")
    atol = 0.5 * 10.0**-places if places is not None else 1e-14
    np.testing.assert_allclose(got, number(example["expected"]), rtol=0, atol=atol)


def test_slide_sum_of_exponentials() -> None:
    """The slide's Σ e^a is 7.9951, about 8."""
    total = np.exp(number(EXAMPLES["softmax"]["inputs"]["z"])).sum()
    assert round(total, 4) == 7.9951 and round(total) == 8


@given(arrays(float, array_shapes(max_dims=3, max_side=3), elements=finite()))
@settings(max_examples=40, deadline=None)
def test_solution_agrees_elementwise(z: Any) -> None:
    """Sigmoid, tanh, ReLU and their derivatives: solution and reference agree on every shape."""
    for name in ELEMENTWISE:
        np.testing.assert_allclose(getattr(solution, name)(z), getattr(reference, name)(z), rtol=1e-12, atol=1e-15, err_msg=name)


@given(batches(2))
@settings(max_examples=40, deadline=None)
def test_solution_agrees_on_softmax(pair: tuple[Any, Any]) -> None:
    """Softmax of rows and batches, its Jacobian and the backward pass agree."""
    dout, z = pair
    np.testing.assert_allclose(solution.softmax(z), reference.softmax(z), rtol=1e-12)
    np.testing.assert_allclose(solution.softmax(z[0]), reference.softmax(z)[0], rtol=1e-12)
    np.testing.assert_allclose(solution.softmax_jacobian(z[0]), reference.softmax_jacobian(z[0]), rtol=1e-9, atol=1e-15)
    np.testing.assert_allclose(solution.softmax_backward(dout, z), reference.softmax_backward(dout, z), rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("name", PAIRS)
def test_derivative_is_the_slope(name: str) -> None:
    """Each derivative is the measured slope of its activation, clear of the corner."""
    z = np.linspace(-3.1, 3, 14)
    want = slope(lambda z: getattr(reference, name)(z).sum(), z)
    np.testing.assert_allclose(getattr(reference, PAIRS[name])(z), want, atol=1e-8)


@given(batches())
@settings(max_examples=20, deadline=None)
def test_jacobian_is_the_slope(batch: tuple[Any]) -> None:
    """Row i of the Jacobian is the measured gradient of y_i."""
    z = batch[0][0]
    for i, row in enumerate(reference.softmax_jacobian(z)):
        np.testing.assert_allclose(row, slope(lambda z, i=i: reference.softmax(z)[i], z), atol=1e-8)


@given(batches(2))
@settings(max_examples=20, deadline=None)
def test_backward_is_the_slope(pair: tuple[Any, Any]) -> None:
    """softmax_backward is the measured gradient of Σ dout softmax(z)."""
    dout, z = pair
    want = slope(lambda z: (dout * reference.softmax(z)).sum(), z)
    np.testing.assert_allclose(reference.softmax_backward(dout, z), want, atol=1e-7)


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
@given(st.floats(-1e6, 1e6), batches(2))
@settings(max_examples=20, deadline=None)
def test_a_shifted_row_has_the_same_softmax(module: Any, shift: float, pair: tuple[Any, Any]) -> None:
    """Adding a number to each row changes neither softmax nor its gradient, however large it is."""
    dout, z = pair
    shift = float(round(shift))
    moved = z + shift
    np.testing.assert_allclose(module.softmax(moved), reference.softmax(z), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(module.softmax_backward(dout, moved), reference.softmax_backward(dout, z), atol=1e-6)


@both
def test_rows_far_apart(module: Any) -> None:
    """A row 2000 below another keeps its softmax."""
    z = np.array([[1000.0, 1001.0], [-1000.0, -999.0]])
    np.testing.assert_allclose(module.softmax(z)[1], module.softmax(z)[0], rtol=1e-12)


@both
def test_any_slope_at_the_corner(module: Any) -> None:
    """relu'(0) lies in [0, 1] (erratum E12)."""
    assert 0 <= module.relu_prime(np.zeros(1))[0] <= 1


@both
def test_whole_numbers_become_floats(module: Any) -> None:
    """Integer inputs are not cut off."""
    z = np.array([[-1, 0, 2]])
    for name in [*ELEMENTWISE, "softmax"]:
        got = getattr(module, name)(z)
        assert got.dtype == np.float64
        np.testing.assert_allclose(got, getattr(reference, name)(z.astype(float)), rtol=1e-12)


def test_single_precision_stays() -> None:
    """The reference answers float32 in float32."""
    z = np.ones((2, 3), np.float32)
    for name in [*ELEMENTWISE, "softmax"]:
        assert getattr(reference, name)(z).dtype == np.float32
    assert reference.softmax_backward(z, z).dtype == reference.softmax_jacobian(z[0]).dtype == np.float32


@both
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("softmax_jacobian", (np.zeros((2, 3)),)),
        ("softmax_backward", (np.zeros(3), np.zeros((2, 3)))),
        ("softmax_backward", (np.zeros((3, 2)), np.zeros((2, 3)))),
    ],
)
def test_bad_input_is_refused(module: Any, name: str, args: tuple[Any, ...]) -> None:
    """A batch for the Jacobian and shapes that differ raise ValueError."""
    with pytest.raises(ValueError):
        getattr(module, name)(*args)


@both
def test_arguments_are_left_alone(module: Any) -> None:
    """No function writes into what it is given."""
    z = np.array([[-1.0, 0.0, 2.0]])
    z.flags.writeable = False
    for name in [*ELEMENTWISE, "softmax"]:
        getattr(module, name)(z)
    module.softmax_jacobian(z[0])
    module.softmax_backward(z, z)
