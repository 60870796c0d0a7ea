"""Calls as text: in short for a message, in full as a program that does what the grader did."""

import sys
from types import ModuleType
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judge.call_program import INLINE, program
from grader.judge.calls import call_text
from grader.sandbox.values import Ref, encode
from grader.sandbox.wire import Step

PARAMETERS = {"f": ("x", "w", "stride"), "Net": ("size",)}


def step(target: str, *args: Any, op: Any = "call", seq: int = 0, save: str = "", **kwargs: Any) -> Step:
    """A step of these arguments."""
    named = tuple((name, encode(value)) for name, value in kwargs.items())
    return Step(seq, 0, op, target, tuple(map(encode, args)), named, save, op != "new")


@pytest.mark.parametrize(
    ("used", "text"),
    [
        pytest.param(step("f", 1.0, 2), "f(x=1.0, w=2)", id="positional-with-names"),
        pytest.param(step("f", 1.5, stride=2), "f(x=1.5, stride=2)", id="keyword-after-a-gap"),
        pytest.param(step("f", np.array([[1.0, 2.0], [3.0, 0.5]])), "f(x=[[1., 2.], [3., 0.5]])", id="small-array"),
        pytest.param(step("f", np.array([[1, 2], [3, 4]])), "f(x=[[1, 2], [3, 4]])", id="whole-numbers"),
        pytest.param(step("f", np.array([1 / 3, 2e-9])), "f(x=[0.3333333333333333, 2e-09])", id="all-digits"),
        pytest.param(step("f", np.array([1000.2007, 1000.0])), "f(x=[1000.2007, 1000.])", id="near-a-whole-number"),
        pytest.param(step("f", 1000.2007), "f(x=1000.2007)", id="number"),
        pytest.param(step("f", np.arange(7) / 3), "f(x=<7 array>)", id="long-numbers"),
        pytest.param(step("f", np.zeros((5, 7))), "f(x=<5×7 array>)", id="large-array"),
        pytest.param(step("f", np.zeros((5, 7), np.float32)), "f(x=<5×7 float32 array>)", id="float32-array"),
        pytest.param(step("f", np.zeros(2, np.float32)), "f(x=<2 float32 array>)", id="small-float32-array"),
        pytest.param(step("f", np.float32(0.5)), "f(x=np.float32(0.5))", id="float32-number"),
        pytest.param(step("f", np.zeros(0)), "f(x=<0 array>)", id="empty-array"),
        pytest.param(step("f", np.array([True, False])), "f(x=[True, False])", id="bools"),
        pytest.param(step("f", np.array([np.nan, -np.inf])), "f(x=[np.nan, -np.inf])", id="not-finite"),
        pytest.param(step("f", "relu", None), "f(x='relu', w=None)", id="string-and-none"),
        pytest.param(step("f", [1, 2]), "f(x=[1, 2])", id="list"),
        pytest.param(step("f", (1,)), "f(x=(1,))", id="tuple"),
        pytest.param(step("f", {"a": 0.1}), "f(x={'a': 0.1})", id="dict"),
        pytest.param(step("f", [np.zeros((5, 9)), np.array([1.0, 2.0])]), "f(x=[<5×9 array>, [1., 2.]])", id="list-of-arrays"),
        pytest.param(step("f", [np.ones(9) / 3] * 4), "f(x=[<9 array>, <9 array>, <9 array>, <9 array>])", id="long-arrays"),
        pytest.param(step("f", [0.5] * 1000), "f(x=<a list of 1000 items>)", id="long-list"),
        pytest.param(step("f", 1, 2, 3, 4), "f(x=1, w=2, stride=3, 4)", id="more-than-parameters"),
        pytest.param(step("net.forward", 2), "net.forward(2)", id="method"),
        pytest.param(step("f", Ref("net"), Ref("forward", 1)), "f(x=net, w=forward[1])", id="handles"),
        pytest.param(step("Net", 3, op="new"), "Net(size=3)", id="new"),
        pytest.param(step("net.value", op="get"), "net.value", id="get"),
    ],
)
def test_call(used: Step, text: str) -> None:
    """A call is written as a student would write it: every number with all its digits, or a large argument by its shape."""
    assert call_text(used, PARAMETERS) == text


def test_calls_with_arguments_that_are_equal_are_told_apart() -> None:
    """1, 1.0 and True are equal in Python, and so are 0.0 and -0.0: each is told as it was given."""
    told = [call_text(step("f", value), {}) for value in (1, True, 1.0, 0.0, -0.0)]
    assert told == ["f(1)", "f(True)", "f(1.0)", "f(0.0)", "f(-0.0)"]


def test_long_call_keeps_its_short_arrays() -> None:
    """Where not all arrays fit, the longer ones become shapes."""
    long, short = np.arange(6) / 7, np.array([1.0, 2.0])
    text = call_text(step("f", long, np.arange(12.0), short, np.arange(14.0), np.arange(13.0)), PARAMETERS)
    assert text == "f(x=<6 array>, w=<12 array>, stride=[1., 2.], <14 array>, <13 array>)"


def executed(text: str, **functions: Any) -> dict[str, Any]:
    """What a program defines that imports these functions from `work`."""
    module = ModuleType("work")
    vars(module).update(functions)
    sys.modules["work"] = module
    try:
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        return namespace
    finally:
        del sys.modules["work"]


FLOATS = st.sampled_from(["<f8", "<f4", "<f2"])
NUMBERS = st.one_of(FLOATS, st.sampled_from(["<i8", "<i4", "|u1", "<u8", "|b1", "<c16"]))
ARRAYS = NUMBERS.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=5)))
SINGLE = st.one_of(
    ARRAYS, st.floats(), st.integers(-(2**40), 2**40), st.booleans(), st.none(), st.text(max_size=200), st.complex_numbers()
)
VALUES = st.recursive(
    SINGLE, lambda inner: st.one_of(st.lists(inner, max_size=3), st.lists(inner, max_size=2).map(tuple)), max_leaves=4
)


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(x=VALUES, w=VALUES, stride=VALUES)
def test_program_gives_the_arguments_of_the_call(x: Any, w: Any, stride: Any) -> None:
    """Whatever the values are, the function gets what it got when it was graded: the same numbers, types, shapes and dtypes."""
    used = step("f", x, w, stride=stride)
    seen: list[Any] = []
    executed(program([used], [0], PARAMETERS, "work"), f=lambda x, w, stride: seen.extend([x, w, stride]))
    for sent, got in zip((x, w, stride), seen, strict=True):
        assert same(sent, got)


def same(sent: Any, got: Any) -> bool:
    """Whether two values are alike; a NaN is like any other."""
    if isinstance(sent, np.ndarray):
        return isinstance(got, np.ndarray) and sent.dtype == got.dtype and sent.shape == got.shape and _equal(sent, got)
    if isinstance(sent, list | tuple):
        return type(sent) is type(got) and len(sent) == len(got) and all(map(same, sent, got))
    return type(sent) is type(got) and (_equal(sent, got) if isinstance(sent, float | complex) else sent == got)


def _equal(sent: Any, got: Any) -> bool:
    nan = np.asarray(sent).dtype.kind in "fc"
    return np.array_equal(sent, got, equal_nan=nan)


def test_program_prints_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    """What the call gave is printed."""
    executed(program([step("f", np.array([1.0, 2.5]), 3)], [0], PARAMETERS, "work"), f=lambda x, w: x * w)
    assert capsys.readouterr().out == "[3.  7.5]\n"


def test_program_of_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    """An object is made and used step by step, and what is told of it is printed."""

    class Net:
        """Counts."""

        def __init__(self, size: int) -> None:
            self.size = size

        def grow(self, size: Any) -> tuple[int, int]:
            """Larger."""
            self.size += int(np.sum(size))
            return self.size, 0

    steps = [
        step("Net", 3, op="new", save="net"),
        step("net.grow", np.array([1, 2]), seq=1, save="size"),
        step("net.grow", Ref("size", 0), seq=2),
        step("net.size", op="get", seq=3),
    ]
    executed(program(steps, [2, 3], PARAMETERS, "work"), Net=Net)
    assert capsys.readouterr().out == "(12, 0)\n12\n"


def test_program_has_the_same_random_numbers() -> None:
    """A function that draws numbers draws those that it drew when it was graded."""
    np.random.seed(0)
    drawn = np.random.rand()
    np.random.rand()
    assert executed(program([step("f", 1)], [0], PARAMETERS, "work"), f=lambda x: np.random.rand())["result"] == drawn


def test_argument_named_like_its_function() -> None:
    """A parameter with the name of the function does not hide it."""
    used = step("f", np.ones(2))
    assert executed(program([used, used], [0], {"f": ("f",)}, "work"), f=np.sum)["result"] == 2.0


def test_large_array_is_packed() -> None:
    """An array of many numbers does not fill the screen."""
    text = program([step("f", np.ones(INLINE)), step("f", np.ones(INLINE + 1), seq=1)], [1], PARAMETERS, "work")
    assert "base64" in text
    assert "base64" not in program([step("f", np.ones(INLINE))], [0], PARAMETERS, "work")
