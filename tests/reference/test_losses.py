"""The reference of the losses: the lectures' numbers, the solution's results, measured slopes, probabilities of 0 and 1."""

import importlib.util
import math
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

from reference import losses as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/losses/examples.toml").read_text(encoding="utf-8"))
REGRESSION = ("mse", "mae", "mape")
ROWS = ("categorical_cross_entropy", "kl_divergence")
LOSSES = (*REGRESSION, "binary_cross_entropy", "poisson", *ROWS)
STEP = 1e-6


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_losses", ROOT / "solutions/losses.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
every_loss = pytest.mark.parametrize("name", LOSSES)


def number(value: Any) -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        return np.array([number(item) for item in value], dtype=float)
    return float(Fraction(value)) if isinstance(value, str) else float(value)


@st.composite
def cases(draw: st.DrawFn, corners: bool = True) -> tuple[Any, Any, Any, Any]:
    """Targets and predictions of a regression (apart from each other, unless `corners`), then labels and probabilities; all (N, K)."""
    shape = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    target = draw(arrays(float, shape, elements=st.sampled_from([-3.0, -1.5, 0.5, 1.0, 2.0])))
    apart = st.sampled_from([-1.0, -0.25, 0.125, 2.0] + [0.0] * corners)
    labels = draw(arrays(float, shape, elements=st.sampled_from([0.0, 0.25, 1.0])))
    probabilities = draw(arrays(float, shape, elements=st.integers(1, 99).map(lambda percent: percent / 100)))
    return target, target + draw(arrays(float, shape, elements=apart)), labels, probabilities


def arguments(name: str, case: tuple[Any, Any, Any, Any]) -> tuple[Any, Any]:
    """The part of a case that suits a loss."""
    return case[:2] if name in REGRESSION else case[2:]


def slope(function: Callable[[Any], float], point: Any) -> Any:
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
    """Reference and solution give the examples' numbers at the precision at which they are printed."""
    example = EXAMPLES[name]
    got = getattr(module, example["exercise"])(**{key: number(value) for key, value in example["inputs"].items()})
    places = example.get("decimals")
    atol = 0.5 * 10.0**-places if places is not None else 1e-14
    np.testing.assert_allclose(got, number(example["expected"]), rtol=0, atol=atol)


def test_the_slide_of_l3_has_another_logarithm() -> None:
    """0.259637311 is the cross-entropy to base 10 (erratum E7)."""
    inputs = {key: number(value) for key, value in EXAMPLES["cce-l3"]["inputs"].items()}
    assert round(reference.categorical_cross_entropy(**inputs) / math.log(10), 9) == 0.259637311


@given(cases())
@settings(max_examples=40, deadline=None)
def test_solution_agrees_with_reference(case: Any) -> None:
    """Every loss and every gradient of the solution is the reference's."""
    for name in LOSSES:
        args = arguments(name, case)
        assert getattr(solution, name)(*args) == pytest.approx(getattr(reference, name)(*args), rel=1e-9, abs=1e-12), name
        got, want = (getattr(module, f"{name}_gradient")(*args) for module in (solution, reference))
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12, err_msg=name)


@given(cases(corners=False))
@settings(max_examples=25, deadline=None)
def test_gradient_is_the_slope(case: Any) -> None:
    """Each gradient is the measured slope of its loss."""
    for name in LOSSES:
        y_true, y_pred = arguments(name, case)
        want = slope(lambda p, name=name, t=y_true: getattr(reference, name)(t, p), y_pred)
        np.testing.assert_allclose(
            getattr(reference, f"{name}_gradient")(y_true, y_pred), want, rtol=1e-5, atol=1e-5, err_msg=name
        )


@every_loss
@both
def test_a_batch_twice_costs_the_same(module: Any, name: str) -> None:
    """All losses are means: repeating the rows changes nothing."""
    y_true, y_pred = np.array([[0.2, 0.8], [0.5, 0.5]]), np.array([[0.3, 0.7], [0.9, 0.1]])
    loss = getattr(module, name)
    twice = loss(np.tile(y_true, (2, 1)), np.tile(y_pred, (2, 1)))
    assert twice == pytest.approx(loss(y_true, y_pred), rel=1e-12)


@pytest.mark.parametrize("name", ROWS)
def test_classes_are_added_up(name: str) -> None:
    """A class without probability on either side changes nothing, as the mean goes over the rows."""
    y_true, y_pred = np.array([[0.2, 0.8]]), np.array([[0.3, 0.7]])
    loss = getattr(reference, name)
    wider = loss(np.array([[0.2, 0.8, 0.0]]), np.array([[0.3, 0.7, 0.0]]))
    assert wider == pytest.approx(loss(y_true, y_pred), rel=1e-12)


@both
def test_certain_predictions_cost_the_logarithm_of_epsilon(module: Any) -> None:
    """p = 0 for what happened costs -log(1e-7), p = 1 costs nothing."""
    floor = -math.log(1e-7)
    yes, no = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    for name in ("binary_cross_entropy", *ROWS):
        assert getattr(module, name)(yes, no) == pytest.approx(floor, rel=1e-6)
        assert getattr(module, name)(yes, yes) == pytest.approx(0, abs=1e-6)
    assert module.poisson(np.array([1.0]), np.array([0.0])) == pytest.approx(floor)


@both
def test_certain_predictions_have_a_finite_gradient(module: Any) -> None:
    """It is the formula's at the clipped prediction: large where the prediction is wrong, and not 0."""
    t, p = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    np.testing.assert_allclose(module.binary_cross_entropy_gradient(t, p), [[-5e6, 5e6]], rtol=1e-6)
    for name in ROWS:
        np.testing.assert_allclose(getattr(module, f"{name}_gradient")(t, p), [[-1e7, 0]], rtol=1e-6)
    np.testing.assert_allclose(module.poisson_gradient(t, p), [[-5e6, 0.5]], rtol=1e-6)


@both
def test_target_of_zero(module: Any) -> None:
    """MAPE stays finite where a target is 0."""
    t, p = np.array([0.0, 1.0]), np.array([1.0, 1.0])
    assert module.mape(t, p) == pytest.approx(100 / 1e-7 / 2)
    np.testing.assert_allclose(module.mape_gradient(t, p), [100 / 1e-7 / 2, 0])


@both
def test_any_slope_at_a_corner(module: Any) -> None:
    """At p = t the gradients of MAE and MAPE lie between the slopes to both sides."""
    t = np.array([2.0, -4.0])
    assert np.all(np.abs(module.mae_gradient(t, t)) <= 1 / 2)
    assert np.all(np.abs(module.mape_gradient(t, t)) <= 100 / np.abs(t) / 2)


@given(cases())
@settings(max_examples=25, deadline=None)
def test_kl_is_cross_entropy_but_for_a_constant(case: Any) -> None:
    """KL and cross-entropy have the same gradient (L1: Σ t log t stays constant)."""
    args = case[2:]
    np.testing.assert_allclose(
        reference.kl_divergence_gradient(*args), reference.categorical_cross_entropy_gradient(*args), rtol=1e-12
    )


@every_loss
@both
def test_shapes_that_differ_are_refused(module: Any, name: str) -> None:
    """A column against a row raises ValueError, in the loss and in the gradient."""
    for function in (getattr(module, name), getattr(module, f"{name}_gradient")):
        with pytest.raises(ValueError):
            function(np.full(3, 0.5), np.full((3, 1), 0.5))


@every_loss
@both
def test_whole_numbers_and_protected_arguments(module: Any, name: str) -> None:
    """Whole-number targets are as good as floats, and nothing is written into the arguments."""
    y_true, y_pred = np.array([[0, 1], [1, 0]]), np.array([[0.0, 1.0], [0.25, 0.75]])
    y_true.flags.writeable = y_pred.flags.writeable = False
    assert math.isfinite(getattr(module, name)(y_true, y_pred))
    gradient = getattr(module, f"{name}_gradient")(y_true, y_pred)
    assert gradient.dtype == np.float64 and gradient.shape == (2, 2) and np.isfinite(gradient).all()
