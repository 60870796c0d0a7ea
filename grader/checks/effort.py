"""One large call within a budget: a gradient by its formula instead of by trying, or code that works on whole arrays.

A backward pass that differentiates its forward pass numerically runs it once or twice for every number of its inputs. On large arrays
that takes hundreds of times as long as the formula, however it is written; loops in Python take longer than numpy, but not that long.

The budget is a multiple of the CPU time that the solution takes for the same steps in the same sandbox (see `engine.effort`).
"""

from collections.abc import Iterable, Set
from typing import ClassVar

import msgspec
import numpy as np

from grader.checks.agrees import Agreement
from grader.checks.base import Check
from grader.checks.draft import Cases, Draft
from grader.checks.evidence import Evidence, arrays_in
from grader.checks.findings import PASSED, Finding
from grader.checks.tolerance import Tolerance, hold_tolerance
from grader.sandbox.outcome import Outcome, TimedOut
from grader.text.language import gettext as _
from grader.text.language import marked

NAME = marked("large arrays, by the formula and not by trying")


def too_long(outcome: Outcome) -> bool:
    """Whether a step used up its own time, and not the last of what the whole submission may use."""
    return isinstance(outcome, TimedOut) and outcome.clock != "budget"


class Within(Agreement, frozen=True, kw_only=True):
    """See `within`."""

    kind: ClassVar[str] = "within"
    times: float
    gate: bool | tuple[str, ...]
    each: float | None

    def plan(self, draft: Draft) -> tuple[int, ...]:
        """The steps of one case, in which nothing is printed."""
        planned = super().plan(draft)
        draft.steps = [msgspec.structs.replace(step, quiet=True) for step in draft.steps]
        return planned

    def judge(self, evidence: Evidence) -> Finding:
        """Every step stayed within its budget, and the results equal the reference's."""
        for seq in evidence.data:
            if too_long(evidence.outcomes[seq]):
                text = self._too_long(evidence.steps[seq].target)
                return Finding("failed", seq, message=text, public=text)
        finding = super().judge(evidence)
        return finding if finding.verdict != "passed" or self.each is None else self._each(evidence, self.each)

    def _each(self, evidence: Evidence, rtol: float) -> Finding:
        """Every number by itself is as exact as the formula; what was computed in float32 cannot be."""
        for seq in evidence.data:
            for want, got in zip(arrays_in([evidence.expected(seq)]), arrays_in([evidence.value(seq)]), strict=True):
                if got.dtype.itemsize == 8 and np.any(np.abs(got - want) > rtol * np.abs(want)):
                    text = _(
                        "{function} is right to a few digits only. Does it measure the slope with a small step? "
                        "Differentiate with pencil and paper: the formula is exact"
                    )
                    text = text.format(function=evidence.steps[seq].target)
                    return Finding("failed", seq, message=text, public=text)
        return PASSED

    def _note(self, tolerance: Tolerance) -> str:
        """Nothing: that roughly right is enough helps nobody who is not."""
        return ""

    def _too_long(self, function: str) -> str:
        if self.gate:
            text = _(
                "on large arrays {function} takes more than {times} times as long as the formula. Does it run the forward pass again "
                "for every number? Differentiate with pencil and paper: the formula passes over the data once"
            )
        else:
            text = _(
                "on large arrays {function} takes more than {times} times as long as it needs to: let numpy work on whole arrays "
                "instead of visiting every element"
            )
        return text.format(function=function, times=f"{self.times:g}")

    def decides(self, check: Check) -> bool:
        """Whether `check` pays only together with this one."""
        return check is not self and (self.gate is True or (self.gate is not False and check.name in self.gate))


def withheld(checks: Iterable[Check], failed: Set[str], slow: Set[str]) -> dict[str, str]:
    """The names of the checks that do not pay because of a failed `within`, each with the name of that check.

    A budget that is used up always decides. Anything else that goes wrong in the large call decides where all the checks of values pass:
    a function that is right on small arrays only has found out which ones are large.

    Args:
        failed: the names of the checks of values that do not pass; `slow`: of those whose time was up.
    """
    found = list(checks)
    gates = [check for check in found if isinstance(check, Within) and check.name in failed]
    return {
        check.name: gate.name
        for gate in gates
        if gate.name in slow or failed <= {other.name for other in gates}
        for check in found
        if gate.decides(check)
    }


def within(
    name: str = NAME,
    *,
    cases: Cases,
    times: float = 50,
    gate: bool | tuple[str, ...] = True,
    share: float = 0.5,
    rtol: float | None = 1e-3,
    each: float | None = None,
) -> Within:
    """One call on large arrays takes at most `times` the CPU time of the solution, and agrees with the reference.

    Yield it last: a call that runs out of time costs time.

    Args:
        cases: generator function that yields one case, an argument dict or a list of `new`, `call`, `get`; each step has its budget.
        times: what the slowest right code takes, loops in Python included, with room. The budget is at least `engine.effort.floor()`.
        gate: whether the exercise's other checks pay only where this one passes: the analytic gradient is the exercise. The names of
            checks for those alone (of a class, the checks of its backward pass); False for a share like any other («vectorised»).
        rtol: roughly right is enough here: the other checks look closely.
        each: relative to each number by itself, in addition: where a derivative is taken element by element, two forward passes are
            enough for all of them, and only the digits tell.
    """
    if not times >= 1:
        raise ValueError(f"times={times!r}, but nobody is asked to be faster than the solution")
    hold_tolerance(rtol, None)
    return Within(name, cases, 1, share, rtol, times=float(times), gate=gate, each=each)
