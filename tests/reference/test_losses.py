"""The reference of the losses: drawn targets, measured slopes, means, probabilities of 0 and 1, corners."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from topics import few, is_derivative, rubric, sizes, some, topic

losses = topic("losses")
reference, both = losses.reference, losses.both
REGRESSION = ("mse", "mae", "mape")
ROWS = ("categorical_cross_entropy", "kl_divergence")
LOSSES = (*REGRESSION, "binary_cross_entropy", "poisson", *ROWS)
every_loss = pytest.mark.parametrize("name", LOSSES)


@st.composite
def cases(draw: st.DrawFn, corners: bool = True) -> tuple[Any, Any, Any, Any]:
    """Targets and predictions of a regression (apart from each other, unless `corners`), then labels and probabilities; all (N, K)."""
    shape = sizes(draw, 2, 4)
    target = draw(arrays(float, shape, elements=st.sampled_from([-3.0, -1.5, 0.5, 1.0, 2.0])))
    apart = st.sampled_from([-1.0, -0.25, 0.125, 2.0] + [0.0] * corners)
    labels = draw(arrays(float, shape, elements=st.sampled_from([0.0, 0.25, 1.0])))
    probabilities = draw(arrays(float, shape, elements=st.integers(1, 99).map(lambda percent: percent / 100)))
    return target, target + draw(arrays(float, shape, elements=apart)), labels, probabilities


def arguments(name: str, case: tuple[Any, Any, Any, Any]) -> tuple[Any, Any]:
    """The part of a case that suits a loss."""
    return case[:2] if name in REGRESSION else case[2:]


def test_the_slide_of_l3_has_another_logarithm() -> None:
    """0.259637311 is the cross-entropy to base 10 (erratum E7)."""
    inputs = rubric("losses").examples["cce-l3"].inputs
    assert round(reference.categorical_cross_entropy(**inputs) / math.log(10), 9) == 0.259637311


@given(cases())
@some
def test_solution_agrees(case: Any) -> None:
    """Every loss and every gradient of the solution is the reference's."""
    for name in LOSSES:
        losses.agree(name, *arguments(name, case))
        losses.agree(f"{name}_gradient", *arguments(name, case))


@given(cases(corners=False))
@few
def test_gradient_is_the_slope(case: Any) -> None:
    """Each gradient is the measured slope of its loss."""
    for name in LOSSES:
        y_true, y_pred = arguments(name, case)
        gradient = getattr(reference, f"{name}_gradient")(y_true, y_pred)
        is_derivative(gradient, getattr(reference, name), {"y_true": y_true, "y_pred": y_pred}, ("y_pred",), rtol=1e-5)


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


@given(cases())
@few
def test_kl_is_cross_entropy_but_for_a_constant(case: Any) -> None:
    """KL and cross-entropy have the same gradient (L1: Σ t log t stays constant)."""
    gradients = (getattr(reference, f"{name}_gradient")(*case[2:]) for name in ROWS)
    np.testing.assert_allclose(*gradients, rtol=1e-12)


@every_loss
@both
def test_whole_number_targets(module: Any, name: str) -> None:
    """Whole-number targets beside predictions that are floats are as good as floats."""
    y_true, y_pred = np.array([[0, 1], [1, 0]]), np.array([[0.0, 1.0], [0.25, 0.75]])
    assert math.isfinite(getattr(module, name)(y_true, y_pred))
    gradient = getattr(module, f"{name}_gradient")(y_true, y_pred)
    assert gradient.dtype == np.float64 and gradient.shape == (2, 2) and np.isfinite(gradient).all()
