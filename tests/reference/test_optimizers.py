"""The reference of the optimizers: drawn states, slopes, batches, what one method is to another, whole runs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, some, topic

optimizers = topic("optimizers")
reference, both = optimizers.reference, optimizers.both


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """Parameters, a gradient, what optimizers remember, and constants."""
    rng, shape = draw(generators), draw(st.sampled_from([(1,), (3,), (2, 3), (2, 1, 2)]))
    return {
        "theta": rng.normal(size=shape),
        "gradient": rng.normal(size=shape),
        "m": rng.normal(size=shape),
        "v": rng.uniform(0.1, 2, size=shape),
        "t": draw(st.integers(1, 2000)),
        "rate": draw(st.floats(0.001, 1)),
        "share": draw(st.floats(0.1, 0.95)),
        "epsilon": draw(st.sampled_from([1e-8, 1e-3, 0.5])),
    }


@given(states())
@some
def test_solution_agrees(state: dict[str, Any]) -> None:
    """Every step of the solution is the reference's."""
    theta, gradient, m, v, t, rate, share, epsilon = state.values()
    optimizers.agree("gradient_step", theta, gradient, rate)
    optimizers.agree("l2_penalty", theta, share)
    optimizers.agree("l2_gradient", theta, share)
    optimizers.agree("weight_decay_step", theta, gradient, rate, share)
    optimizers.agree("momentum_step", theta, m, gradient, rate, share)
    optimizers.agree("adam_step", theta, gradient, m, v, t, rate, share, 1 - share / 100, epsilon)
    optimizers.agree("rosenbrock", theta.ravel()[[0, -1]])
    optimizers.agree("rosenbrock_gradient", theta.ravel()[[0, -1]])


@given(st.integers(1, 9), st.integers(1, 10), generators)
@some
def test_epochs_agree(count: int, batch_size: int, rng: np.random.Generator) -> None:
    """An epoch of the solution is the reference's, whatever the size of the batches."""
    examples = rng.normal(size=(count, 3)), rng.normal(size=count)
    optimizers.agree("sgd_epoch", rng.normal(size=3), *examples, 0.1, batch_size, rng.permutation(count))


@both
@given(count=st.integers(1, 12), batch_size=st.integers(1, 13), rng=generators)
@few
def test_batches_are_the_order_cut_up(module: Any, count: int, batch_size: int, rng: np.random.Generator) -> None:
    """Put together again, the batches are the order; all but the last are full, none is empty."""
    order = rng.permutation(count)
    batches = module.batch_indices(order, batch_size)
    np.testing.assert_array_equal(np.concatenate(batches), order)
    assert all(len(batch) == batch_size for batch in batches[:-1])
    assert 0 < len(batches[-1]) <= batch_size


@both
@pytest.mark.parametrize(("batch_size", "want"), [(1, 1.48), (2, 0.9)])
def test_epoch_by_hand(module: Any, batch_size: int, want: float) -> None:
    """The example in the docstring of `sgd_epoch`."""
    got = module.sgd_epoch(np.zeros(1), np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), 0.1, batch_size, np.array([1, 0]))
    np.testing.assert_allclose(got, [want], rtol=1e-12)


def test_epochs_find_the_line() -> None:
    """Many epochs end at the least-squares solution of numbers that lie on a line."""
    rng = np.random.default_rng(0)
    xs = np.column_stack([np.ones(12), rng.uniform(-1, 1, size=12)])
    theta = np.zeros(2)
    for _ in range(200):
        theta = reference.sgd_epoch(theta, xs, xs @ [3.0, -2.0], 0.2, 5, rng.permutation(12))
    np.testing.assert_allclose(theta, [3.0, -2.0], atol=1e-6)


@given(states())
@few
def test_penalty_has_its_gradient(state: dict[str, Any]) -> None:
    """l2_gradient is the slope of l2_penalty."""
    case = {"weights": state["theta"], "reg": state["share"]}
    is_derivative(reference.l2_gradient(**case), reference.l2_penalty, case, ("weights",))


@given(states())
@few
def test_decay_shrinks_by_a_factor(state: dict[str, Any]) -> None:
    """Without a gradient, weight decay multiplies by 1 - rate * reg."""
    w, rate, reg = state["theta"], state["rate"], state["share"]
    got = reference.weight_decay_step(w, np.zeros_like(w), rate, reg)
    np.testing.assert_allclose(got, (1 - rate * reg) * w, rtol=1e-9, atol=1e-12)


@given(states())
@few
def test_without_momentum_it_is_gradient_descent(state: dict[str, Any]) -> None:
    """momentum = 0 forgets the velocity."""
    theta, gradient, rate = state["theta"], state["gradient"], state["rate"]
    got, _ = reference.momentum_step(theta, state["m"], gradient, rate, 0.0)
    np.testing.assert_allclose(got, reference.gradient_step(theta, gradient, rate), rtol=1e-9, atol=1e-12)


@given(st.floats(-2, 2), st.floats(-2, 2))
@few
def test_rosenbrock_gradient_is_its_slope(x: float, y: float) -> None:
    """Both derivatives agree with central differences."""
    case = {"theta": np.array([x, y])}
    is_derivative(reference.rosenbrock_gradient(**case), reference.rosenbrock, case, ("theta",), rtol=1e-5)


def test_rosenbrock_has_its_minimum_at_one() -> None:
    """At (1, 1) value and gradient are 0."""
    assert reference.rosenbrock([1, 1]) == 0
    np.testing.assert_array_equal(reference.rosenbrock_gradient([1, 1]), [0, 0])


@pytest.mark.parametrize(("method", "rate"), [("gradient_descent", 0.15), ("momentum", 0.03), ("adam", 0.1)])
def test_every_method_finds_the_bottom_of_the_bowl(method: str, rate: float) -> None:
    """The quadratic function ends near 0."""
    np.testing.assert_allclose(reference.minimise("quadratic", [4.0, 2.0], method, rate, 300)[-1], [0, 0], atol=1e-2)


def test_adam_reaches_the_end_of_the_valley() -> None:
    """From (-1.2, 1) to (1, 1)."""
    np.testing.assert_allclose(reference.minimise("rosenbrock", [-1.2, 1.0], "adam", 0.1, 3000)[-1], [1, 1], atol=1e-3)
