"""The reference of the network as lists of matrices: drawn networks, the true gradient, batches, training, extreme scores."""

from itertools import pairwise
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, rubric, same, some, topic

mlp = topic("mlp")
reference, both = mlp.reference, mlp.both


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A small network with a few examples for it."""
    sizes, count = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4)), draw(st.integers(1, 4))
    rng = draw(generators)
    return {
        "xs": rng.normal(size=(count, sizes[0])),
        "targets": np.eye(sizes[-1])[rng.integers(sizes[-1], size=count)],
        "weights": [rng.uniform(-3, 3, size=pair) for pair in pairwise(sizes)],
        "biases": [rng.normal(size=n) for n in sizes[1:]],
        "rate": draw(st.floats(0.01, 2)),
    }


def test_example_predicts_the_slides_numbers() -> None:
    """The network of the examples predicts 0.55 and 0.45, whose cost is 0.5978 and not 0.2596 (erratum E7)."""
    example = rubric("mlp").examples["gradient-2-2-2"].inputs
    predicted = reference.forward(*(example[name] for name in ("x", "weights", "biases")))[1][-1]
    cost, _ = reference.cost_and_error(predicted, [1, 0])
    np.testing.assert_allclose(cost, -np.log(0.55), atol=2e-5)
    np.testing.assert_allclose(cost / np.log(10), 0.259637311, atol=1e-5)


@both
def test_slides_network_has_41_weights(module: Any) -> None:
    """4-5-3-2 is 4×5, 5×3 and 3×2 with biases of 5, 3 and 2, all 0; draws of 0 and 1 become -3 and 3."""
    weights, biases = module.initialise(np.array([4, 5, 3, 2]), np.linspace(0, 1, 41))
    assert [w.shape for w in weights] == [(4, 5), (5, 3), (3, 2)]
    assert [b.shape for b in biases] == [(5,), (3,), (2,)]
    assert all(np.all(b == 0) for b in biases)
    np.testing.assert_allclose(np.concatenate([w.ravel() for w in weights]), np.linspace(-3, 3, 41), atol=1e-12)


@given(networks())
@some
def test_solution_agrees(case: dict[str, Any]) -> None:
    """Every function of the solution returns what the reference's does."""
    xs, targets, weights, biases, rate = case.values()
    zs, activations = reference.forward(xs[0], weights, biases)
    mlp.agree("softmax", zs[-1])
    mlp.agree("forward", xs[0], weights, biases)
    mlp.agree("cost_and_error", activations[-1], targets[0])
    mlp.agree("network_cost", xs[0], targets[0], weights, biases)
    mlp.agree("previous_error", activations[-1] - targets[0], weights[-1], activations[-2])
    mlp.agree("gradient_vector", xs[0], targets[0], weights, biases)
    mlp.agree("train_step", **case)
    mlp.agree("train", xs, targets, weights, biases, rate, 2, np.array([np.arange(len(xs))[::-1]] * 2))


@given(networks())
@few
def test_gradient_vector_is_the_slope_of_the_cost(case: dict[str, Any]) -> None:
    """Every derivative agrees with central differences of the cost."""
    question = {"x": case["xs"][0], "target": case["targets"][0], "weights": case["weights"], "biases": case["biases"]}
    is_derivative(reference.gradient_vector(**question), reference.network_cost, question, ("weights", "biases"))


@given(networks())
@few
def test_step_is_the_mean_of_single_steps(case: dict[str, Any]) -> None:
    """A set of examples moves the network by the mean of what each alone does."""
    alone = [
        reference.train_step(**{**case, "xs": x[None], "targets": t[None]})
        for x, t in zip(case["xs"], case["targets"], strict=True)
    ]
    for part, together in enumerate(reference.train_step(**case)):
        same(together, [np.mean(steps, axis=0) for steps in zip(*(network[part] for network in alone), strict=True)])


@both
def test_last_batch_may_be_smaller(module: Any) -> None:
    """Five examples in batches of two are three steps, the last with one example."""
    rng = np.random.default_rng(3)
    xs, targets, order = rng.normal(size=(5, 3)), np.eye(2)[[0, 1, 1, 0, 1]], np.array([3, 0, 4, 1, 2])
    network = [rng.normal(size=(3, 4)), rng.normal(size=(4, 2))], [rng.normal(size=4), rng.normal(size=2)]
    want = network
    for batch in ([3, 0], [4, 1], [2]):
        want = reference.train_step(xs[batch], targets[batch], *want, 0.7)
    same(module.train(xs, targets, *network, 0.7, 2, order[None]), want)


@both
def test_training_learns_exclusive_or(module: Any) -> None:
    """What no network without hidden layer can learn."""
    rng = np.random.default_rng(0)
    xs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    weights = [rng.uniform(-3, 3, size=(2, 4)), rng.uniform(-3, 3, size=(4, 2))]
    orders = np.array([rng.permutation(4) for _ in range(400)])
    trained = module.train(xs, np.eye(2)[[0, 1, 1, 0]], weights, [np.zeros(4), np.zeros(2)], 2.0, 4, orders)
    assert [int(reference.forward(x, *trained)[1][-1].argmax()) for x in xs] == [0, 1, 1, 0]
