"""The reference of `sequential`: drawn losses and layers, true gradients, models and whole trainings, extreme numbers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, same, sizes, slopes, some, topic

sequential = topic("sequential")
reference, solution, checks, both = sequential.reference, sequential.solution, sequential.checks, sequential.both
every_loss = pytest.mark.parametrize("loss", checks.LOSSES)


@st.composite
def losses(draw: st.DrawFn) -> dict[str, Any]:
    """A loss with outputs and targets that suit it."""
    loss, n = draw(st.sampled_from(checks.LOSSES)), draw(st.integers(1, 5))
    k = draw(st.integers(2 if loss == "categorical_crossentropy" else 1, 4))  # a single class has probability 1
    return checks.targets_and_outputs(draw(generators), loss, n, k)


@st.composite
def layers(draw: st.DrawFn) -> tuple[Any, dict[str, Any]]:
    """An upstream gradient and a dense layer."""
    (n, d, k), rng = sizes(draw, 3, 4), draw(generators)
    activation = draw(st.sampled_from(["linear", "sigmoid", "tanh", "softmax"]))
    return rng.normal(size=(n, k)), checks.layer_arguments(rng, n, d, k, activation)


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


@given(losses())
@some
def test_solution_agrees_on_losses(case: dict[str, Any]) -> None:
    """Losses and gradients of the solution are the reference's."""
    sequential.agree("loss_value", **case)
    sequential.agree("loss_gradient", **case)


@given(losses())
@some
def test_loss_gradient_is_the_derivative(case: dict[str, Any]) -> None:
    """loss_gradient agrees with central differences of loss_value."""
    is_derivative(reference.loss_gradient(**case), reference.loss_value, case, ("y_pred",), rtol=1e-5)


@given(layers())
@some
def test_solution_agrees_on_layers(drawn: tuple[Any, dict[str, Any]]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    dout, layer = drawn
    sequential.agree("dense_forward", **layer)
    sequential.agree("dense_backward", dout, **layer)


@given(layers())
@few
def test_backward_is_the_derivative_of_forward(drawn: tuple[Any, dict[str, Any]]) -> None:
    """dx, dweights and dbias agree with central differences of the forward pass."""
    dout, layer = drawn
    is_derivative(reference.dense_backward(dout, **layer), reference.dense_forward, layer, ("x", "weights", "bias"), dout, 1e-5)


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


@every_loss
def test_step_follows_the_gradient_of_evaluate(loss: str) -> None:
    """One training step moves every weight by -η times the slope of the model's loss, measured."""
    x, y = data(loss, 4, seed=3)
    before, stepped = network(reference, loss, 4).get_weights(), network(reference, loss, 4)
    stepped.train_on_batch(x, y, 0.5)

    def loss_at(weights: list[Any]) -> float:
        layers = [reference.Dense(*weights[:2], "tanh"), reference.Dense(*weights[2:], checks.SCENARIOS[loss])]
        return float(reference.Sequential(layers, loss).evaluate(x, y))

    moved = [new - old for old, new in zip(before, stepped.get_weights(), strict=True)]
    same(moved, [-0.5 * slope for slope in slopes(loss_at, before)], rtol=1e-5, atol=1e-8)


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
    module.Sequential([module.Dense(weights, bias)], "mse").fit(x, y, 2, 2, 0.1)
    same([x, y, weights, bias], [*data("mse", 4, seed=9), np.ones((3, 2)), np.zeros(2)], rtol=0, atol=0)


@both
def test_huge_sums_stay_finite(module: Any) -> None:
    """Sums of ±1000 saturate without a warning, forwards and backwards."""
    x, weights, bias = np.array([[1.0]]), np.array([[1000.0, -1000.0]]), np.zeros(2)
    for activation in ("sigmoid", "tanh", "softmax"):
        assert np.isfinite(module.dense_forward(x, weights, bias, activation)).all()
        assert all(np.isfinite(g).all() for g in module.dense_backward(np.ones((1, 2)), x, weights, bias, activation))


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
