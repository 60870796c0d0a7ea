"""Naming the mistake: the failed steps are compared with the outcomes of every misconception of the function."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checks.compare import Tolerance, compare
from grader.checks.evidence import arrays_in, traits
from grader.course.misconceptions import Misconception
from grader.judge.known import Known, KnownMistake, filled
from grader.judge.oracle import Oracle
from grader.plan import Plan, PlannedExercise
from grader.sandbox.outcome import ChildOutcome, Outcome, Raised, Returned
from grader.sandbox.values import decode
from grader.sandbox.wire import Step

Mistake = Misconception | KnownMistake
Mistakes = Oracle | Known  # run with the reference, or read from a file where there is none


def diagnose(
    plan: Plan, planned: PlannedExercise, seq: int, outcomes: Sequence[Outcome], mistakes: Mistakes, constant: bool = False
) -> Mistake | None:
    """The misconception that explains the outcomes in the case of step `seq`, or None.

    It must agree with the student's code on every step of that case that uses its function, and differ from the reference there.
    One case does not tell apart what many mistakes have in common: zeros from a function that always returns one constant, or an
    exception. There every case must be explained (except in checks that expect an exception, which code without the mistake may also fail).
    Of several candidates the one that explains the most wins: equal results count before equal exceptions.
    """
    cases = [case for check in planned.checks for case in plan.cases(check)]
    failed = next((case for case in cases if seq in case), None)
    if failed is None:
        return None
    telling = {failed}
    if constant or isinstance(outcomes[seq], Raised):
        telling |= {case for check in planned.checks if check.check.kind != "raises" for case in plan.cases(check)}
    search = _Search(plan, outcomes, mistakes, constant)
    candidates = [
        item
        for item in mistakes.misconceptions
        if item.of == planned.exercise.name
        and search.is_wrong(item, failed)
        and all(search.explains(item, case) for case in telling if own(plan, item, case))
    ]
    if len(candidates) < 2:
        return candidates[0] if candidates else None
    return max(candidates, key=lambda item: search.rank(item, cases))


class _Search(msgspec.Struct, frozen=True):
    """The arguments of `diagnose` that are the same for all misconceptions and cases."""

    plan: Plan
    outcomes: Sequence[Outcome]
    mistakes: Mistakes
    constant: bool

    def is_wrong(self, item: Any, case: range) -> bool:
        """Whether the misconception differs from the reference in a step of `case`."""
        steps = own(self.plan, item, case)
        if isinstance(self.mistakes, Known):
            return self.mistakes.is_wrong(item, steps)
        wrong = self.mistakes.wrong(item, case)
        return any(not same(self.plan.steps[seq], self.mistakes.outcome(seq), wrong[seq]) for seq in steps)

    def explains(self, item: Any, case: range) -> bool:
        """Whether every outcome in `case` fits the misconception; None, that of right code, fits any result but a constant."""
        wrong, steps = self.mistakes.wrong(item, case), own(self.plan, item, case)
        return bool(steps) and all(self._fits(seq, wrong[seq]) for seq in steps)

    def _fits(self, seq: int, wrong: ChildOutcome | None) -> bool:
        got = self.outcomes[seq]
        if wrong is not None:
            if isinstance(wrong, Returned) and isinstance(got, Returned) and isinstance(self.mistakes, Known):
                wrong = Returned(filled(wrong.value, got.value))
            return same(self.plan.steps[seq], wrong, got)
        return isinstance(got, Returned) and not self.constant

    def rank(self, item: Any, cases: Sequence[range]) -> tuple[int, int, int]:
        """How many cases the misconception explains by their results, how many in all, and how many by outcomes of its own."""
        explained = [(case, own(self.plan, item, case)) for case in cases if self.explains(item, case)]
        by_result = sum(any(isinstance(self.outcomes[seq], Returned) for seq in steps) for _case, steps in explained)
        by_own = sum(any(self.mistakes.wrong(item, case)[seq] is not None for seq in steps) for case, steps in explained)
        return by_result, len(explained), by_own


def own(plan: Plan, item: Any, case: range) -> list[int]:
    """The steps of `case` that use the misconception's function (or an object of its class)."""
    others = plan.other_functions(item.of)
    return [seq for seq in case if plan.steps[seq].target.partition(".")[0] not in others]


def same(step: Step, expected: ChildOutcome | Outcome, got: Outcome) -> bool:
    """Whether two outcomes of `step` agree: equal values within its tolerance, or the same exception."""
    if isinstance(expected, Returned) and isinstance(got, Returned):
        wrong, have = decode(expected.value), decode(got.value)
        largest = _largest(wrong)
        wrong, have = _without_nan(wrong, largest), _without_nan(have, largest)
        return compare(wrong, have, (), Tolerance(traits(step).itemsize), array_like=True, integer_inputs=True) is None
    if isinstance(expected, Raised) and isinstance(got, Raised):
        return expected.name == got.name
    return type(expected) is type(got)


def _largest(value: Any) -> float:
    """The largest finite |number| among the results."""
    return max((float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) for array in arrays_in([value])), default=0.0)


def _without_nan(value: Any, largest: float) -> Any:
    """`value` with NaN and infinities as numbers: two mistakes that overflow at the same places are the same mistake.

    These numbers stay near the finite results, whose scale sets the tolerance.
    """
    if isinstance(value, list | tuple):
        return type(value)(_without_nan(item, largest) for item in value)
    if isinstance(value, dict):
        return {key: _without_nan(item, largest) for key, item in value.items()}
    if isinstance(value, np.ndarray | float) and np.asarray(value).dtype.kind in "fc":
        nan, infinite = 3.0 * largest + 1.0, 5.0 * largest + 2.0
        return np.asarray(np.nan_to_num(value, nan=nan, posinf=infinite, neginf=-infinite))
    return value
