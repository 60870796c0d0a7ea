"""The reference of the delta rule: the lecture's numbers, the solution's results, the true gradient."""

import importlib.util
import re
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


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/delta_rule.py"), load("assignments/delta_rule/checks.py")
EXPLAIN = {
    "delta-slope": checks.slide_slope,
    "delta-slope-far-out": checks.slide_slope,
    "delta-slope-tanh-far-out": checks.slide_slope,
    "delta-forward-far-out": checks.slide_forward,
    "delta-forward-tanh-far-out": checks.slide_forward,
    "delta-weights-whole-numbers": checks.slide_weight_step,
    "delta-forward": checks.slide_forward,
    "delta-output": checks.slide_output_delta,
    "delta-output-weights": checks.slide_weight_step,
    "delta-hidden": checks.slide_hidden_delta,
    "delta-hidden-weights": checks.slide_step(in_order=True),
    "delta-simultaneous": checks.slide_step(in_order=False),
    "chain-output": checks.slide_chain_rule,
    "chain-hidden": checks.slide_chain_rule,
}


def number(value: Any) -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        return np.array([number(item) for item in value], dtype=float)
    return float(Fraction(value)) if not isinstance(value, str) or value[:1] in "-0123456789" else value


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
    atol = 0.5 * 10.0 ** -example["decimals"] if "decimals" in example else 0.0
    if isinstance(expected, dict):
        assert len(got) == len(expected)
        for result, want in zip(got, expected.values(), strict=True):
            np.testing.assert_allclose(result, number(want), rtol=1e-14, atol=atol)
    else:
        np.testing.assert_allclose(got, number(expected), rtol=1e-14, atol=atol)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_leads_to_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads adds up to the worked example's number, at every element."""
    example = EXAMPLES[name]
    inputs = {key: number(value) for key, value in example["inputs"].items()}
    expected = example["expected"] if isinstance(example["expected"], dict) else {"": example["expected"]}
    for result, values in expected.items():
        for index, want in np.ndenumerate(number(values)):
            terms, _, total = EXPLAIN[name](inputs, result, index).rpartition(" = ")
            assert float(total) == pytest.approx(want, rel=1e-5)
            if not name.endswith("far-out"):  # e^1000 is more than a float can hold
                assert re.fullmatch(r"[-+*/.()^e \d]+", terms)
                assert eval(terms.replace("e^-", "np.e**-")) == pytest.approx(want, rel=1e-5)


def test_chain_rule_is_written_as_on_the_slide() -> None:
    """∂E/∂w61 is the error, the slope and o6; ∂E/∂w86 the four outputs' parts, the slope of unit 6 and o8."""
    inputs = {key: number(value) for key, value in EXAMPLES["chain-hidden"]["inputs"].items()}
    assert checks.slide_chain_rule(inputs, "new_w_output", (0, 1)) == "2 - (0.5 - 0)*0.5*(1 - 0.5)*0.5 = 1.9375"
    assert checks.slide_chain_rule(inputs, "new_w_hidden", (1, 0)) == (
        "2 - ((0.125)*(2) + (-0.125)*(1) + (0.0625)*(-1) + (-0.0625)*(3))*0.5*(1 - 0.5)*0.5 = 2.01562"
    )


@given(networks())
@settings(max_examples=50, deadline=None)
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


@pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
def test_laws_of_two_rates_hold(module: Any) -> None:
    """The steps move as the rubric's properties ask: with μ, and from zero output weights with μ²."""
    for case in checks.steps_at_two_rates(np.random.default_rng(0)):
        assert checks.moves_in_proportion(case, [module.step_simultaneous(**call) for call in case]) is None
    for case in checks.steps_from_zero_outputs(np.random.default_rng(0)):
        assert checks.hidden_layer_moves_with_the_square(case, [module.step_in_order(**call) for call in case]) is None


@pytest.mark.parametrize("power", [1, 2])
def test_laws_of_two_rates_are_not_stretched_by_huge_numbers(power: int) -> None:
    """Changes in the right proportion, but farther than any error can move a weight, break the law."""
    cases = list(checks.steps_from_zero_outputs(np.random.default_rng(0)))
    law = checks.moves_in_proportion if power == 1 else checks.hidden_layer_moves_with_the_square
    for case in cases:
        far = [(call["w_hidden"] + 1e20 * call["mu"] ** power, call["w_output"] + 1e20 * call["mu"]) for call in case]
        assert "no error can move it" in law(case, far)


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
