"""The reference of `resnet`: the worked examples, the solution's results, the true gradients, the edges, the plot."""

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

from reference import resnet as reference

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = tomllib.loads((ROOT / "assignments/resnet/examples.toml").read_text(encoding="utf-8"))
STEP = 1e-6


def load(path: str) -> ModuleType:
    """A file of the course as a module."""
    spec = importlib.util.spec_from_file_location(path.replace("/", "_").removesuffix(".py"), ROOT / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


solution, checks, plot = (
    load(path) for path in ("solutions/resnet.py", "assignments/resnet/checks.py", "assignments/resnet/plot.py")
)
both = pytest.mark.parametrize("module", [reference, solution], ids=["reference", "solution"])
with_and_without_skip = pytest.mark.parametrize("skip", [True, False], ids=["skip", "plain"])


def array(value: Any) -> Any:
    """A value of examples.toml: lists as arrays, "1/2" as a number."""
    return np.vectorize(lambda item: float(Fraction(item)))(np.array(value, dtype=object)) if isinstance(value, list) else value


def inputs(name: str) -> dict[str, Any]:
    """The arguments of a worked example."""
    return {key: array(value) for key, value in EXAMPLES[name]["inputs"].items()}


def results(name: str, got: Any) -> list[tuple[str, Any, np.ndarray]]:
    """Name, value and expectation of each result of a worked example."""
    expected = EXAMPLES[name]["expected"]
    if not isinstance(expected, dict):
        return [("", got, array(expected))]
    assert len(got) == len(expected)
    return [(key, one, array(expected[key])) for key, one in zip(expected, got, strict=True)]


@st.composite
def dense(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a dense block whose sums stay clear of 0."""
    examples, width, hidden = (draw(st.integers(1, 4)) for _ in range(3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    while True:
        case = dict(
            x=rng.normal(size=(examples, width)),
            w1=rng.normal(size=(width, hidden)),
            b1=rng.normal(size=hidden),
            w2=rng.normal(size=(hidden, width)),
            b2=rng.normal(size=width),
        )
        if min(np.abs(sums).min() for sums in checks.dense_sums(case)) > 1e-3:
            return {**case, "skip": draw(st.booleans())}


@st.composite
def projected(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a block with a projection whose sums stay clear of 0."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    batch, channels, filters = (draw(st.integers(1, 2)) for _ in range(3))
    height, width, stride = (draw(st.integers(1, top)) for top in (4, 4, 3))
    while True:
        case: dict[str, Any] = checks.projected(rng, batch, channels, height, width, filters, stride)
        if min(np.abs(sums).min() for sums in checks.projection_sums(case)) > 1e-3:
            return case


def upstream(of: Callable[..., Any], case: dict[str, Any]) -> np.ndarray:
    """A gradient of the loss with respect to what `of` returns."""
    return np.random.default_rng(0).normal(size=of(**case).shape)


def slope(loss: Callable[[np.ndarray], float], at: np.ndarray, direction: np.ndarray) -> float:
    """The central difference of `loss` along `direction`."""
    return (loss(at + STEP * direction) - loss(at - STEP * direction)) / (2 * STEP)


def assert_gradients(forward: Callable[..., Any], gradients: tuple[Any, ...], dout: np.ndarray, case: dict[str, Any]) -> None:
    """Every gradient agrees with central differences of `forward` along a random direction."""
    rng = np.random.default_rng(1)
    arrays = [name for name in ("x", "w1", "b1", "w2", "b2", "wp") if name in case]
    for name, found in zip(arrays, gradients, strict=True):
        direction = rng.normal(size=case[name].shape)
        numeric = slope(lambda value, name=name: float(np.sum(dout * forward(**{**case, name: value}))), case[name], direction)
        np.testing.assert_allclose(np.sum(found * direction), numeric, rtol=1e-5, atol=1e-6)


def assert_all_close(got: Any, want: Any) -> None:
    """Two tuples of arrays agree."""
    for one, other in zip(got, want, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


def stack(depth: int = 4, examples: int = 2, width: int = 3, hidden: int = 5) -> dict[str, Any]:
    """The arguments of a stack of blocks."""
    rng = np.random.default_rng(0)
    return dict(
        x=rng.normal(size=(examples, width)),
        dout=rng.normal(size=(examples, width)),
        w1=rng.normal(size=(depth, width, hidden)) / 2,
        b1=rng.normal(size=(depth, hidden)),
        w2=rng.normal(size=(depth, hidden, width)) / 2,
        b2=rng.normal(size=(depth, width)),
    )


@both
@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_example(name: str, module: Any) -> None:
    """Reference and solution give the numbers that were worked by hand."""
    for _, result, expected in results(name, getattr(module, EXAMPLES[name]["exercise"])(**inputs(name))):
        np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("name", EXAMPLES)
def test_explanation_ends_in_the_expected_number(name: str) -> None:
    """The arithmetic that a student reads is that of the worked example, at every element, and adds up."""
    explain = {
        "residual_forward": checks.block_steps,
        "residual_backward": checks.block_backward_steps,
        "projection_forward": checks.projection_steps,
        "projection_backward": checks.projection_backward_steps,
        "gradient_norms": checks.stack_steps,
    }[EXAMPLES[name]["exercise"]]
    got = getattr(reference, EXAMPLES[name]["exercise"])(**inputs(name))
    for result, _, expected in results(name, got):
        for index in np.ndindex(expected.shape):
            *terms, total = explain(inputs(name), result, index).split(" = ")
            assert float(total) == expected[index]
            for term in terms:
                assert re.fullmatch(r"(relu|[-+*>. \d()\[\]])+", term)
                value = eval(re.sub(r"\[(.*?)\]", r"(\1)", term), {"relu": lambda s: max(s, 0)})
                assert value == expected[index]


def test_explanation_of_the_gradient_has_both_ways() -> None:
    """The arithmetic of dx names the shortcut's part first, then the branch's."""
    assert checks.block_backward_steps(inputs("residual-block-backward"), "dx", (0, 0)) == "3 + (3*1 + 0*0 + -6*-1) = 12"


@given(dense())
@settings(max_examples=60, deadline=None)
def test_solution_agrees_on_dense_blocks(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    dout = upstream(reference.residual_forward, case)
    assert_all_close([solution.residual_forward(**case)], [reference.residual_forward(**case)])
    assert_all_close(solution.residual_backward(dout, **case), reference.residual_backward(dout, **case))


@given(projected())
@settings(max_examples=40, deadline=None)
def test_solution_agrees_on_projected_blocks(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's, with the convolutions that are given."""
    dout = upstream(reference.projection_forward, case)
    assert_all_close([solution.projection_forward(**case)], [reference.projection_forward(**case)])
    assert_all_close(solution.projection_backward(dout, **case), reference.projection_backward(dout, **case))


@given(dense())
@settings(max_examples=30, deadline=None)
def test_dense_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """The gradients of a dense block agree with central differences."""
    dout = upstream(reference.residual_forward, case)
    assert_gradients(reference.residual_forward, reference.residual_backward(dout, **case), dout, case)


@given(projected())
@settings(max_examples=25, deadline=None)
def test_projected_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """The gradients of a block with a projection agree with central differences."""
    dout = upstream(reference.projection_forward, case)
    assert_gradients(reference.projection_forward, reference.projection_backward(dout, **case), dout, case)


@with_and_without_skip
def test_solution_agrees_on_stacks(skip: bool) -> None:
    """The norms of the solution are the reference's."""
    case = stack()
    assert_all_close([solution.gradient_norms(**case, skip=skip)], [reference.gradient_norms(**case, skip=skip)])


@both
@with_and_without_skip
def test_first_norm_is_the_gradient_of_the_whole_stack(module: Any, skip: bool) -> None:
    """norms[0] is the norm of the numeric gradient of the loss with respect to x."""
    case = stack()
    x, dout, *weights = case.values()

    def loss(value: np.ndarray) -> float:
        for block in zip(*weights, strict=True):
            value = reference.residual_forward(value, *block, skip)
        return float(np.sum(dout * value))

    units = (np.eye(x.size)[place].reshape(x.shape) for place in range(x.size))
    numeric = np.linalg.norm([slope(loss, x, unit) for unit in units])
    assert module.gradient_norms(**case, skip=skip)[0] == pytest.approx(numeric, rel=1e-6)


@both
def test_norms_of_the_later_blocks_do_not_depend_on_the_first(module: Any) -> None:
    """A stack that starts at the input of block 1 has the same norms without the first."""
    case = stack()
    later = {name: value if name in ("x", "dout") else value[1:] for name, value in case.items()}
    later["x"] = reference.residual_forward(case["x"], *(case[name][0] for name in ("w1", "b1", "w2", "b2")))
    assert_all_close([module.gradient_norms(**case)[1:]], [module.gradient_norms(**later)])


@both
def test_last_relu_comes_after_the_addition(module: Any) -> None:
    """A residual of -5 takes 5 away from x = 7; a ReLU before the addition would have cut it."""
    w1, b1, w2, b2 = np.ones((1, 1)), np.zeros(1), np.zeros((1, 1)), np.array([-5.0])
    np.testing.assert_array_equal(module.residual_forward(np.array([[7.0]]), w1, b1, w2, b2), [[2.0]])


@both
def test_equal_shapes_are_projected_too(module: Any) -> None:
    """With a projection of 0, nothing of x comes through the shortcut, also where shapes are equal."""
    x = np.ones((1, 2, 3, 4))
    w, b = np.zeros((2, 2, 3, 3)), np.zeros(2)
    np.testing.assert_array_equal(module.projection_forward(x, w, b, w, b, np.zeros((2, 2, 1, 1)), 1), np.zeros(x.shape))


@both
def test_output_rows_are_rounded_up_halves(module: Any) -> None:
    """Stride 2 makes 3 x 2 of 5 x 4, the same for branch and shortcut."""
    case = checks.projected(np.random.default_rng(0), 1, 2, 5, 4, 3, 2)
    assert module.projection_forward(**case).shape == (1, 3, 3, 2)


@both
def test_refusals(module: Any) -> None:
    """What broadcasting would stretch is refused; a plain block may change the number of columns."""
    x, w1, b1, w2, b2 = np.ones((2, 3)), np.ones((3, 4)), np.ones(4), np.ones((4, 1)), np.ones(1)
    with pytest.raises(ValueError, match="added"):
        module.residual_forward(x, w1, b1, w2, b2)
    assert module.residual_forward(x, w1, b1, w2, b2, False).shape == (2, 1)
    images, first, second, bias = np.ones((1, 3, 4, 4)), np.ones((2, 3, 3, 3)), np.ones((2, 2, 3, 3)), np.ones(2)
    with pytest.raises(ValueError, match="filters"):
        module.projection_forward(images, first, bias, second, bias, np.ones((1, 3, 1, 1)))


@both
def test_deep_plain_stack_underflows_in_single_precision(module: Any) -> None:
    """The slide's «underflowing»: 80 plain blocks that quarter the gradient leave 0 of it in float32; skip connections keep it."""
    ones, zeros = np.ones((80, 1, 1), np.float32), np.zeros((80, 1), np.float32)
    args = (ones[0], ones[0], ones / 4, zeros + np.float32(0.5), ones, zeros)
    assert module.gradient_norms(*args, False)[0] == 0.0
    assert module.gradient_norms(*args, True)[0] > 1.0


def test_single_precision_stays_single() -> None:
    """float32 in, float32 out."""
    rng = np.random.default_rng(0)
    case = checks.single(checks.projected(rng, 1, 2, 4, 3, 3, 2))
    out = reference.projection_forward(**case)
    block = checks.single(checks.block(rng, 2, 3, 4))
    made = reference.residual_forward(**block)
    found = [out, *reference.projection_backward(out, **case), made, *reference.residual_backward(made, **block)]
    found.append(reference.gradient_norms(**{name: value.astype(np.float32) for name, value in stack().items()}))
    assert {a.dtype for a in found} == {np.dtype(np.float32)}


def test_plot_measures_what_the_picture_shows() -> None:
    """Plain stacks lose the gradient, stacks with skip connections keep it; the table has a line for each depth."""
    curves = plot.measure(reference.gradient_norms)
    assert curves[False][-1] < 1e-40 and curves[True].min() > 0.1 and curves[True].max() < 10
    assert len(plot.table(curves).splitlines()) == len(plot.DEPTHS) + 1


def test_picture_is_the_one_of_the_readme() -> None:
    """The READMEs show the picture, and it is a small file."""
    picture = ROOT / "assignments/resnet/gradient_norm.svg"
    assert picture.stat().st_size < 50_000
    for name in ("README.md", "README.es.md"):
        assert f"({picture.name})" in (picture.parent / name).read_text(encoding="utf-8")
