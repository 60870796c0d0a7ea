"""Slopes of a function that is given at two points, their rounding errors, and whether there is one at all."""

from typing import Any

import numpy as np

from grader.checks.forms import Array, as_array
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import decode

H = 1e-5  # balances truncation h² against rounding eps/h for values of order one
KINK = 1e-3  # the slopes on both sides of a smooth point differ by h times the curvature only


def slope(dout: Array, outputs: tuple[Any, Any], rounded_inputs: float = 0.0) -> tuple[float, float]:
    """(L(x+hu) − L(x−hu)) / 2h with L = Σ dout · output, and its rounding error.

    Args:
        outputs: at x+hu and at x−hu.
        rounded_inputs: Σ|g·x|, where the inputs may have been rounded too.
    """
    plus, minus = map(np.asarray, outputs)
    single = all(np.array_equal(out, out.astype(np.float32)) for out in (plus, minus))  # computed in it, whatever the dtype
    eps = np.finfo(np.float32 if single else np.float64).eps
    moved = plus.astype(np.float64) - minus.astype(np.float64)
    noise = 8 * eps * float(np.sum(np.abs(dout * plus)) + np.sum(np.abs(dout * minus)) + rounded_inputs) / (2 * H)
    return float(np.sum(dout * moved)) / (2 * H), float(noise)


def is_kink(dout: Array, minus: Any, middle: Any, plus: Any) -> bool:
    """Whether the slopes on both sides of the middle point differ; the outputs are H apart."""
    left, right = float(np.sum(dout * (middle - minus))) / H, float(np.sum(dout * (plus - middle))) / H
    return abs(right - left) > KINK * (max(abs(left), abs(right)) + float(np.sum(np.abs(dout))))


def forward_output(outcome: Outcome) -> Array | None:
    """What a forward pass returned, as an array of finite numbers; None if it is not one."""
    if not isinstance(outcome, Returned):
        return None
    value = decode(outcome.value)
    array = as_array(value, array_like=True)
    return None if array is None or array.dtype.kind not in "fiu" or not np.isfinite(array).all() else array
