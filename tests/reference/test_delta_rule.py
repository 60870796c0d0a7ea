"""The reference of the delta rule: drawn networks, the true gradient, the order of the updates, lecture L4's chain rule."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from topics import is_derivative, rubric, sizes, some, topic

delta_rule = topic("delta_rule")
reference, checks, both = delta_rule.reference, delta_rule.checks, delta_rule.both
ACTIVATIONS = ("sigmoid", "tanh")


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a step: a small network, its input, targets and a rate."""
    d, h, j = sizes(draw, 3, 4)
    values = st.floats(-3, 3)
    return {
        "x": draw(arrays(float, d, elements=values)),
        "target": draw(arrays(float, j, elements=st.floats(-1, 1))),
        "w_hidden": draw(arrays(float, (h, d), elements=values)),
        "w_output": draw(arrays(float, (j, h), elements=values)),
        "mu": draw(st.floats(0.01, 2)),
        "activation": draw(st.sampled_from(ACTIVATIONS)),
    }


def squared_error(x: Any, target: Any, w_hidden: Any, w_output: Any, mu: float, activation: str) -> Any:
    """ε² of the network."""
    return ((target - reference.forward(x, w_hidden, w_output, activation)[3]) ** 2).sum()


@given(networks())
@some
def test_half_rate_is_the_gradient_of_half_the_error(case: dict[str, Any]) -> None:
    """Lecture L4's chain rule for E = ½ Σ (o - t)², written out, is the simultaneous step with μ = ½."""
    case = {**case, "activation": "sigmoid", "mu": 0.5}
    x, t, w_hidden, w_output = case["x"], case["target"], case["w_hidden"], case["w_output"]
    _, z, _, o = reference.forward(x, w_hidden, w_output)
    new_hidden, new_output = reference.step_simultaneous(**case)
    for j, i in np.ndindex(w_output.shape):
        assert w_output[j, i] - (o[j] - t[j]) * o[j] * (1 - o[j]) * z[i] == pytest.approx(new_output[j, i], abs=1e-12)
    for i, h in np.ndindex(w_hidden.shape):
        back = sum((o[j] - t[j]) * o[j] * (1 - o[j]) * w_output[j, i] for j in range(len(o)))
        assert w_hidden[i, h] - back * z[i] * (1 - z[i]) * x[h] == pytest.approx(new_hidden[i, h], abs=1e-12)


@pytest.mark.parametrize("power", [1, 2])
def test_laws_of_two_rates_are_not_stretched_by_huge_numbers(power: int) -> None:
    """Changes in the right proportion, but farther than any error can move a weight, break the law."""
    cases = list(checks.steps_from_zero_outputs(np.random.default_rng(0)))
    law = checks.moves_in_proportion if power == 1 else checks.hidden_layer_moves_with_the_square
    for case in cases:
        far = [(call["w_hidden"] + 1e20 * call["mu"] ** power, call["w_output"] + 1e20 * call["mu"]) for call in case]
        assert "no error can move it" in law(case, far)


@given(networks())
@some
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Every function of the solution returns what the reference's does."""
    x, target, w_hidden, w_output, mu, activation = case.values()
    s_hidden, hidden, s_output, _ = reference.forward(x, w_hidden, w_output, activation)
    delta = reference.output_delta(s_output, target, activation)
    delta_rule.agree("sgm_prime", s_hidden, activation)
    delta_rule.agree("forward", x, w_hidden, w_output, activation)
    delta_rule.agree("output_delta", s_output, target, activation)
    delta_rule.agree("hidden_delta", s_hidden, w_output, delta, activation)
    delta_rule.agree("weight_step", delta, hidden, mu)
    delta_rule.agree("step_in_order", **case)
    delta_rule.agree("step_simultaneous", **case)


@given(networks())
@some
def test_simultaneous_step_follows_the_gradient(case: dict[str, Any]) -> None:
    """ΔW = -μ ∂ε²/∂W in both layers, by central differences."""
    weights = ("w_hidden", "w_output")
    moved = [new - case[name] for new, name in zip(reference.step_simultaneous(**case), weights, strict=True)]
    is_derivative(moved, squared_error, case, weights, -case["mu"])


@given(networks())
@some
def test_both_steps_share_the_output_layer(case: dict[str, Any]) -> None:
    """The order of the updates changes the hidden weights only."""
    np.testing.assert_array_equal(reference.step_in_order(**case)[1], reference.step_simultaneous(**case)[1])


def test_order_of_updates_matters() -> None:
    """From zero output weights the hidden layer moves in order, and stays in a simultaneous step (erratum E5)."""
    inputs = rubric("delta_rule").examples["delta-hidden-weights"].inputs
    assert np.all(reference.step_in_order(**inputs)[0] != 0)
    assert np.all(reference.step_simultaneous(**inputs)[0] == 0)
