"""The reference of logistic regression: drawn batches, true gradients, the slide's wrong sign, extreme numbers, training."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from topics import is_derivative, sizes, slopes, some, topic

logistic = topic("logistic")
reference, both = logistic.reference, logistic.both


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of `gradients`: a small batch with labels, weights and a bias."""
    count, features = sizes(draw, 2, 4)
    values = st.floats(-1, 1)
    return {
        "x": draw(arrays(float, (count, features), elements=values)),
        "y": draw(arrays(float, count, elements=st.sampled_from([0.0, 1.0]))),
        "w": draw(arrays(float, features, elements=values)),
        "b": draw(values),
    }


@given(states(), st.floats(0.01, 2), st.integers(0, 3))
@some
def test_solution_agrees(case: dict[str, Any], alpha: float, steps: int) -> None:
    """Every function of the solution returns what the reference's does."""
    x, y, w, b = case.values()
    a = reference.forward(x, w, b)
    logistic.agree("forward", x, w, b)
    logistic.agree("bce", a, y)
    logistic.agree("cost", **case)
    logistic.agree("delta", a, y)
    logistic.agree("gradients", **case)
    logistic.agree("step", **case, alpha=alpha)
    logistic.agree("train", **case, alpha=alpha, steps=steps)


@given(states())
@some
def test_gradients_are_the_slopes_of_the_cost(case: dict[str, Any]) -> None:
    """dw and db agree with central differences of the cost."""
    is_derivative(reference.gradients(**case), reference.cost, case, ("w", "b"))


@given(st.floats(-8, 8), st.sampled_from([0.0, 1.0]))
@some
def test_delta_is_the_slope_of_the_loss(z: float, y: float) -> None:
    """a - y is dL/dz (erratum E8: the slide's line before the box has a wrong sign)."""
    x, label, w = np.ones((1, 1)), np.array([y]), np.array([z])
    slope = slopes(lambda w: reference.bce(reference.forward(x, w, 0.0), label), w)
    np.testing.assert_allclose(reference.delta(reference.forward(x, w, 0.0), label), slope, atol=1e-6)


def test_slide_before_the_box_has_a_wrong_sign() -> None:
    """-y(1 - a) - a(1 - y) differs from a - y for the label 0; with a plus it does not (erratum E8)."""
    a, y = np.array([0.3, 0.3]), np.array([0.0, 1.0])
    np.testing.assert_allclose(-y * (1 - a) + a * (1 - y), reference.delta(a, y))
    np.testing.assert_allclose(-y * (1 - a) - a * (1 - y), [-0.3, -0.7])


@both
@pytest.mark.parametrize(("a", "y", "loss"), [(1.0, 1.0, 0.0), (0.0, 0.0, 0.0), (0.0, 1.0, 16.118096), (1.0, 0.0, 16.118096)])
def test_certain_predictions(module: Any, a: float, y: float, loss: float) -> None:
    """A certain prediction costs nothing where it is right and -log(1e-7) where it is wrong, without a warning."""
    assert module.bce(np.array([a]), np.array([y])) == pytest.approx(loss, abs=1e-6)


@both
def test_training_without_steps_returns_a_copy(module: Any) -> None:
    """With steps = 0 the weights come back as a new array."""
    w = np.array([0.5, -1.0])
    got, b, losses = module.train(np.ones((1, 2)), np.ones(1), w, 0.25, 0.1, 0)
    assert got is not w and got.tolist() == w.tolist() and b == 0.25 and losses.shape == (1,)
