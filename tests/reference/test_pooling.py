"""The reference of `pooling`: the lecture's numbers, the solution's results, the true gradients, ties and edges."""

import importlib.util
import math
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worked import worked

from reference import pooling as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = worked("pooling")
STEP = 1e-5


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks = load("solutions/pooling.py"), load("assignments/pooling/checks.py")
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example."""
    return dict(EXAMPLES[name].inputs)


def distinct(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Numbers of both signs with gaps of 0.1, so that no maximum is a tie."""
    count = math.prod(shape)
    return (rng.permutation(count).reshape(shape) - count // 2) * 0.1


@st.composite
def batches(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of max and average pooling."""
    size = draw(st.integers(1, 3))
    shape = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(size, 6)), draw(st.integers(size, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return {"x": distinct(rng, shape), "size": size, "stride": draw(st.none() | st.integers(1, 4))}


@st.composite
def adaptive_batches(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of adaptive pooling, outputs larger than the image among them."""
    shape = draw(st.integers(1, 2)), draw(st.integers(1, 2)), draw(st.integers(1, 7)), draw(st.integers(1, 7))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return {"x": rng.normal(size=shape), "size": draw(st.integers(1, 5))}


def agree(forward: str, case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    out = getattr(reference, forward)(**case)
    np.testing.assert_allclose(getattr(solution, forward)(**case), out, rtol=1e-12, atol=1e-12)
    dout = np.random.default_rng(0).normal(size=out.shape)
    one, other = (getattr(module, f"{forward}_backward")(dout, **case) for module in (solution, reference))
    np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def slopes(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences of `loss`, coordinate by coordinate."""
    found = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        move = np.zeros_like(at)
        move[index] = STEP
        found[index] = (loss(at + move) - loss(at - move)) / (2 * STEP)
    return found


def is_derivative(forward: str, case: dict[str, Any]) -> None:
    """The reference's backward pass agrees with central differences of its forward pass."""
    function = getattr(reference, forward)
    dout = np.random.default_rng(0).normal(size=function(**case).shape)
    numeric = slopes(lambda x: float(np.sum(dout * function(**{**case, "x": x}))), case["x"])
    np.testing.assert_allclose(getattr(reference, f"{forward}_backward")(dout, **case), numeric, rtol=1e-6, atol=1e-8)


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the slide's numbers."""
    got = getattr(module, EXAMPLES[name].exercise)(**inputs(name))
    np.testing.assert_allclose(got, EXAMPLES[name].expected, rtol=1e-14, atol=0)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads leads to the worked example's number at every element."""
    explain = {
        "max_pool": checks.slide_max,
        "max_pool_backward": checks.slide_max_backward,
        "avg_pool": checks.slide_mean,
        "avg_pool_backward": checks.slide_mean_backward,
        "adaptive_avg_pool": checks.slide_adaptive,
        "adaptive_avg_pool_backward": checks.slide_adaptive_backward,
    }[EXAMPLES[name].exercise]
    expected = EXAMPLES[name].expected
    for index in np.ndindex(expected.shape):
        assert float(explain(inputs(name), "O", index).replace(": ", " = ").rpartition(" = ")[2]) == pytest.approx(
            expected[index], rel=1e-5
        )


@pytest.mark.parametrize(
    ("name", "index", "text"),
    [
        ("max-pool", (0, 0, 0, 0), "max(1, 2, 2, 3) = 3"),
        ("avg-pool", (0, 0, 0, 0), "(1 + 2 + 2 + 3) / 4 = 2"),
        ("adaptive-avg", (0, 0, 0, 1), "rows 0..1, columns 1..2: (2 + 1 + 3 + 1) / 4 = 1.75"),
    ],
)
def test_explanation_is_written_as_on_the_slide(name: str, index: tuple[int, ...], text: str) -> None:
    """The numbers are in the order of the slide, whole ones without a point."""
    explain = {"max-pool": checks.slide_max, "avg-pool": checks.slide_mean, "adaptive-avg": checks.slide_adaptive}[name]
    assert explain(inputs(name), "O", index) == text


@pytest.mark.parametrize("forward", ["max_pool", "avg_pool"])
@given(batches())
@settings(max_examples=50, deadline=None)
def test_solution_agrees(forward: str, case: dict[str, Any]) -> None:
    """Max and average pooling of the solution are the reference's, forward and backward."""
    agree(forward, case)


@given(adaptive_batches())
@settings(max_examples=50, deadline=None)
def test_solution_agrees_adaptive(case: dict[str, Any]) -> None:
    """Adaptive pooling of the solution is the reference's, forward and backward."""
    agree("adaptive_avg_pool", case)


@pytest.mark.parametrize("forward", ["max_pool", "avg_pool"])
@given(batches())
@settings(max_examples=25, deadline=None)
def test_backward_is_the_derivative(forward: str, case: dict[str, Any]) -> None:
    """The gradients of max and average pooling agree with central differences."""
    is_derivative(forward, case)


@given(adaptive_batches())
@settings(max_examples=25, deadline=None)
def test_backward_is_the_derivative_adaptive(case: dict[str, Any]) -> None:
    """The gradient of adaptive pooling agrees with central differences."""
    is_derivative("adaptive_avg_pool", case)


@given(batches())
@settings(max_examples=25, deadline=None)
def test_backward_hands_out_what_it_gets(case: dict[str, Any]) -> None:
    """Max and average pooling pass on the whole upstream gradient, no more and no less."""
    dout = np.random.default_rng(1).normal(size=reference.max_pool(**case).shape)
    for backward in (reference.max_pool_backward, reference.avg_pool_backward):
        assert backward(dout, **case).sum() == pytest.approx(dout.sum(), abs=1e-12)


@both
def test_equal_maxima_receive_the_gradient_once(module: Any) -> None:
    """In a window of equal numbers one of them has the gradient."""
    dx = module.max_pool_backward(np.full((1, 1, 1, 1), 5.0), np.zeros((1, 1, 2, 2)), 2)
    assert sorted(dx.ravel()) == [0, 0, 0, 5]


@both
def test_law_of_ties_holds(module: Any) -> None:
    """The property that the rubric asks of tied windows holds."""
    for case in checks.ties(np.random.default_rng(0)):
        assert checks.shares_add_up(case, [module.max_pool_backward(**case)]) is None


def test_law_of_ties_accepts_any_split() -> None:
    """The gradient of a tied window may be divided in any way, and may not be handed out twice."""
    (case,) = checks.ties(np.random.default_rng(0))
    x, dout = case["x"], case["dout"]
    largest = x == reference.max_pool(x, 2).repeat(2, axis=2).repeat(2, axis=3)
    whole = largest * dout.repeat(2, axis=2).repeat(2, axis=3)
    times = largest.reshape(1, 1, 2, 2, 2, 2).sum(axis=(3, 5)).repeat(2, axis=2).repeat(2, axis=3)
    assert checks.shares_add_up(case, [whole / times]) is None
    assert "add up" in checks.shares_add_up(case, [whole])


@both
def test_negative_numbers_have_a_maximum(module: Any) -> None:
    """Where all numbers are negative, so is the maximum."""
    assert module.max_pool(np.full((1, 1, 2, 2), -3.0), 2).item() == -3.0


@both
def test_left_over_rows_are_not_used(module: Any) -> None:
    """Rows that no window reaches are not pooled and have gradient 0."""
    x = np.ones((1, 1, 5, 7))
    assert module.max_pool(x, 2).shape == module.avg_pool(x, 2).shape == (1, 1, 2, 3)
    np.testing.assert_array_equal(module.avg_pool_backward(np.ones((1, 1, 2, 3)), x, 2)[0, 0, 4], np.zeros(7))


@both
def test_adaptive_rows_go_with_the_height(module: Any) -> None:
    """Erratum E4: on an image that is not square, rows are cut by H and columns by W."""
    x = np.arange(12.0).reshape(1, 1, 2, 6)
    np.testing.assert_allclose(module.adaptive_avg_pool(x, 2)[0, 0], [[1, 4], [7, 10]], rtol=1e-14)


@both
def test_adaptive_output_may_be_larger_than_the_image(module: Any) -> None:
    """Windows of one place repeat it when the output is larger."""
    np.testing.assert_allclose(module.adaptive_avg_pool(np.array([[[[7.0]]]]), 3), np.full((1, 1, 3, 3), 7.0), rtol=1e-14)


@both
def test_refusals(module: Any) -> None:
    """A window that does not fit and an output without rows are refused."""
    for function in (module.max_pool, module.avg_pool):
        with pytest.raises(ValueError, match=r"larger|fit"):
            function(np.ones((1, 1, 5, 2)), 3)
    with pytest.raises(ValueError, match="at least"):
        module.adaptive_avg_pool(np.ones((1, 1, 3, 3)), 0)
