"""The reference of softmax and cross-entropy: the worked examples, the solution's results, true gradients, extreme numbers."""

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

from reference import softmax_ce as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/softmax_ce/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-5


def load_solution() -> ModuleType:
    """The hand-written solution as a module."""
    spec = importlib.util.spec_from_file_location("solution_softmax_ce", ROOT / "solutions/softmax_ce.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution = load_solution()
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def number(value: Any, dtype: str = "float64") -> Any:
    """A value of examples.toml with its fractions worked out; lists become arrays."""
    if isinstance(value, list):
        return np.array([number(item) for item in value], dtype=dtype)
    return value if isinstance(value, int) else float(Fraction(value))


@st.composite
def batches(draw: st.DrawFn) -> tuple[Any, Any]:
    """Logits and their labels."""
    count, classes = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    logits = draw(arrays(float, (count, classes), elements=st.floats(-6, 6)))
    return logits, draw(arrays(np.int64, count, elements=st.integers(0, classes - 1)))


def one_row(*values: float) -> Any:
    """A batch of one row."""
    return np.array([values], dtype=float)


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the slide's numbers, as exactly as they are printed."""
    example = EXAMPLES[name]
    dtype = example.get("dtype", "float64")
    got = getattr(module, example["exercise"])(**{key: number(value, dtype) for key, value in example["inputs"].items()})
    atol = 0.5 * 10.0 ** -example["decimals"] if "decimals" in example else 1e-12
    np.testing.assert_allclose(got, number(example["expected"]), rtol=0, atol=atol)


def test_slide_took_the_logarithm_to_the_base_10() -> None:
    """The slide's cost 0.259637311 is -log10 0.55 (erratum E7)."""
    loss = reference.cross_entropy(one_row(0.55, 0.45), one_row(1, 0))
    assert loss / np.log(10) == pytest.approx(0.259637311, abs=1e-9)


@given(batches(), st.floats(0, 2))
@settings(max_examples=50, deadline=None)
def test_solution_agrees_with_reference(batch: tuple[Any, Any], reg: float) -> None:
    """Every function of the solution returns what the reference's does."""
    logits, labels = batch
    target = reference.one_hot(labels, logits.shape[1])
    for name, args in {
        "one_hot": (labels, logits.shape[1]),
        "softmax": (logits,),
        "cross_entropy": (reference.softmax(logits), target),
        "softmax_ce_loss": (logits, target),
        "softmax_ce_gradient": (logits, target),
        "penalised_loss": (logits, target, logits.T, reg),
    }.items():
        want, got = getattr(reference, name)(*args), getattr(solution, name)(*args)
        assert np.shape(got) == np.shape(want)
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-12, err_msg=name)


@given(batches())
@settings(max_examples=40, deadline=None)
def test_gradient_is_the_slope_of_the_loss(batch: tuple[Any, Any]) -> None:
    """(p - t) / N agrees with central differences of the loss."""
    logits, labels = batch
    target = reference.one_hot(labels, logits.shape[1])
    gradient = reference.softmax_ce_gradient(logits, target)
    for place in np.ndindex(logits.shape):
        move = np.zeros(logits.shape)
        move[place] = STEP
        up, down = (reference.softmax_ce_loss(logits + sign * move, target) for sign in (1, -1))
        assert gradient[place] == pytest.approx((up - down) / (2 * STEP), abs=1e-8)


@given(batches())
@settings(max_examples=40, deadline=None)
def test_loss_is_the_cross_entropy_of_the_softmax(batch: tuple[Any, Any]) -> None:
    """At ordinary sizes both functions in one are the one after the other."""
    logits, labels = batch
    target = reference.one_hot(labels, logits.shape[1])
    want = reference.cross_entropy(reference.softmax(logits), target)
    assert reference.softmax_ce_loss(logits, target) == pytest.approx(want, rel=1e-9, abs=1e-12)


@given(batches(), st.floats(-50, 50))
@settings(max_examples=40, deadline=None)
def test_rows_are_distributions_and_may_move(batch: tuple[Any, Any], shift: float) -> None:
    """Rows add up to 1, and a number added to a row changes nothing."""
    logits, _ = batch
    p = reference.softmax(logits)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    np.testing.assert_allclose(reference.softmax(logits + shift), p, rtol=1e-10)


@both
def test_softmax_far_out(module: Any) -> None:
    """Rows near -1000, 0 and 1000 of one batch are as if they were near 0, without a warning."""
    row = np.array([0.5, -1.0, 2.0])
    got = module.softmax(np.array([row - 1000, row, row + 1000]))
    np.testing.assert_allclose(got, np.tile(got[1], (3, 1)), rtol=1e-12)


@both
@pytest.mark.parametrize(("target", "loss"), [((1, 0), 1000.0), ((0, 1), 0.0)])
def test_loss_is_exact_far_out(module: Any, target: tuple[int, int], loss: float) -> None:
    """A right class that lies 1000 below costs 1000, one that lies 1000 above costs 0."""
    assert module.softmax_ce_loss(one_row(0, 1000), one_row(*target)) == loss


@both
def test_gradient_is_finite_far_out(module: Any) -> None:
    """The gradient of a hopeless class is -1, without a warning."""
    np.testing.assert_array_equal(module.softmax_ce_gradient(one_row(-1000, 1000), one_row(1, 0)), one_row(-1, 1))


@both
def test_probability_zero(module: Any) -> None:
    """A right class with probability 0 costs -log(1e-7), a wrong one nothing, without a warning."""
    assert module.cross_entropy(one_row(0, 1), one_row(1, 0)) == pytest.approx(16.118096, abs=1e-6)
    assert module.cross_entropy(one_row(0, 1), one_row(0, 1)) == 0


@both
def test_softmax_of_whole_numbers_is_no_whole_number(module: Any) -> None:
    """Integer logits give floats."""
    np.testing.assert_allclose(module.softmax(np.array([[3, 3]])), one_row(0.5, 0.5))


@both
@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("one_hot", (np.array([0, -1]), 3)),
        ("one_hot", (np.array([0, 3]), 3)),
        ("cross_entropy", (np.full((2, 2), 0.5), one_row(1, 0))),
        ("softmax_ce_loss", (np.zeros((2, 2)), one_row(1, 0))),
        ("softmax_ce_gradient", (np.zeros((2, 2)), one_row(1, 0))),
        ("penalised_loss", (np.zeros((2, 2)), one_row(1, 0), np.ones((2, 3)), 0.1)),
        ("penalised_loss", (one_row(0, 1), one_row(1, 0), np.ones((2, 3)), -0.1)),
    ],
)
def test_bad_input_is_refused(module: Any, name: str, args: tuple[Any, ...]) -> None:
    """Labels that are no class, shapes that do not fit and a negative rate raise ValueError."""
    with pytest.raises(ValueError):
        getattr(module, name)(*args)


@given(batches())
@settings(max_examples=20, deadline=None)
def test_arguments_are_left_alone(batch: tuple[Any, Any]) -> None:
    """Nothing writes into the arrays it is given."""
    logits, labels = batch
    target = reference.one_hot(labels, logits.shape[1])
    kept = logits.copy(), target.copy()
    for module in (reference, solution):
        module.cross_entropy(module.softmax(logits), target)
        module.softmax_ce_loss(logits, target)
        module.softmax_ce_gradient(logits, target)
    np.testing.assert_array_equal(logits, kept[0])
    np.testing.assert_array_equal(target, kept[1])
