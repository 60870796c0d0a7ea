"""The reference of the network as lists of matrices: the lecture's numbers, the solution's results, the true gradient, training."""

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

from reference import mlp as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/mlp/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-6


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_mlp", ROOT / "solutions/mlp.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()
BOTH = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def number(value: Any, dtype: str = "float64") -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        items = [number(item) for item in value]
        ragged = len({np.shape(item) for item in items}) > 1
        return items if ragged else np.array(items, dtype=dtype)
    return value if isinstance(value, int) else float(Fraction(value))


def alike(got: Any, want: Any, rtol: float = 1e-9, atol: float = 1e-12) -> None:
    """Assert that results agree, in lists and tuples too."""
    if isinstance(want, tuple | list):
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            alike(one, other, rtol, atol)
    else:
        np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


@st.composite
def networks(draw: st.DrawFn) -> dict[str, Any]:
    """A small network with a few examples for it."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count = draw(st.integers(1, 4))
    return {
        "xs": rng.normal(size=(count, sizes[0])),
        "targets": np.eye(sizes[-1])[rng.integers(sizes[-1], size=count)],
        "weights": [rng.uniform(-3, 3, size=(a, b)) for a, b in zip(sizes[:-1], sizes[1:], strict=True)],  # noqa: RUF007
        "biases": [rng.normal(size=n) for n in sizes[1:]],
        "rate": draw(st.floats(0.01, 2)),
    }


def slopes(cost: Callable[[], float], array: Any) -> Any:
    """Central differences of `cost` with respect to every element of `array`, which is moved in place."""
    result = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        array[index] = kept + STEP
        above = cost()
        array[index] = kept - STEP
        result[index] = (above - cost()) / (2 * STEP)
        array[index] = kept
    return result


@BOTH
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the numbers of the examples, at the printed precision."""
    example = EXAMPLES[name]
    dtype = example.get("dtype", "float64")
    dtypes = dtype if isinstance(dtype, dict) else dict.fromkeys(example["inputs"], dtype)
    arguments = {name: number(value, dtypes.get(name, "float64")) for name, value in example["inputs"].items()}
    got = getattr(module, example["exercise"])(**arguments)
    atol = 0.5 * 10.0 ** -example["decimals"] if "decimals" in example else 1e-12
    expected = example["expected"]
    for result, want in zip(got, expected.values(), strict=True) if isinstance(expected, dict) else [(got, expected)]:
        alike(list(result) if isinstance(want, list) else result, list(number(want)) if isinstance(want, list) else want, 0, atol)


def test_example_predicts_the_slides_numbers() -> None:
    """The network of the examples predicts 0.55 and 0.45, whose cost is 0.5978 and not 0.2596 (erratum E7)."""
    example = EXAMPLES["gradient-2-2-2"]["inputs"]
    predicted = reference.forward(*(number(example[name]) for name in ("x", "weights", "biases")))[1][-1]
    cost, _ = reference.cost_and_error(predicted, [1, 0])
    np.testing.assert_allclose(cost, -np.log(0.55), atol=2e-5)
    np.testing.assert_allclose(cost / np.log(10), 0.259637311, atol=1e-5)


@BOTH
def test_slides_network_has_41_weights(module: Any) -> None:
    """4-5-3-2 is 4×5, 5×3 and 3×2 with biases of 5, 3 and 2, all 0; draws of 0 and 1 become -3 and 3."""
    weights, biases = module.initialise(np.array([4, 5, 3, 2]), np.linspace(0, 1, 41))
    assert [w.shape for w in weights] == [(4, 5), (5, 3), (3, 2)]
    assert [b.shape for b in biases] == [(5,), (3,), (2,)]
    assert all(np.all(b == 0) for b in biases)
    np.testing.assert_allclose(np.concatenate([w.ravel() for w in weights]), np.linspace(-3, 3, 41), atol=1e-12)


@BOTH
def test_training_example(module: Any) -> None:
    """Two batches of one example, as in the docstring of `train`."""
    weights, biases = module.train(np.eye(2), np.eye(2)[::-1], [np.zeros((2, 2))], [np.zeros(2)], 0.2007, 1, np.array([[1, 0]]))
    np.testing.assert_allclose(weights[0], [[-0.1104, 0.1104], [0.1004, -0.1004]], atol=5e-5)
    np.testing.assert_allclose(biases[0], [-0.0100, 0.0100], atol=5e-5)


@given(networks())
@settings(max_examples=40, deadline=None)
def test_solution_agrees_with_reference(case: dict[str, Any]) -> None:
    """Every function of the solution returns what the reference's does."""
    xs, targets, weights, biases, rate = case.values()
    zs, activations = reference.forward(xs[0], weights, biases)
    orders = np.array([np.arange(len(xs))[::-1]] * 2)
    for name, args in {
        "softmax": (zs[-1],),
        "forward": (xs[0], weights, biases),
        "cost_and_error": (activations[-1], targets[0]),
        "network_cost": (xs[0], targets[0], weights, biases),
        "previous_error": (activations[-1] - targets[0], weights[-1], activations[-2]),
        "gradient_vector": (xs[0], targets[0], weights, biases),
        "train_step": (xs, targets, weights, biases, rate),
        "train": (xs, targets, weights, biases, rate, 2, orders),
    }.items():
        alike(getattr(solution, name)(*args), getattr(reference, name)(*args))


@given(networks())
@settings(max_examples=25, deadline=None)
def test_gradient_vector_is_the_slope_of_the_cost(case: dict[str, Any]) -> None:
    """Every derivative agrees with central differences of the cost."""
    x, target, weights, biases = case["xs"][0], case["targets"][0], case["weights"], case["biases"]
    err_weights, err_biases = reference.gradient_vector(x, target, weights, biases)
    for got, array in zip([*err_weights, *err_biases], [*weights, *biases], strict=True):
        want = slopes(lambda: reference.network_cost(x, target, weights, biases), array)
        np.testing.assert_allclose(got, want, atol=1e-7)


@given(networks())
@settings(max_examples=25, deadline=None)
def test_step_is_the_mean_of_single_steps(case: dict[str, Any]) -> None:
    """A set of examples moves the network by the mean of what each alone does."""
    together = reference.train_step(**case)
    alone = [
        reference.train_step(**{**case, "xs": x[None], "targets": t[None]})
        for x, t in zip(case["xs"], case["targets"], strict=True)
    ]
    for part in (0, 1):
        for i, got in enumerate(together[part]):
            np.testing.assert_allclose(got, np.mean([network[part][i] for network in alone], axis=0), atol=1e-12)


@BOTH
def test_last_batch_may_be_smaller(module: Any) -> None:
    """Five examples in batches of two are three steps, the last with one example."""
    rng = np.random.default_rng(3)
    xs, targets, order = rng.normal(size=(5, 3)), np.eye(2)[[0, 1, 1, 0, 1]], np.array([3, 0, 4, 1, 2])
    network = [rng.normal(size=(3, 4)), rng.normal(size=(4, 2))], [rng.normal(size=4), rng.normal(size=2)]
    want = network
    for batch in ([3, 0], [4, 1], [2]):
        want = reference.train_step(xs[batch], targets[batch], *want, 0.7)
    alike(module.train(xs, targets, *network, 0.7, 2, order[None]), want)


@BOTH
def test_training_learns_exclusive_or(module: Any) -> None:
    """What no network without hidden layer can learn."""
    rng = np.random.default_rng(0)
    xs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = np.eye(2)[[0, 1, 1, 0]]
    weights = [rng.uniform(-3, 3, size=(2, 4)), rng.uniform(-3, 3, size=(4, 2))]
    orders = np.array([rng.permutation(4) for _ in range(400)])
    trained = module.train(xs, targets, weights, [np.zeros(4), np.zeros(2)], 2.0, 4, orders)
    assert [int(reference.forward(x, *trained)[1][-1].argmax()) for x in xs] == [0, 1, 1, 0]


@BOTH
def test_softmax_is_finite_far_out(module: Any) -> None:
    """Scores around ±1000 give probabilities."""
    np.testing.assert_allclose(module.softmax(np.array([1000.0, 999.0])), [0.73105858, 0.26894142], atol=1e-8)
    np.testing.assert_allclose(module.softmax(np.array([-1000.0, 1000.0])), [0.0, 1.0], atol=0)


@BOTH
def test_back_through_saturated_units(module: Any) -> None:
    """At sums of ±1000 no error gets through, without a warning."""
    np.testing.assert_array_equal(module.previous_error(np.ones(2), np.ones((2, 2)), np.array([-1000.0, 1000.0])), [0, 0])


@BOTH
def test_zero_probability_of_another_class_costs_nothing(module: Any) -> None:
    """0 * ln 0 counts as 0."""
    cost, error = module.cost_and_error(np.array([0.0, 1.0]), np.array([0, 1]))
    assert cost == 0
    np.testing.assert_array_equal(error, [0.0, 0.0])


@BOTH
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("layer_shapes", (np.array([3]),)),
        ("initialise", (np.array([2, 3]), np.ones(5))),
        ("initialise", (np.array([2, 3]), np.ones(7))),
        ("forward", (np.ones(2), [np.ones((3, 2))], [np.zeros(2)])),
        ("cost_and_error", (np.ones(3) / 3, np.ones(1))),
        ("gradient_vector", (np.ones(3), np.ones(1), [np.ones((3, 2))], [np.zeros(2)])),
        ("train_step", (np.ones((3, 2)), np.eye(2), [np.ones((2, 2))], [np.zeros(2)], 0.1)),
        ("train", (np.eye(2), np.eye(2), [np.ones((2, 2))], [np.zeros(2)], 0.1, 0, np.array([[0, 1]]))),
    ],
)
def test_bad_input_is_refused(module: Any, name: str, args: tuple[Any, ...]) -> None:
    """What does not fit raises ValueError."""
    with pytest.raises(ValueError):
        getattr(module, name)(*args)


@BOTH
def test_arguments_are_left_alone(module: Any) -> None:
    """Training writes into nothing that it is given."""
    rng = np.random.default_rng(1)
    given_ones = [np.eye(3), np.eye(3), [rng.normal(size=(3, 3))], [rng.normal(size=3)], 0.5, 2, np.array([[2, 0, 1]])]
    before = [np.copy(value) for value in given_ones]
    module.train(*given_ones)
    for value, old in zip(given_ones, before, strict=True):
        np.testing.assert_array_equal(value, old)
