"""The reference of `resnet`: drawn blocks, true gradients, what the shortcut does, stacks, the picture."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from topics import few, generators, is_derivative, same, sizes, slopes, some, topic, upstream

from grader.course.panels import Lines
from grader.course.pictures import read_pictures
from grader.plots.answers import drawing, of_namespace

resnet = topic("resnet")
reference, checks, both = resnet.reference, resnet.checks, resnet.both
with_and_without_skip = pytest.mark.parametrize("skip", [True, False], ids=["skip", "plain"])


def clear_of_kinks(sums: Iterable[np.ndarray]) -> bool:
    """Whether no sum is so near to 0 that a small step would take it through ReLU's corner."""
    return min(np.abs(one).min() for one in sums) > 1e-3


@st.composite
def dense(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a dense block whose sums stay clear of 0."""
    (examples, width, hidden), rng = sizes(draw, 3, 4), draw(generators)
    shapes = {"x": (examples, width), "w1": (width, hidden), "b1": hidden, "w2": (hidden, width), "b2": width}
    case = {**{name: rng.normal(size=shape) for name, shape in shapes.items()}, "skip": draw(st.booleans())}
    assume(clear_of_kinks(checks.dense_sums(case)))
    return case


@st.composite
def projected(draw: st.DrawFn) -> dict[str, Any]:
    """The arguments of a block with a projection whose sums stay clear of 0."""
    (batch, channels, filters), (height, width), (stride,) = sizes(draw, 3, 2), sizes(draw, 2, 4), sizes(draw, 1, 3)
    case: dict[str, Any] = checks.projected(draw(generators), batch, channels, height, width, filters, stride)
    assume(clear_of_kinks(checks.projection_sums(case)))
    return case


def agree_on_block(name: str, case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    resnet.agree(f"{name}_forward", **case)
    resnet.agree(f"{name}_backward", upstream(getattr(reference, f"{name}_forward"), case), **case)


def gradients_are_true(name: str, case: dict[str, Any]) -> None:
    """The gradients of a block agree with central differences."""
    forward: Callable[..., Any] = getattr(reference, f"{name}_forward")
    dout = upstream(forward, case)
    arrays = tuple(key for key in ("x", "w1", "b1", "w2", "b2", "wp") if key in case)
    is_derivative(getattr(reference, f"{name}_backward")(dout, **case), forward, case, arrays, dout, rtol=1e-5)


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


@given(dense())
@some
def test_solution_agrees_on_dense_blocks(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's."""
    agree_on_block("residual", case)


@given(projected())
@some
def test_solution_agrees_on_projected_blocks(case: dict[str, Any]) -> None:
    """Forward and backward pass of the solution are the reference's, with the convolutions that are given."""
    agree_on_block("projection", case)


@given(dense())
@few
def test_dense_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """The gradients of a dense block agree with central differences."""
    gradients_are_true("residual", case)


@given(projected())
@few
def test_projected_backward_is_the_derivative(case: dict[str, Any]) -> None:
    """The gradients of a block with a projection agree with central differences."""
    gradients_are_true("projection", case)


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

    assert module.gradient_norms(**case, skip=skip)[0] == pytest.approx(np.linalg.norm(slopes(loss, x)), rel=1e-6)


@both
def test_norms_of_the_later_blocks_do_not_depend_on_the_first(module: Any) -> None:
    """A stack that starts at the input of block 1 has the same norms without the first."""
    case = stack()
    later = {name: value if name in ("x", "dout") else value[1:] for name, value in case.items()}
    later["x"] = reference.residual_forward(case["x"], *(case[name][0] for name in ("w1", "b1", "w2", "b2")))
    same(module.gradient_norms(**case)[1:], module.gradient_norms(**later))


@both
def test_output_rows_are_rounded_up_halves(module: Any) -> None:
    """Stride 2 makes 3 x 2 of 5 x 4, the same for branch and shortcut."""
    case = checks.projected(np.random.default_rng(0), 1, 2, 5, 4, 3, 2)
    assert module.projection_forward(**case).shape == (1, 3, 3, 2)


@both
def test_deep_plain_stack_underflows_in_single_precision(module: Any) -> None:
    """The slide's «underflowing»: 80 plain blocks that quarter the gradient leave 0 of it in float32; skip connections keep it."""
    ones, zeros = np.ones((80, 1, 1), np.float32), np.zeros((80, 1), np.float32)
    args = (ones[0], ones[0], ones / 4, zeros + np.float32(0.5), ones, zeros)
    assert module.gradient_norms(*args, False)[0] == 0.0
    assert module.gradient_norms(*args, True)[0] > 1.0


def test_picture_shows_what_vanishes() -> None:
    """Plain stacks lose the gradient, stacks with skip connections keep it."""
    (picture,) = [one for one in read_pictures(resnet.assignment) if one.name == "gradient_norm"]
    (panel,) = drawing(picture, 0, of_namespace(vars(resnet.solution))).panels
    assert isinstance(panel, Lines)
    skip, plain = panel.curves.values()
    assert plain[-1] < 1e-40 and skip.min() > 0.1 and skip.max() < 10
