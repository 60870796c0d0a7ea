"""The reference of logistic regression: the worked examples, the solution's results, true gradients, extreme numbers."""

import importlib.util
import tomllib
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reference import logistic as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/logistic/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-5


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_logistic", ROOT / "solutions/logistic.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def number(value: Any) -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        return np.array([number(item) for item in value], dtype=float)
    return value if isinstance(value, int) else float(Fraction(value))


@st.composite
def states(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of `gradients`: a small batch with labels, weights and a bias."""
    count, features = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    values = st.floats(-1, 1)
    return {
        "x": draw(arrays(float, (count, features), elements=values)),
        "y": draw(arrays(float, count, elements=st.sampled_from([0.0, 1.0]))),
        "w": draw(arrays(float, features, elements=values)),
        "b": draw(values),
    }


def assert_same(one: Any, other: Any, atol: float = 1e-12) -> None:
    """Two results, or two tuples of results, are equal up to rounding."""
    for a, b in zip(one, other, strict=True) if isinstance(one, tuple) else [(one, other)]:
        assert np.shape(a) == np.shape(b)
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=atol)


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the example's numbers, as exactly as they are printed."""
    example = EXAMPLES[name]
    got = getattr(module, example["exercise"])(**{key: number(value) for key, value in example["inputs"].items()})
    expected = example["expected"]
    atol = 0.5 * 10.0 ** -example["decimals"] if "decimals" in example else 1e-12
    assert_same(tuple(map(number, expected.values())) if isinstance(expected, dict) else number(expected), got, atol)


@given(states(), st.floats(0.01, 2), st.integers(0, 3))
@settings(max_examples=40, deadline=None)
def test_solution_agrees_with_reference(case: dict[str, Any], alpha: float, steps: int) -> None:
    """Every function of the solution returns what the reference's does."""
    x, y, w, b = case.values()
    a = reference.forward(x, w, b)
    for name, args in {
        "forward": (x, w, b),
        "bce": (a, y),
        "cost": (x, y, w, b),
        "delta": (a, y),
        "gradients": (x, y, w, b),
        "step": (x, y, w, b, alpha),
        "train": (x, y, w, b, alpha, steps),
    }.items():
        assert_same(getattr(reference, name)(*args), getattr(solution, name)(*args))


@given(states())
@settings(max_examples=40, deadline=None)
def test_gradients_are_the_slopes_of_the_cost(case: dict[str, Any]) -> None:
    """dw and db agree with central differences of the cost."""
    dw, db = reference.gradients(**case)
    for j in range(len(dw)):
        move = np.zeros(len(dw))
        move[j] = STEP
        up, down = (reference.cost(**{**case, "w": case["w"] + sign * move}) for sign in (1, -1))
        assert dw[j] == pytest.approx((up - down) / (2 * STEP), abs=1e-7)
    up, down = (reference.cost(**{**case, "b": case["b"] + sign * STEP}) for sign in (1, -1))
    assert db == pytest.approx((up - down) / (2 * STEP), abs=1e-7)


@given(st.floats(-8, 8), st.sampled_from([0.0, 1.0]))
@settings(max_examples=40, deadline=None)
def test_delta_is_the_slope_of_the_loss(z: float, y: float) -> None:
    """a - y is dL/dz (erratum E8: the slide's line before the box has a wrong sign)."""
    label = np.array([y])
    a, up, down = (reference.forward(np.array([[1.0]]), np.array([z + move]), 0.0) for move in (0, STEP, -STEP))
    slope = (reference.bce(up, label) - reference.bce(down, label)) / (2 * STEP)
    assert reference.delta(a, label)[0] == pytest.approx(slope, abs=1e-6)


def test_slide_before_the_box_has_a_wrong_sign() -> None:
    """-y(1 - a) - a(1 - y) differs from a - y for the label 0; with a plus it does not (erratum E8)."""
    a, y = np.array([0.3, 0.3]), np.array([0.0, 1.0])
    np.testing.assert_allclose(-y * (1 - a) + a * (1 - y), reference.delta(a, y))
    np.testing.assert_allclose(-y * (1 - a) - a * (1 - y), [-0.3, -0.7])


@both
def test_forward_is_finite_far_out(module: Any) -> None:
    """At z = ±1000 the neuron says 1 and 0, without a warning."""
    got = module.forward(np.array([[1000.0], [-1000.0]]), np.array([1.0]), 0.0)
    np.testing.assert_array_equal(got, [1.0, 0.0])


@both
@pytest.mark.parametrize(("a", "y", "loss"), [(1.0, 1.0, 0.0), (0.0, 0.0, 0.0), (0.0, 1.0, 16.118096), (1.0, 0.0, 16.118096)])
def test_certain_predictions(module: Any, a: float, y: float, loss: float) -> None:
    """A certain prediction costs nothing where it is right and -log(1e-7) where it is wrong, without a warning."""
    assert module.bce(np.array([a]), np.array([y])) == pytest.approx(loss, abs=1e-6)


@both
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("forward", (np.ones((4, 3)), np.ones(2), 0.0)),
        ("bce", (np.full(3, 0.5), np.ones((3, 1)))),
        ("bce", (np.full(3, 0.5), np.ones(2))),
        ("delta", (np.full(3, 0.5), np.ones((3, 1)))),
        ("gradients", (np.ones((4, 2)), np.ones(3), np.ones(2), 0.0)),
        ("step", (np.ones((4, 2)), np.ones(4), np.ones(3), 0.0, 0.1)),
        ("train", (np.ones((4, 2)), np.ones(3), np.ones(2), 0.0, 0.1, 0)),
    ],
)
def test_bad_input_is_refused(module: Any, name: str, args: tuple[Any, ...]) -> None:
    """Shapes that do not fit raise ValueError."""
    with pytest.raises(ValueError):
        getattr(module, name)(*args)


@both
def test_training_learns_or(module: Any) -> None:
    """From weights 0, the four rows of «or» are separated, and the loss falls with every step."""
    x, y = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]]), np.array([0, 1, 1, 1])
    w, b, losses = module.train(x, y, np.zeros(2), 0.0, 1.0, 60)
    assert (np.diff(losses) < 0).all()
    np.testing.assert_array_equal(x @ w + b > 0, y == 1)


@both
def test_training_without_steps_returns_a_copy(module: Any) -> None:
    """With steps = 0 the weights come back as a new array."""
    w = np.array([0.5, -1.0])
    got, b, losses = module.train(np.ones((1, 2)), np.ones(1), w, 0.25, 0.1, 0)
    assert got is not w and got.tolist() == w.tolist() and b == 0.25 and losses.shape == (1,)


@given(states())
@settings(max_examples=20, deadline=None)
def test_arguments_are_left_alone(case: dict[str, Any]) -> None:
    """Neither a step nor training writes into the arrays it is given."""
    before = {key: np.copy(value) for key, value in case.items()}
    for module in (reference, solution):
        module.step(**case, alpha=0.5)
        module.train(**case, alpha=0.5, steps=2)
    for key, value in case.items():
        np.testing.assert_array_equal(value, before[key])
