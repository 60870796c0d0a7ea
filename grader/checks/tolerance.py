"""How close is close enough: |got − expected| ≤ rtol · max|expected|, and never below the rounding noise of the dtype.

It depends on the precision of what came **in**, never on that of the result: float32 from float64 inputs has thrown digits away, and is
judged as float64.

    coarsest float among the inputs    RTOL    NOISE    GRADIENT_RTOL, for slopes along a direction
    float64 (or none at all)           1e-7    1e-12    1e-7
    float32                            1e-4    1e-6     1e-3

An `rtol` of the rubric's own replaces the first column, but in float32 it is never below 1e-4; a printed precision (`atol`) replaces all,
and with both the larger of the two counts.
"""

import math

import msgspec
import numpy as np

from grader.checks.forms import Array
from grader.text.language import gettext as _

RTOL = {8: 1e-7, 4: 1e-4}  # by the bytes of the coarsest float among the inputs, as are the other two
ROUGHEST = 0.1  # that a rubric may ask for: beyond it, a wrong factor passes
NOISE = {8: 1e-12, 4: 1e-6}  # an expected array of zeros still allows this
# relative to ‖g‖‖u‖; by the gradient itself: one that is coarser than the inputs is a slip anyway
GRADIENT_RTOL = {8: 1e-7, 4: 1e-3}


class Tolerance(msgspec.Struct, frozen=True):
    """How close is close enough.

    Attributes:
        itemsize: bytes of the coarsest float among the inputs (8: float64, 4: float32).
        rtol: relative to max|expected|; None: by itemsize.
        atol: absolute, instead of rtol (a printed precision); with an rtol, the larger one counts.
    """

    itemsize: int = 8
    rtol: float | None = None
    atol: float | None = None

    @property
    def of_forms(self) -> bool:
        """Whether any values will do: a law decides, and only the forms are compared."""
        return self.atol == math.inf

    def at(self, expected: Array) -> float:
        """The largest |got − expected| that passes."""
        if self.atol is not None and self.rtol is None:
            return self.atol
        scale = float(np.abs(expected).max(initial=0.0))
        if not math.isfinite(scale):
            scale = float(np.abs(expected[np.isfinite(expected)]).max(initial=0.0))
        return self.at_scale(scale)

    def at_scale(self, scale: float) -> float:
        """The same, where the largest finite number is so large."""
        if self.atol is not None and self.rtol is None:
            return self.atol
        rtol = RTOL[self.itemsize] if self.rtol is None else max(self.rtol, RTOL[4] if self.itemsize == 4 else 0.0)
        return max(rtol * scale, NOISE[self.itemsize], self.atol or 0.0)

    def text(self) -> str:
        """How far off a number may be, where the rubric says so ("" where it does not)."""
        part = "" if self.rtol is None else _("{part} of the largest number that is expected").format(part=f"{self.rtol:g}")
        absolute = "" if self.atol is None else f"{self.atol:g}"
        if part and absolute:
            return _("a number may be off by {absolute}, or by {part}").format(absolute=absolute, part=part)
        return _("a number may be off by {absolute}").format(absolute=part or absolute) if part or absolute else ""


class Rules(msgspec.Struct, frozen=True):
    """How results are compared.

    Attributes:
        array_like: whether lists of numbers are as good as arrays.
        integer_inputs: whether all inputs were integers, so that an integer result may be right where floats are expected.
        worded: whether it is said how numbers differ, and not only that they do.
    """

    tolerance: Tolerance = Tolerance()
    array_like: bool = False
    integer_inputs: bool = False
    worded: bool = True

    @property
    def unworded(self) -> "Rules":
        """The same, where nobody reads how numbers differ."""
        return msgspec.structs.replace(self, worded=False) if self.worded else self


def hold_tolerance(rtol: float | None, atol: float | None) -> None:
    """Raise `ValueError` unless a rubric's own tolerance makes sense."""
    if rtol is not None and (isinstance(rtol, bool) or not 0 <= rtol <= ROUGHEST):
        raise ValueError(f"rtol={rtol!r}, but it is a part of the largest number that is expected: from 0 to {ROUGHEST}, as 1e-3")
    if atol is not None and (isinstance(atol, bool) or not 0 <= atol < math.inf):
        raise ValueError(f"atol={atol!r}, but it is how far a number may be off: 0 or more, as 0.05")
