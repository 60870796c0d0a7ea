"""The reference of the optimizers: numbers by hand, the solution's results, slopes, whole runs."""

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worked import worked

from reference import optimizers as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = worked("optimizers")
STEP = 1e-6


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_optimizers", ROOT / "solutions/optimizers.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()
BOTH = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def alike(got: Any, want: Any, rtol: float = 1e-9, atol: float = 1e-12) -> None:
    """Assert that results agree, in lists and tuples too."""
    if isinstance(want, tuple | list):
        assert len(got) == len(want)
        for one, other in zip(got, want, strict=True):
            alike(one, other, rtol, atol)
    else:
        np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """Parameters, a gradient, what optimizers remember, and constants."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.sampled_from([(1,), (3,), (2, 3), (2, 1, 2)]))
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


@BOTH
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the numbers of the examples."""
    example = EXAMPLES[name]
    got = getattr(module, example.exercise)(*example.inputs.values())
    expected = tuple(example.expected.values()) if isinstance(example.expected, dict) else example.expected
    alike(got, expected, rtol=1e-7, atol=example.atol or 1e-12)


@given(states())
@settings(max_examples=50, deadline=None)
def test_solution_agrees_with_reference(state: dict[str, Any]) -> None:
    """Every step of the solution is the reference's."""
    theta, gradient, m, v, t, rate, share, epsilon = state.values()
    for name, args in {
        "gradient_step": (theta, gradient, rate),
        "l2_penalty": (theta, share),
        "l2_gradient": (theta, share),
        "weight_decay_step": (theta, gradient, rate, share),
        "momentum_step": (theta, m, gradient, rate, share),
        "adam_step": (theta, gradient, m, v, t, rate, share, 1 - share / 100, epsilon),
        "rosenbrock": (theta.ravel()[[0, -1]],),
        "rosenbrock_gradient": (theta.ravel()[[0, -1]],),
    }.items():
        alike(getattr(solution, name)(*args), getattr(reference, name)(*args))


@given(st.integers(1, 9), st.integers(1, 10), st.integers(0, 99))
@settings(max_examples=50, deadline=None)
def test_epochs_agree(count: int, batch_size: int, seed: int) -> None:
    """An epoch of the solution is the reference's, whatever the size of the batches."""
    rng = np.random.default_rng(seed)
    args = rng.normal(size=3), rng.normal(size=(count, 3)), rng.normal(size=count), 0.1, batch_size, rng.permutation(count)
    alike(solution.sgd_epoch(*args), reference.sgd_epoch(*args))


@BOTH
@given(count=st.integers(1, 12), batch_size=st.integers(1, 13), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_batches_are_the_order_cut_up(module: Any, count: int, batch_size: int, seed: int) -> None:
    """Put together again, the batches are the order; all but the last are full, none is empty."""
    order = np.random.default_rng(seed).permutation(count)
    batches = module.batch_indices(order, batch_size)
    np.testing.assert_array_equal(np.concatenate(batches), order)
    assert all(len(batch) == batch_size for batch in batches[:-1])
    assert 0 < len(batches[-1]) <= batch_size


@BOTH
@pytest.mark.parametrize(("batch_size", "want"), [(1, 1.48), (2, 0.9)])
def test_epoch_by_hand(module: Any, batch_size: int, want: float) -> None:
    """The example in the docstring of `sgd_epoch`."""
    got = module.sgd_epoch(np.zeros(1), np.array([[1.0], [2.0]]), np.array([1.0, 4.0]), 0.1, batch_size, np.array([1, 0]))
    np.testing.assert_allclose(got, [want], rtol=1e-12)


@BOTH
def test_smaller_last_batch_has_its_own_mean(module: Any) -> None:
    """Three examples in batches of two: the last step divides by one."""
    xs, ys = np.array([[1.0], [1.0], [2.0]]), np.array([0.0, 0.0, 2.0])
    got = module.sgd_epoch(np.zeros(1), xs, ys, 0.1, 2, np.arange(3))
    np.testing.assert_allclose(got, [0.1 * 2 * 2 * 2], rtol=1e-12)


def test_epochs_find_the_line() -> None:
    """Many epochs end at the least-squares solution of numbers that lie on a line."""
    rng = np.random.default_rng(0)
    xs = np.column_stack([np.ones(12), rng.uniform(-1, 1, size=12)])
    theta = np.zeros(2)
    for _ in range(200):
        theta = reference.sgd_epoch(theta, xs, xs @ [3.0, -2.0], 0.2, 5, rng.permutation(12))
    np.testing.assert_allclose(theta, [3.0, -2.0], atol=1e-6)


@given(states())
@settings(max_examples=30, deadline=None)
def test_penalty_has_its_gradient(state: dict[str, Any]) -> None:
    """l2_gradient is the slope of l2_penalty along every direction."""
    w, u, reg = state["theta"], state["m"], state["share"]
    slope = (reference.l2_penalty(w + STEP * u, reg) - reference.l2_penalty(w - STEP * u, reg)) / (2 * STEP)
    np.testing.assert_allclose((reference.l2_gradient(w, reg) * u).sum(), slope, atol=1e-7)


@given(states())
@settings(max_examples=30, deadline=None)
def test_decay_shrinks_by_a_factor(state: dict[str, Any]) -> None:
    """Without a gradient, weight decay multiplies by 1 - rate * reg."""
    w, rate, reg = state["theta"], state["rate"], state["share"]
    alike(reference.weight_decay_step(w, np.zeros_like(w), rate, reg), (1 - rate * reg) * w)


@given(states())
@settings(max_examples=30, deadline=None)
def test_without_momentum_it_is_gradient_descent(state: dict[str, Any]) -> None:
    """momentum = 0 forgets the velocity."""
    theta, gradient, rate = state["theta"], state["gradient"], state["rate"]
    alike(reference.momentum_step(theta, state["m"], gradient, rate, 0.0)[0], reference.gradient_step(theta, gradient, rate))


@BOTH
def test_first_step_of_adam_is_as_long_as_the_rate(module: Any) -> None:
    """Whatever the size of the gradient."""
    zeros = np.zeros(4)
    theta, _, _ = module.adam_step(zeros, np.array([1e-3, -1.0, 50.0, -1e4]), zeros, zeros, 1, 0.3)
    np.testing.assert_allclose(theta, [-0.3, 0.3, -0.3, 0.3], rtol=2e-5)


@BOTH
def test_adam_leaves_what_has_no_gradient(module: Any) -> None:
    """0 / (0 + epsilon) is 0, without a warning."""
    zeros = np.zeros(2)
    np.testing.assert_array_equal(module.adam_step(np.ones(2), zeros, zeros, zeros, 1, 0.3)[0], [1.0, 1.0])


@given(st.floats(-2, 2), st.floats(-2, 2))
@settings(max_examples=30, deadline=None)
def test_rosenbrock_gradient_is_its_slope(x: float, y: float) -> None:
    """Both derivatives agree with central differences."""
    theta = np.array([x, y])
    slopes = [(reference.rosenbrock(theta + move) - reference.rosenbrock(theta - move)) / (2 * STEP) for move in STEP * np.eye(2)]
    np.testing.assert_allclose(reference.rosenbrock_gradient(theta), slopes, rtol=1e-5, atol=1e-5)


def test_rosenbrock_has_its_minimum_at_one() -> None:
    """At (1, 1) value and gradient are 0."""
    assert reference.rosenbrock([1, 1]) == 0
    np.testing.assert_array_equal(reference.rosenbrock_gradient([1, 1]), [0, 0])


@pytest.mark.parametrize("method", ["gradient_descent", "momentum", "adam"])
@pytest.mark.parametrize("function", ["quadratic", "rosenbrock"])
def test_runs_agree(function: str, method: str) -> None:
    """The path of the solution is the reference's."""
    args = function, np.array([-1.2, 1.0]), method, 0.0008, 30
    alike(solution.minimise(*args), reference.minimise(*args))


@pytest.mark.parametrize(("method", "rate"), [("gradient_descent", 0.15), ("momentum", 0.03), ("adam", 0.1)])
def test_every_method_finds_the_bottom_of_the_bowl(method: str, rate: float) -> None:
    """The quadratic function ends near 0."""
    np.testing.assert_allclose(reference.minimise("quadratic", [4.0, 2.0], method, rate, 300)[-1], [0, 0], atol=1e-2)


def test_adam_reaches_the_end_of_the_valley() -> None:
    """From (-1.2, 1) to (1, 1)."""
    np.testing.assert_allclose(reference.minimise("rosenbrock", [-1.2, 1.0], "adam", 0.1, 3000)[-1], [1, 1], atol=1e-3)


@BOTH
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("batch_indices", (np.arange(3), 0)),
        ("sgd_epoch", (np.zeros(1), np.ones((2, 1)), np.ones(2), 0.1, 0, np.arange(2))),
        ("minimise", ("sphere", np.ones(2), "adam", 0.1, 1)),
        ("minimise", ("quadratic", np.ones(2), "newton", 0.1, 1)),
    ],
)
def test_bad_input_is_refused(module: Any, name: str, args: tuple[Any, ...]) -> None:
    """Empty batches and unknown words raise ValueError."""
    with pytest.raises(ValueError):
        getattr(module, name)(*args)


@given(states())
@settings(max_examples=20, deadline=None)
def test_arguments_are_left_alone(state: dict[str, Any]) -> None:
    """No step writes into the arrays it is given."""
    before = {key: np.copy(value) for key, value in state.items()}
    theta, gradient, m, v, t, rate, share, _ = state.values()
    for module in (reference, solution):
        module.gradient_step(theta, gradient, rate)
        module.weight_decay_step(theta, gradient, rate, share)
        module.momentum_step(theta, m, gradient, rate, share)
        module.adam_step(theta, gradient, m, v, t, rate)
    for key, value in state.items():
        np.testing.assert_array_equal(value, before[key])
