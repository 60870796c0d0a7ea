"""Whether everything that an exercise's function returned is one and the same."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from grader.checks.evidence import arrays_in
from grader.checks.moments import is_moment
from grader.judge.distinct import distinct
from grader.plan import Plan, PlannedExercise
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import Table, decode


def is_constant(plan: Plan, planned: PlannedExercise, outcomes: Sequence[Outcome]) -> bool:
    """Whether everything that the exercise's function returned is one and the same number (or nothing).

    False where only checks for exceptions were run, so that nothing could be returned yet.
    """
    run_now = [item.check.kind for item in planned.checks if item.seqs]
    if any(item.at_hand_in for item in planned.checks) and set(run_now) <= {"raises"}:
        return False
    seen: set[object] = set()
    for seq in planned.seqs:
        outcome = outcomes[seq]
        if not isinstance(outcome, Returned) or not plan.is_own(planned.exercise.name, seq):
            continue
        value = decode(outcome.value)
        seen.update(_without_numbers([value]))
        if len(seen) > 1:
            return False
        for array in arrays_in([value]):
            if array.size == 1:  # of numbers one by one there may be very many
                number = array.item()
                seen.add(number if number == number else 0.0)
            elif array.size:
                seen.update(distinct(np.nan_to_num(array))[:2].tolist())
            if len(seen) > 1:
                return False
    return True


def _without_numbers(values: Iterable[object]) -> Iterator[object]:
    """What is not a number among the values, however nested: texts, dates, tables."""
    for value in values:
        if isinstance(value, str | Table) or is_moment(value):
            yield value
        elif isinstance(value, np.ndarray) and value.dtype.kind in "UMm":
            yield from distinct(value)[:2].tolist()
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _without_numbers(value)
        elif isinstance(value, dict):
            yield from _without_numbers((*value, *value.values()))
