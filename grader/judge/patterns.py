"""Patterns that wrong results show whatever the exercise: a constant factor, a row that alone is filled, numbers cut off.

No author is needed. A pattern is said only if it holds in every case that was tried.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.forms import as_array, is_no_array
from grader.judge.distinct import distinct
from grader.text.language import gettext as _

Array = NDArray[Any]
NEAR = 1e-6  # relative to the largest number: a pattern is recognised a little more coarsely than a result is judged
FEW = 3  # numbers that are needed at least to speak of a pattern


class Sample(msgspec.Struct, frozen=True):
    """One case: the right result and what came, as arrays, and the arguments of the call."""

    right: Array
    got: Array
    arguments: Mapping[str, Any]


def samples(cases: Sequence[tuple[Any, Any, Mapping[str, Any]]]) -> list[Sample] | None:
    """The cases (right, got, arguments) as arrays of finite numbers; None where one is something else."""
    found = []
    for right, got, arguments in cases:
        arrays = _array(right), _array(got)
        if arrays[0] is None or arrays[1] is None:
            return None
        found.append(Sample(arrays[0], arrays[1], arguments))
    return found


def _array(value: Any) -> Array | None:
    if is_no_array(value):
        return None
    array = as_array(value, array_like=True)
    return array if array is not None and array.dtype.kind in "biuf" and np.isfinite(array).all() else None


def pattern(name: str, cases: Sequence[Sample]) -> str:
    """What the wrong results called `name` have in common, for the student ("" for nothing)."""
    wrong = [case for case in cases if not _near(case.right, case.got)]
    if not wrong:
        return ""
    if _kept(cases):
        text = _("{name} is that of an earlier call wherever it is wrong: does something stay from one call to the next?")
    elif all(case.right.shape == case.got.shape for case in cases):
        text = _cut_off(cases) or _one_item(wrong) or _equal_rows(wrong) or _scaled(cases) or _shifted(cases)
    else:
        text = _returned_early(wrong, cases)
    return text.format(name=name or _("the result")) if text else ""


def same_everywhere(name: str, cases: Sequence[Sample]) -> str:
    """What is said of results called `name` that are one and the same number in every case ("" where they are not)."""
    numbers = {number for case in cases for number in distinct(case.got).tolist()}
    if len(numbers) != 1 or all(_near(case.right, case.got) for case in cases):
        return ""
    text = _("{name} is {number} everywhere, whatever the arguments are: is what you compute also what you return?")
    return text.format(name=name or _("the result"), number=f"{numbers.pop():.6g}")


def _kept(cases: Sequence[Sample]) -> bool:
    """Whether every wrong result, and more than one, came before already, for other arguments."""
    seen: dict[tuple[object, ...], Sample] = {}
    count = 0
    for case in cases:
        key = (case.got.shape, case.got.dtype.str, case.got.tobytes())
        if not _near(case.right, case.got):
            before = seen.get(key)
            if before is None or len(distinct(case.got)) < FEW or _share_arrays(before.arguments, case.arguments):
                return False
            count += 1
        seen.setdefault(key, case)
    return count > 1


def _share_arrays(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two calls have an array in common, or have none: then an argument may be ignored, and nothing be kept."""
    arrays = [[value for value in arguments.values() if isinstance(value, np.ndarray)] for arguments in (one, other)]
    return not all(arrays) or any(np.array_equal(a, b) for a in arrays[0] for b in arrays[1])


def _near(one: Array, other: Array) -> bool:
    if one.shape != other.shape:
        return False
    scale = float(np.abs(one).max(initial=0.0))
    return bool(np.all(np.abs(one.astype(float) - other) <= NEAR * scale))


def _numbers(cases: Sequence[Sample]) -> int:
    """How many different right numbers speak for the pattern."""
    return len({float(value) for case in cases for value in distinct(case.right)[:FEW] if value})


def _scaled(cases: Sequence[Sample]) -> str:
    told, found = [case for case in cases if case.right.any()], list[float]()
    for case in told:
        factor = _factor(case)
        if factor is None:
            return ""
        found.append(factor)
    if not found or _numbers(cases) < FEW:
        return ""
    if np.ptp(found) <= NEAR * abs(found[0]):
        return _by_factor(found[0])
    for label, sizes in _sizes(told):
        if np.allclose(found, sizes, rtol=NEAR, atol=0):
            return _("{name} is too large by the factor {size}, in every case").replace("{size}", label)
        if np.allclose(np.multiply(found, sizes), 1.0, rtol=NEAR, atol=0):
            return _("{name} is too small by the factor {size}, in every case").replace("{size}", label)
    return ""


def _factor(case: Sample) -> float | None:
    """The factor between what is right, which is not 0 everywhere, and what came, if it is one for all numbers of the case."""
    place = np.unravel_index(int(np.argmax(np.abs(case.right))), case.right.shape)
    factor = float(case.got[place]) / float(case.right[place])
    return factor if factor and _near(case.right.astype(float) * factor, case.got) else None


def _by_factor(factor: float) -> str:
    size = abs(factor)
    number = f"{size:.6g}" if size >= 1 else f"1/{1 / size:.6g}"
    if abs(size - 1) <= NEAR:
        return _("the sign of {name} is turned around, in every case; its numbers are right")
    if factor < 0:
        return _("{name} is {factor} times what it should be, and its sign is turned around, in every case").replace(
            "{factor}", number
        )
    return _("{name} is {factor} times what it should be, in every case").replace("{factor}", number)


def _sizes(cases: Sequence[Sample]) -> Iterator[tuple[str, list[float]]]:
    """The sizes of the arguments by which a result may have been multiplied by mistake, in each case."""
    first = cases[0].arguments
    for name, value in first.items():
        values = [case.arguments.get(name) for case in cases]
        if isinstance(value, np.ndarray) and all(isinstance(item, np.ndarray) and item.ndim == value.ndim for item in values):
            for axis in range(value.ndim):
                yield f"`{name}.shape[{axis}]`", [float(item.shape[axis]) for item in values if item is not None]
            yield f"`{name}.size`", [float(item.size) for item in values if item is not None]
        elif isinstance(value, int | float) and all(isinstance(item, int | float) and item for item in values):
            yield f"`{name}`", [float(item) for item in values if item is not None]


def _shifted(cases: Sequence[Sample]) -> str:
    first = float((cases[0].got.astype(float) - cases[0].right).flat[0]) if cases[0].got.size else 0.0
    scale = max(float(np.abs(case.right).max(initial=0.0)) for case in cases)
    if abs(first) <= NEAR * scale or _numbers(cases) < FEW:
        return ""
    if any(np.any(np.abs(case.got.astype(float) - case.right - first) > NEAR * scale) for case in cases):
        return ""
    text = _("{name} is larger than it should be by {shift}, in every case")
    if first < 0:
        text = _("{name} is smaller than it should be by {shift}, in every case")
    return text.replace("{shift}", f"{abs(first):.6g}")


def _one_item(wrong: Sequence[Sample]) -> str:
    """Only the first item (or row) is filled, or only the last."""
    if not all(case.got.ndim and case.got.size > 1 and case.got.any() for case in wrong):
        return ""
    if all(_near(case.right[:1], case.got[:1]) and not case.got[1:].any() for case in wrong):
        return _("only the first item of {name} along its first axis is filled, the others are 0: does your loop reach them?")
    if all(
        _near(case.right.flat[0], case.got.flat[0]) and np.count_nonzero(case.got) == 1 and case.got.flat[0] for case in wrong
    ):
        return _("only the first number of {name} is filled, the others are 0: does a `return` stand inside the loop?")
    if all(_near(case.right[-1:], case.got[-1:]) and not case.got[:-1].any() for case in wrong):
        return _("only the last item of {name} along its first axis is filled, the others are 0: are they kept?")
    return ""


def _equal_rows(wrong: Sequence[Sample]) -> str:
    long = [case for case in wrong if case.got.ndim > 1 and len(case.got) > 1]
    if len(long) < len(wrong) or not all(
        (case.got == case.got[:1]).all() and (case.right != case.right[:1]).any() for case in long
    ):
        return ""
    if not any((case.got != case.got.flat[0]).any() for case in long):
        return ""
    return _("all rows of {name} are the same: are they one and the same list, as in `[[0] * n] * m`?")


def _returned_early(wrong: Sequence[Sample], cases: Sequence[Sample]) -> str:
    if not all(case.right.ndim and len(case.right) > 1 for case in wrong) or _numbers(cases) < FEW:
        return ""
    if all(_near(case.right[0], case.got) or _near(case.right[:1], case.got) for case in wrong):
        return _("{name} is only the first item of what it should be: does a `return` stand inside a loop?")
    if all(case.got.ndim == 0 and _near(case.right.flat[0], case.got) for case in wrong):
        return _("{name} is only the first number of what it should be: does a `return` stand inside a loop?")
    return ""


def _cut_off(cases: Sequence[Sample]) -> str:
    if all(case.right.dtype.kind == "f" and np.array_equal(np.trunc(case.right), case.got) for case in cases):
        return _("{name} has lost its decimals: was it put into an array of integers, or divided by `//`?")
    return ""
