"""The reference of the delta rule: the lecture's numbers, the solution's results, the true gradient."""

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
from hypothesis.extra.numpy import arrays

from reference import delta_rule as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/delta_rule/examples.toml").read_text(encoding="utf-8"))
ACTIVATIONS = ("sigmoid", "tanh")
STEP = 1e-6


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_delta_rule", ROOT / "solutions/delta_rule.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()


def number(value: Any) -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        return np.array([number(item) for item in value], dtype=float)
    return float(Fraction(value))


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a step: a small network, its input, targets and a rate."""
    d, h, j = (draw(st.integers(1, 4)) for _ in range(3))
    values = st.floats(-3, 3)
    return {
        "x": draw(arrays(float, d, elements=values)),
        "target": draw(arrays(float, j, elements=st.floats(-1, 1))),
        "w_hidden": draw(arrays(float, (h, d), elements=values)),
        "w_output": draw(arrays(float, (j, h), elements=values)),
        "mu": draw(st.floats(0.01, 2)),
        "activation": draw(st.sampled_from(ACTIVATIONS)),
    }


def squared_error(case: dict[str, Any], w_hidden: Any, w_output: Any) -> float:
    """ε² of the network with these weights."""
    output = reference.forward(case["x"], w_hidden, w_output, case["activation"])[3]
    return float(((case["target"] - output) ** 2).sum())


def slope(function: Callable[[Any], float], point: Any) -> Any:
    """Central differences of `function` in every coordinate of `point`."""
    result = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        shift = np.zeros_like(point)
        shift[index] = STEP
        result[index] = (function(point + shift) - function(point - shift)) / (2 * STEP)
    return result


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the slide's numbers."""
    example = EXAMPLES[name]
    got = getattr(module, example["exercise"])(**{key: number(value) for key, value in example["inputs"].items()})
    expected = example["expected"]
    if isinstance(expected, dict):
        assert len(got) == len(expected)
        for result, want in zip(got, expected.values(), strict=True):
            np.testing.assert_allclose(result, number(want), rtol=1e-14)
    else:
        np.testing.assert_allclose(got, number(expected), rtol=1e-14)


@given(networks())
@settings(max_examples=50, deadline=None)
def test_solution_agrees_with_reference(case: dict[str, Any]) -> None:
    """Every function of the solution returns what the reference's does."""
    x, target, w_hidden, w_output, mu, activation = case.values()
    s_hidden, hidden, s_output, _ = reference.forward(x, w_hidden, w_output, activation)
    delta = reference.output_delta(s_output, target, activation)
    for name, args in {
        "sgm_prime": (s_hidden, activation),
        "forward": (x, w_hidden, w_output, activation),
        "output_delta": (s_output, target, activation),
        "hidden_delta": (s_hidden, w_output, delta, activation),
        "weight_step": (delta, hidden, mu),
        "step_in_order": tuple(case.values()),
        "step_simultaneous": tuple(case.values()),
    }.items():
        want, got = getattr(reference, name)(*args), getattr(solution, name)(*args)
        for one, other in zip(want, got, strict=True) if isinstance(want, tuple) else [(want, got)]:
            np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-12, err_msg=name)


@given(networks())
@settings(max_examples=50, deadline=None)
def test_simultaneous_step_follows_the_gradient(case: dict[str, Any]) -> None:
    """ΔW = -μ ∂ε²/∂W in both layers, by central differences."""
    new_hidden, new_output = reference.step_simultaneous(**case)
    for new, old, error in (
        (new_hidden, case["w_hidden"], lambda w: squared_error(case, w, case["w_output"])),
        (new_output, case["w_output"], lambda w: squared_error(case, case["w_hidden"], w)),
    ):
        np.testing.assert_allclose(new - old, -case["mu"] * slope(error, old), rtol=1e-6, atol=1e-7)


@given(networks())
@settings(max_examples=50, deadline=None)
def test_both_steps_share_the_output_layer(case: dict[str, Any]) -> None:
    """The order of the updates changes the hidden weights only."""
    np.testing.assert_array_equal(reference.step_in_order(**case)[1], reference.step_simultaneous(**case)[1])


def test_order_of_updates_matters() -> None:
    """From zero output weights the hidden layer moves in order, and stays in a simultaneous step (erratum E5)."""
    inputs = {key: number(value) for key, value in EXAMPLES["delta-hidden-weights"]["inputs"].items()}
    assert np.all(reference.step_in_order(**inputs)[0] != 0)
    assert np.all(reference.step_simultaneous(**inputs)[0] == 0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slope_is_the_derivative(activation: str) -> None:
    """sgm' is the slope of sgm."""
    s = np.linspace(-4, 4, 17)
    want = (reference.sgm(s + STEP, activation) - reference.sgm(s - STEP, activation)) / (2 * STEP)
    np.testing.assert_allclose(reference.sgm_prime(s, activation), want, atol=1e-9)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_slope_is_finite_far_out(module: Any, activation: str) -> None:
    """sgm'(±1000) is 0, without a warning."""
    np.testing.assert_array_equal(module.sgm_prime(np.array([-1000.0, 1000.0]), activation), [0.0, 0.0])


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("sgm_prime", (np.zeros(2), "relu")),
        ("forward", (np.ones(3), np.ones((2, 4)), np.ones((1, 2)))),
        ("forward", (np.ones(4), np.ones((2, 4)), np.ones((1, 3)))),
        ("output_delta", (np.zeros(3), np.zeros(2))),
        ("hidden_delta", (np.zeros(1), np.ones((2, 1)), np.ones(2), "relu")),
    ],
)
def test_bad_input_is_refused(module: Any, name: str, args: tuple[Any, ...]) -> None:
    """Shapes that do not fit and unknown activations raise ValueError."""
    with pytest.raises(ValueError):
        getattr(module, name)(*args)


@given(networks())
@settings(max_examples=20, deadline=None)
def test_arguments_are_left_alone(case: dict[str, Any]) -> None:
    """No step writes into the arrays it is given."""
    before = {key: np.copy(value) for key, value in case.items()}
    for module in (reference, solution):
        module.step_in_order(**case)
        module.step_simultaneous(**case)
    for key, value in case.items():
        np.testing.assert_array_equal(value, before[key])
