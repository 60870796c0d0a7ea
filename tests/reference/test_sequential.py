"""The reference of `sequential`: the worked examples, the solution's results, the true gradients, whole trainings, the edges."""

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

from reference import sequential as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/sequential/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-5


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/sequential.py"), load("assignments/sequential/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
EXPLAIN = {
    "loss_value": checks.loss_terms,
    "loss_gradient": checks.gradient_terms,
    "dense_forward": checks.unit_sum,
    "dense_backward": checks.chain_terms,
}


def exact(value: Any) -> Any:
    """A value of examples.toml: lists as arrays, fractions as floats."""
    if isinstance(value, list):
        return np.array([exact(item) for item in value], dtype=float)
    return float(Fraction(value)) if isinstance(value, str) and value[:1] in "+-0123456789" else value


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example."""
    return {key: exact(value) for key, value in EXAMPLES[name]["inputs"].items()}


def expected(name: str) -> dict[str, np.ndarray]:
    """The results of a worked example by name."""
    want = EXAMPLES[name]["expected"]
    return {key: np.asarray(exact(value)) for key, value in (want.items() if isinstance(want, dict) else [("", want)])}


def tolerance(name: str) -> float:
    """Half a unit of the last printed digit."""
    return 0.5 * 10.0 ** -EXAMPLES[name].get("decimals", 12)


def softmax(sums: list[float]) -> Any:
    """Of one row."""
    powers = np.exp(np.array(sums) - max(sums))
    return powers / powers.sum()


def slopes(function: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences, coordinate by coordinate."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = STEP
        found[index] = (function(at + move) - function(at - move)) / (2 * STEP)
    return found


@st.composite
def losses(draw: st.DrawFn) -> dict[str, Any]:
    """A loss with outputs and targets that suit it."""
    loss, n = draw(st.sampled_from(checks.LOSSES)), draw(st.integers(1, 5))
    k = draw(st.integers(2 if loss == "categorical_crossentropy" else 1, 4))  # a single class has probability 1
    return checks.targets_and_outputs(np.random.default_rng(draw(st.integers(0, 2**32 - 1))), loss, n, k)


@st.composite
def layers(draw: st.DrawFn) -> dict[str, Any]:
    """A dense layer with an upstream gradient."""
    n, d, k = (draw(st.integers(1, 4)) for _ in range(3))
    activation = draw(st.sampled_from(["linear", "sigmoid", "tanh", "softmax"]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return {"dout": rng.normal(size=(n, k)), **checks.layer_arguments(rng, n, d, k, activation)}


def network(module: Any, loss: str, seed: int, k: int = 2) -> Any:
    """A compiled model with a hidden layer."""
    rng = np.random.default_rng(seed)
    first = module.Dense(rng.normal(size=(3, 4)), rng.normal(size=4), "tanh")
    second = module.Dense(rng.normal(size=(4, k)), rng.normal(size=k), checks.SCENARIOS[loss])
    return module.Sequential([first, second], loss)


def data(loss: str, n: int, seed: int, k: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Examples and targets for such a model."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 3)), checks.targets_and_outputs(rng, loss, n, k)["y_true"]


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the numbers of the worked example."""
    got = getattr(module, EXAMPLES[name]["exercise"])(**inputs(name))
    results = got if isinstance(got, tuple) else (got,)
    for one, want in zip(results, expected(name).values(), strict=True):
        np.testing.assert_allclose(one, want, rtol=0, atol=tolerance(name))


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads is that of the worked example, at every element, and adds up."""
    for result, want in expected(name).items():
        for index in np.ndindex(want.shape):
            terms, _, total = EXPLAIN[EXAMPLES[name]["exercise"]](inputs(name), result, index).rpartition(" = ")
            python = re.sub(r"log ([\d.]+(?:e-\d+)?)", r"np.log(\1)", terms.replace("²", "**2"))
            assert float(total) == pytest.approx(want[index], abs=max(tolerance(name), 1e-6))
            for part in python.split(" = "):
                value = eval(part, {"np": np, "sigmoid": lambda s: (1 + np.tanh(s / 2)) / 2, "softmax": softmax})
                assert value == pytest.approx(want[index], abs=tolerance(name))


@given(losses())
@settings(max_examples=60, deadline=None)
def test_solution_agrees_on_losses(case: dict[str, Any]) -> None:
    """Losses and gradients of the solution are the reference's."""
    for name in ("loss_value", "loss_gradient"):
        one, other = (getattr(module, name)(**case) for module in (solution, reference))
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-12)


@given(losses())
@settings(max_examples=40, deadline=None)
def test_loss_gradient_is_the_derivative(case: dict[str, Any]) -> None:
    """loss_gradient agrees with central differences of loss_value."""
    numeric = slopes(lambda y: reference.loss_value(case["loss"], case["y_true"], y), case["y_pred"])
    np.testing.assert_allclose(reference.loss_gradient(**case), numeric, rtol=1e-5, atol=1e-6)


@given(layers())
@settings(max_examples=60, deadline=None)
def test_solution_agrees_on_layers(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    forward = {key: value for key, value in case.items() if key != "dout"}
    np.testing.assert_allclose(solution.dense_forward(**forward), reference.dense_forward(**forward), rtol=1e-10, atol=1e-12)
    for one, other in zip(solution.dense_backward(**case), reference.dense_backward(**case), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-12)


@given(layers())
@settings(max_examples=25, deadline=None)
def test_backward_is_the_derivative_of_forward(case: dict[str, Any]) -> None:
    """dx, dweights and dbias agree with central differences of the forward pass."""
    dout = case.pop("dout")
    for name, gradient in zip(("x", "weights", "bias"), reference.dense_backward(dout, **case), strict=True):
        numeric = slopes(
            lambda value, name=name: float(np.sum(dout * reference.dense_forward(**{**case, name: value}))), case[name]
        )
        np.testing.assert_allclose(gradient, numeric, rtol=1e-5, atol=1e-7)


@both
@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy"])
def test_scenario_gradient_at_the_sums_is_output_minus_target(loss: str, module: Any) -> None:
    """For each cross-entropy with its activation, the bias gradient is Σ (y - t) over what the loss divides by."""
    rng = np.random.default_rng(0)
    case = checks.layer_arguments(rng, 4, 3, 2, checks.SCENARIOS[loss])
    y = module.dense_forward(**case)
    target = checks.targets_and_outputs(rng, loss, 4, 2)["y_true"]
    _, _, dbias = module.dense_backward(module.loss_gradient(loss, target, y), **case)
    count = 4 if loss == "categorical_crossentropy" else 8
    np.testing.assert_allclose(dbias, (y - target).sum(axis=0) / count, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("loss", checks.LOSSES)
def test_solution_trains_like_the_reference(loss: str) -> None:
    """Histories and weights after two epochs in given orders agree, with a smaller last batch."""
    x, y = data(loss, 7, seed=1)
    orders = np.array([np.random.default_rng(e).permutation(7) for e in range(2)])
    one, other = network(solution, loss, 2), network(reference, loss, 2)
    np.testing.assert_allclose(one.fit(x, y, 2, 3, 0.2, orders), other.fit(x, y, 2, 3, 0.2, orders), rtol=1e-9)
    for got, want in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("loss", checks.LOSSES)
def test_step_follows_the_gradient_of_evaluate(loss: str) -> None:
    """One training step moves every weight by -η times the slope of the model's loss, measured."""
    x, y = data(loss, 4, seed=3)
    before = network(reference, loss, 4).get_weights()
    stepped = network(reference, loss, 4)
    stepped.train_on_batch(x, y, 0.5)
    for place, (old, new) in enumerate(zip(before, stepped.get_weights(), strict=True)):

        def loss_at(value: np.ndarray, place: int = place) -> float:
            model = network(reference, loss, 4)
            layer = model.layers[place // 2]
            setattr(layer, ("weights", "bias")[place % 2], value)
            return model.evaluate(x, y)

        np.testing.assert_allclose(new - old, -0.5 * slopes(loss_at, old), rtol=1e-5, atol=1e-8)


@both
def test_train_on_batch_returns_the_loss_before_the_step(module: Any) -> None:
    """The docstring's example: factor 2 becomes 1.4, and 1 is returned."""
    model = module.Sequential([module.Scale(np.array([2.0]))], "mse")
    assert model.train_on_batch(np.array([[3.0]]), np.array([[5.0]]), 0.1) == pytest.approx(1)
    assert model.get_weights()[0][0] == pytest.approx(1.4)


@both
def test_four_steps(module: Any) -> None:
    """A model that is created, added to and compiled step by step is the one that is given its layers at once."""
    x, y = data("mse", 5, seed=6)
    whole, stepwise = network(module, "mse", 5), module.Sequential()
    for layer in network(module, "mse", 5).layers:
        stepwise.add(layer)
    stepwise.compile("mse")
    np.testing.assert_array_equal(stepwise.fit(x, y, 2, 2, 0.1), whole.fit(x, y, 2, 2, 0.1))


@both
def test_history_weighs_batches_by_their_size(module: Any) -> None:
    """With rate 0 the history is the loss of all examples, whatever the size of the last batch."""
    x, y = data("categorical_crossentropy", 7, seed=7)
    model = network(module, "categorical_crossentropy", 8)
    np.testing.assert_allclose(model.fit(x, y, 1, 3, 0.0), [model.evaluate(x, y)], rtol=1e-12)


@both
def test_arguments_are_left_as_they_were(module: Any) -> None:
    """Training changes neither the data nor the arrays that the layers were made of."""
    x, y = data("mse", 4, seed=9)
    weights, bias = np.ones((3, 2)), np.zeros(2)
    model = module.Sequential([module.Dense(weights, bias)], "mse")
    model.fit(x, y, 2, 2, 0.1)
    fresh_x, fresh_y = data("mse", 4, seed=9)
    for array, fresh in [(x, fresh_x), (y, fresh_y), (weights, np.ones((3, 2))), (bias, np.zeros(2))]:
        np.testing.assert_array_equal(array, fresh)


@both
@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy"])
def test_certain_probabilities_stay_finite(loss: str, module: Any) -> None:
    """Probabilities of exactly 0 and 1, right and wrong, give finite losses and gradients."""
    output = np.array([[0.0, 1.0], [1.0, 0.0]])
    for target in (output, 1 - output):
        assert np.isfinite(module.loss_value(loss, target, output))
        assert np.isfinite(module.loss_gradient(loss, target, output)).all()


@both
def test_huge_sums_stay_finite(module: Any) -> None:
    """Sums of ±1000 saturate without a warning, forwards and backwards."""
    x, weights, bias = np.array([[1.0]]), np.array([[1000.0, -1000.0]]), np.zeros(2)
    for activation in ("sigmoid", "tanh", "softmax"):
        assert np.isfinite(module.dense_forward(x, weights, bias, activation)).all()
        assert all(np.isfinite(g).all() for g in module.dense_backward(np.ones((1, 2)), x, weights, bias, activation))


@both
def test_refusals(module: Any) -> None:
    """Unknown names and inputs that do not fit are refused with a ValueError."""
    ones = np.ones((2, 2))
    with pytest.raises(ValueError, match="hinge"):
        module.loss_value("hinge", ones, ones)
    with pytest.raises(ValueError, match="hinge"):
        module.loss_gradient("hinge", ones, ones)
    with pytest.raises(ValueError, match="hinge"):
        module.Sequential().compile("hinge")
    with pytest.raises(ValueError, match="swish"):
        module.dense_forward(ones, ones, np.ones(2), "swish")
    with pytest.raises(ValueError, match=r"shape|match|size"):
        module.dense_forward(ones, np.ones((3, 2)), np.ones(2))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("name", ["ring_and_core", "three_groups", "points_near_a_line"])
def test_whole_trainings_reach_their_mark(name: str, seed: int) -> None:
    """The solution passes the laws about whole trainings for any seed."""
    (case,) = getattr(checks, name)(np.random.default_rng(seed))
    made = [getattr(solution, use.target)(*use.args) for use in case if use.target == "Dense"]
    model = solution.Sequential(made, case[len(made)].args[1])
    fit, last = case[len(made) + 1 :]
    results = [model.fit(*fit.args), getattr(model, last.target.removeprefix("model."))(*last.args)]
    law = checks.finds_the_line if name == "points_near_a_line" else checks.learns_to_tell_apart
    assert law(case, results) is None
