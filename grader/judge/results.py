"""The outcomes of a step, result by result, and whether two of them are the same mistake.

A function's results are those that its exercise names, or `[0]`, `[1]`, …; a method or an attribute of an object is one result, with its
own name. The arguments as they are after the call are one more, `AFTER`.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.checks.compare import agree, agree_at_once
from grader.checks.evidence import arrays_in, traits
from grader.checks.forms import normalised
from grader.checks.tolerance import Rules, Tolerance
from grader.plan import PlannedExercise
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.values import Value, decode
from grader.sandbox.wire import Step

AFTER = "arguments after the call"


def own_name(step: Step) -> str:
    """The name of the method or attribute that the step uses, or of what it sends in place of a result; "" for a function."""
    return ", ".join(step.sent) or step.part


def parts(step: Step, value: Any, names: Sequence[str]) -> dict[str, Any]:
    """The results in the decoded `value` of the step, by name.

    Args:
        names: those of the exercise's results.
    """
    if step.sent:
        several = len(step.sent) > 1 and isinstance(value, tuple) and len(value) == len(step.sent)
        return dict(zip(step.sent, value if several else (value,) * len(step.sent), strict=True))
    if method := own_name(step):
        return {method: value}
    labels = names or [f"[{place}]" for place in range(len(value))] if isinstance(value, tuple) else names
    if len(names) != 1 and isinstance(value, tuple | list) and len(labels) == len(value):
        return dict(zip(labels, value, strict=True))
    return {names[0] if len(names) == 1 else "": value}


def split(step: Step, outcome: Outcome, names: Sequence[str]) -> dict[str, Any] | None:
    """The decoded results of a step that returned, `AFTER` among them; None where it did not."""
    if not isinstance(outcome, Returned):
        return None
    found = parts(step, decode(outcome.value), names)
    return found | {AFTER: _changes(step, outcome.after)} if outcome.after else found


def _changes(step: Step, after: tuple[Value, ...]) -> dict[str, Any]:
    """The arguments that the call has changed, by their place."""
    before = (*step.args, *(value for _name, value in step.kwargs))
    pairs = enumerate(zip(before, after, strict=False))
    return {str(place): decode(new) for place, (old, new) in pairs if old != new}


def tolerance(planned: PlannedExercise, step: Step) -> Tolerance:
    """How close results of the step must be to be the same: as close as its check asks."""
    item = next(item for item in planned.checks if step.seq in item.seqs)
    rtol, atol = getattr(item.check, "rtol", None), getattr(item.check, "atol", None)
    printed = item.data[1].atol if item.check.kind == "example" else None
    return Tolerance(traits(step).itemsize, rtol, printed if atol is None else atol)


def same(allowed: Tolerance, expected: Any, got: Any) -> bool:
    """Whether two decoded results agree."""
    got = normalised(got, expected) if isinstance(got, list | tuple | dict) else got
    if (seen := agree_at_once(expected, got, allowed)) is not None:
        return seen  # nearly every comparison with a mistake ends here
    if not all(np.isfinite(array).all() for array in arrays_in([expected, got])):
        largest = _largest(expected)
        expected, got = _without_nan(expected, largest), _without_nan(got, largest)
    return agree(expected, got, Rules(allowed, array_like=True, integer_inputs=True))


def same_exception(expected: Outcome, got: Outcome) -> bool:
    """Whether two outcomes without a result are of the same kind."""
    if isinstance(expected, Raised) and isinstance(got, Raised):
        return expected.name == got.name
    return type(expected) is type(got)


def same_outcome(step: Step, expected: Outcome, got: Outcome, *, single: bool = False) -> bool:
    """Whether two outcomes of the step agree: equal results (`single`: to the digits of float32), or the same exception."""
    if not isinstance(expected, Returned) or not isinstance(got, Returned):
        return same_exception(expected, got)
    if expected.value == got.value:  # nearly always, of two results of one call; NaN differs from itself
        return True
    return same(Tolerance(4 if single else traits(step).itemsize), decode(expected.value), decode(got.value))


def differing(step: Step, allowed: Tolerance, right: Outcome, made: Outcome, names: Sequence[str]) -> Mapping[str, Any] | None:
    """The results in `made`, an outcome of the step, that are not the right ones; None where it is not a result and should be one."""
    expected, got = split(step, right, names), split(step, made, names)
    if expected is None or got is None:
        return {} if expected is None and got is None and same_exception(right, made) else None
    return unlike(expected, got, allowed)


def unlike(expected: Mapping[str, Any], got: Mapping[str, Any], allowed: Tolerance) -> Mapping[str, Any]:
    """The results in `got` that are not the expected ones."""
    return {name: value for name, value in got.items() if name not in expected or not same(allowed, expected[name], value)}


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
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, np.ndarray | float) and np.asarray(value).dtype.kind in "fc":
        nan, infinite = 3.0 * largest + 1.0, 5.0 * largest + 2.0
        return np.asarray(np.nan_to_num(value, nan=nan, posinf=infinite, neginf=-infinite))
    return value
