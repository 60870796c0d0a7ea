"""Right functions that keep too few digits: what is built on them is judged with as few.

rnn_step: «h is right, but rounded»   ──► rnn_forward agrees with the solution on top of a step that rounds: paid in full
rnn_step in float32, near enough      ──► rnn_forward, which enlarges that error, is not blamed for it
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checks.evidence import traits
from grader.checks.slips import DECIMALS
from grader.checks.tolerance import Tolerance
from grader.judge.results import same
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import decode
from grader.sandbox.wire import Step


class Coarse(msgspec.Struct, frozen=True):
    """A function that gives its right results with too few digits.

    Attributes:
        of: the function.
        decimals: that it rounds to; None for single precision.
    """

    of: str
    decimals: int | None = None

    @property
    def name(self) -> str:
        """As of a mistake: one of them for each function."""
        return "float32" if self.decimals is None else f"{self.decimals} decimals"

    def around(self, right: Callable[..., Any]) -> Callable[..., Any]:
        """The right function with as few digits."""

        @functools.wraps(right)
        def with_fewer(*args: Any, **kwargs: Any) -> Any:
            return self.rounded(right(*args, **kwargs))

        return with_fewer

    def rounded(self, value: Any) -> Any:
        """The numbers of a result with as few digits."""
        if isinstance(value, list | tuple):
            return type(value)(map(self.rounded, value))
        if not isinstance(value, float | np.ndarray | np.floating) or np.asarray(value).dtype.kind != "f":
            return value
        return np.float32(value) if self.decimals is None else np.round(value, self.decimals)


def coarse(of: str, steps: Sequence[Step], expected: Sequence[Outcome], outcomes: Sequence[Outcome]) -> Coarse | None:
    """How few digits a function gives, if nothing else is wrong with any of its results; None otherwise.

    Args:
        steps: its calls; `expected`: the reference's outcomes of them; `outcomes`: the student's.
    """
    calls: list[tuple[int, Any, Any]] = []
    for step, want, got in zip(steps, expected, outcomes, strict=True):
        if isinstance(want, Returned) and isinstance(got, Returned):
            calls.append((traits(step).itemsize, decode(want.value), decode(got.value)))
        elif isinstance(want, Returned) or isinstance(got, Returned):
            return None
    numbers = [(size, array) for size, _want, got in calls for array in _floats(got)]
    if any(array.dtype == np.float32 and size == 8 for size, array in numbers):
        return Coarse(of) if all(same(Tolerance(4), want, got) for _size, want, got in calls) else None
    decimals = next((places for places in DECIMALS if all(_has_decimals(array, places) for _size, array in numbers)), 0)
    if not decimals or all(same(Tolerance(size), want, got) for size, want, got in calls):  # right numbers may have few, too
        return None
    few = Coarse(of, decimals)
    return few if all(same(Tolerance(size), few.rounded(want), got) for size, want, got in calls) else None


def _has_decimals(array: Any, decimals: int) -> bool:
    """Whether no number has more of them; NaN and infinities have none."""
    finite = array[np.isfinite(array)]
    return bool(np.all(np.abs(finite - np.round(finite, decimals)) <= 4 * np.finfo(array.dtype).eps * np.abs(finite)))


def _floats(value: Any) -> list[Any]:
    """The arrays and numbers in a result that are not whole numbers."""
    if isinstance(value, list | tuple):
        return [array for item in value for array in _floats(item)]
    array = np.asarray(value)
    return [array] if array.dtype.kind == "f" else []
