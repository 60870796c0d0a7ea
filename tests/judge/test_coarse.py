"""Functions that keep too few digits are recognised by their results, and right ones are not taken for them."""

from typing import Any

import numpy as np
import pytest

from grader.judge.coarse import Coarse, coarse
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.values import encode
from grader.sandbox.wire import Step

RIGHT = np.array([[0.123456789012, 2.0], [-0.3333333333333, np.nan]])


def found(right: list[Any], got: list[Any], inputs: Any = None) -> Coarse | None:
    """What is found in a function's results."""
    steps = [Step(seq, seq, "call", "f", args=(encode(np.ones(2) if inputs is None else inputs),)) for seq in range(len(right))]
    return coarse("f", steps, *([Returned(encode(value)) for value in values] for values in (right, got)))


@pytest.mark.parametrize("decimals", range(3, 7))
def test_rounded(decimals: int) -> None:
    """As few decimals as all results have."""
    right = [RIGHT, (0.123456789012, [RIGHT])]
    assert found(right, [Coarse("f", decimals).rounded(value) for value in right]) == Coarse("f", decimals)


def test_single_precision() -> None:
    """Where the inputs are not in single precision themselves."""
    single = RIGHT.astype(np.float32)
    assert found([RIGHT], [single]) == Coarse("f")
    assert found([RIGHT], [single], inputs=np.ones(2, np.float32)) is None


@pytest.mark.parametrize(
    ("right", "got"),
    [
        pytest.param([RIGHT], [RIGHT], id="right"),
        pytest.param([RIGHT], [RIGHT + 1e-9], id="nearly-right"),
        pytest.param([RIGHT], [np.round(RIGHT, 8)], id="rounded-to-enough-digits"),
        pytest.param([np.ones(3)], [np.ones(3)], id="whole-numbers"),
        pytest.param([np.array([0.25, 0.5])], [np.array([0.25, 0.5])], id="no-more-decimals"),
        pytest.param([RIGHT], [np.round(RIGHT, 4) + 1e-4], id="rounded-and-wrong"),
        pytest.param([RIGHT, RIGHT], [np.round(RIGHT, 4), RIGHT], id="rounded-once"),
        pytest.param([RIGHT], [(RIGHT * 2).astype(np.float32)], id="single-and-wrong"),
    ],
)
def test_everything_else(right: list[Any], got: list[Any]) -> None:
    """Neither right results nor wrong ones."""
    assert found(right, got) is None


def test_where_an_exception_should_come() -> None:
    """A refusal that is missing is something else."""
    step = Step(0, 0, "call", "f", args=(encode(np.ones(2)),))
    error: Outcome = Raised("ValueError", ("ValueError",), "no")
    assert coarse("f", [step], [error], [Returned(encode(np.round(RIGHT, 4)))]) is None
