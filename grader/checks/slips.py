"""Results one by one, and slips: right values in a wrong form, which cost a part of the result and no more.

    expected, got ──► compared ──► for each result: its value in the right form, the slip that was put right, the difference that is left

A slip is told from a mistake by the values: the form is put right first (an array for a list, floats for integers, the expected shape where
only axes of length 1 differ), then the values are compared as always. Results that stand in each other's places, a transposed
matrix, rounded numbers and single precision are recognised by their values alone.
"""

import math
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from grader.checks.compare import agree, compare
from grader.checks.difference import Difference
from grader.checks.forms import Array, as_array, is_no_array, is_vector
from grader.checks.moments import as_moment, is_moment, same_instant, same_moment, zone_of, zone_text
from grader.checks.slip_text import Slip, slip_text
from grader.checks.tables import columns_text, forms, kind_text, same_dtype
from grader.checks.tolerance import RTOL, Rules
from grader.checks.words import array_text, dtype_text, kind_of
from grader.sandbox.moments import PythonMoment
from grader.sandbox.tables import Table

SLIP = 0.25  # the part of a result that a slip costs, unless the exercise says otherwise
DECIMALS = range(3, 9)  # that numbers may have been rounded to; fewer are hardly right values
SIGNIFICANT = 100.0  # units of the last decimal in the largest number: a rounded number still has digits


class Compared(msgspec.Struct, frozen=True):
    """One result, compared.

    Attributes:
        name: of the result; "" for an only one without a name.
        value: the result, in the right form if a slip was recognised.
        slip: the slip; with a `difference`, one that was put right and does not explain everything.
        difference: how it differs from the expected result, None where it is right.
        form: shape and dtype that are expected, and those that came, where there is a slip.
    """

    name: str
    value: Any
    slip: Slip | None = None
    difference: Difference | None = None
    form: dict[str, str] = {}

    def text(self) -> str:
        """The slip, for the student ("" for none)."""
        return slip_text(self.slip, self.name, self.form) if self.slip else ""


def compared(expected: Any, got: Any, names: Sequence[str], rules: Rules, *, is_wrong: bool = False) -> tuple[Compared, ...]:
    """The results, one by one; a single one that has the difference of all where they cannot be told apart.

    Args:
        is_wrong: whether it is known that they do not agree as they stand.
    """
    known = labels(expected, got, names)
    if known is None:
        return (Compared("", got, None, compare(expected, got, names, rules)),)
    if not several(expected):
        return (_one(expected, got, known[0], rules, is_wrong),)
    found = [_one(want, have, label, rules) for want, have, label in zip(expected, got, known, strict=True)]
    for place, moved in _exchanged(expected, got, found, rules).items():
        found[place] = Compared(known[place], moved.value, "order")
    return tuple(found)


def all_right(expected: Any, got: Any, names: Sequence[str]) -> tuple[Compared, ...]:
    """What `compared` finds where everything is right."""
    known = labels(expected, got, names) or ()
    return tuple(Compared(label, value) for label, value in zip(known, got if several(expected) else [got], strict=True))


def labels(expected: Any, got: Any, names: Sequence[str]) -> tuple[str, ...] | None:
    """The names of the results; None where those that came cannot be told apart."""
    if not several(expected):
        return (names[0] if len(names) == 1 else "",)
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        return None
    return tuple(names) if len(names) == len(expected) else tuple(f"[{place}]" for place in range(len(expected)))


def several(expected: Any) -> bool:
    """Whether a function that returns `expected` has several results: a tuple, or a list that is not a vector of numbers."""
    return isinstance(expected, tuple | list) and not is_vector(expected)


def _exchanged(expected: Sequence[Any], got: Sequence[Any], found: Sequence[Compared], rules: Rules) -> dict[int, Compared]:
    """Each result that stands in another's place, as it is there. All of them exchange places among each other."""
    wrong = [place for place, item in enumerate(found) if item.difference]
    moves = dict[int, tuple[int, Compared]]()
    for place in wrong:
        for source in wrong:
            if source == place:
                continue
            moved = _one(expected[place], got[source], "", rules.unworded)
            if moved.difference is None:
                moves[place] = source, moved
                break
    while outside := moves.keys() ^ {source for source, _moved in moves.values()}:
        for place in outside:
            moves.pop(place, None)
    return {place: moved for place, (_source, moved) in moves.items()}


def _one(expected: Any, got: Any, name: str, rules: Rules, is_wrong: bool = False) -> Compared:
    if several(expected):
        return _items(expected, got, name, rules)
    if rules.worded:
        difference = compare(expected, got, (name,), rules)
    else:
        difference = None if not is_wrong and agree(expected, got, rules) else Difference("values", name, "", "")
    if difference is None:
        return Compared(name, got)
    if isinstance(expected, Table):
        return _table(expected, got, name, difference, rules)
    if is_moment(expected):
        return _moment(expected, got, name, difference)
    if is_no_array(expected):
        return Compared(name, got, None, difference)
    want = np.asarray(expected)
    have, slip = (got, None) if _is_in_form(expected, got) else _in_form(want, got)
    if have is None:
        return Compared(name, got, None, difference)
    if (
        slip == "dtype" and np.asarray(got).dtype.kind in "iu" and math.isinf(rules.tolerance.atol or 0.0)
    ):  # they may have been cut
        return Compared(name, got, None, difference)
    is_right = slip is not None and agree(want, have, rules)
    by_value = None if is_right else _by_value(want, have, rules)
    if not slip and not by_value:
        return Compared(name, got, None, difference)
    left = None if is_right or by_value else difference
    return Compared(name, want if by_value else have, slip or by_value, left, _form(slip, want, got))


def _moment(expected: PythonMoment, got: Any, name: str, difference: Difference) -> Compared:
    """A date or a duration: in another type, or in another time zone."""
    found = as_moment(got, expected)
    if found is None:
        return Compared(name, got, None, difference)
    if type(found) is not type(got) and same_moment(expected, found):
        return Compared(name, expected, "kind", form={"expected": kind_of(expected), "got": kind_of(got)})
    if zone_of(found) != zone_of(expected) and same_instant(expected, found):
        return Compared(name, expected, "zone", form={"expected": zone_text(expected), "got": zone_text(found)})
    return Compared(name, got, None, difference)


def _table(expected: Table, got: Any, name: str, difference: Difference, rules: Rules) -> Compared:
    """A table with one or more things about its form put right."""
    for slip, changed in forms(expected, got) if isinstance(got, Table) else ():
        if slip is not None and agree(expected, changed, rules):
            return Compared(name, expected, slip, form=_table_form(slip, expected, got))
    return Compared(name, got, None, difference)


def _table_form(slip: Slip, expected: Table, got: Table) -> dict[str, str]:
    if slip == "columns":
        return {"expected": columns_text(expected.labels), "got": columns_text(got.labels)}
    if slip == "dtype":
        pairs = zip((*expected.columns, *expected.index), (*got.columns, *got.index), strict=False)
        want, have = next(((one.dtype, other.dtype) for one, other in pairs if not same_dtype(one, other)), ("", ""))
        return {"expected": want, "got": have}
    return {"expected": kind_text(expected), "got": kind_text(got)}


def _form(slip: Slip | None, want: Array, got: Any) -> dict[str, str]:
    if slip == "list":
        return {"expected": array_text(want), "got": kind_of(got)}
    have = np.asarray(got)
    return (
        {"expected": str(want.shape), "got": str(have.shape)}
        if slip == "axis"
        else {"expected": dtype_text(want), "got": dtype_text(have)}
    )


def _items(expected: Sequence[Any], got: Any, name: str, rules: Rules) -> Compared:
    """A result that is a list of arrays (the weights of all layers): right if all of them are."""
    if not isinstance(got, tuple | list) or len(got) != len(expected):
        return Compared(name, got, None, compare((expected,), (got,), (name,), rules))
    pairs = enumerate(zip(expected, got, strict=True))
    found = [_one(want, have, f"{name}[{place}]", rules) for place, (want, have) in pairs]
    slipped = next((item for item in found if item.slip), found[0] if found else Compared(name, got))
    difference = next((item.difference for item in found if item.difference), None)
    return Compared(name, [item.value for item in found], slipped.slip, difference, slipped.form)


def _is_in_form(expected: Any, got: Any) -> bool:
    """Whether two results are arrays of float64 of one shape, as nearly all of a class are."""
    arrays = isinstance(expected, np.ndarray) and isinstance(got, np.ndarray)
    return arrays and expected.dtype == got.dtype == np.float64 and expected.shape == got.shape


def _in_form(want: Array, got: Any) -> tuple[Array | None, Slip | None]:
    """`got` as an array in the form of `want`, and the first thing that was put right; None for something else than numbers."""
    have, slips = as_array(got, array_like=True), list[Slip]()
    if have is not None and want.dtype.kind in "Mm" and have.dtype.kind == "U":
        have = _as_times(have, want)
        slips.append("dtype")
    if have is None or want.dtype.kind not in "biufcUMm":
        return None, None
    if isinstance(got, list | tuple):
        slips.append("list")
    if want.dtype.kind != have.dtype.kind and have.dtype.kind in "biu" and want.dtype.kind in "biuf":
        whole = have.astype(want.dtype)
        if np.array_equal(whole, have):
            have = whole
            slips.append("dtype")
    elif want.dtype.kind == "b" and have.dtype.kind == "f" and np.isin(have, (0.0, 1.0)).all():
        have = have.astype(np.bool_)
        slips.append("dtype")
    if have.shape != want.shape:
        if _long(have) == _long(want):
            have = have.reshape(want.shape)
            slips.append("axis")
        elif have.ndim > 1 and have.T.shape == want.shape:
            have = have.T
            slips.append("transposed")
    return have, slips[0] if slips else None


def in_array(got: Any, name: str) -> Compared:
    """A result as the array that its list or tuple can be, where nothing else is known of its form."""
    array = as_array(got, array_like=True) if isinstance(got, list | tuple) else None
    return Compared(name, got) if array is None else Compared(name, array, "list", form=_form("list", array, got))


def _as_times(texts: Array, want: Array) -> Array | None:
    """Texts in ISO format as dates."""
    try:
        return texts.astype(want.dtype) if want.dtype.kind == "M" else None
    except (ValueError, OverflowError, TypeError):
        return None


def _long(array: Array) -> tuple[int, ...]:
    """The shape without axes of length 1."""
    return tuple(size for size in array.shape if size != 1)


def _by_value(want: Array, have: Array, rules: Rules) -> Slip | None:
    """The slip that only the values show."""
    if have.shape != want.shape or want.dtype.kind != "f" or have.dtype.kind != "f" or math.isinf(rules.tolerance.atol or 0.0):
        return None
    if have.ndim > 1 and agree(want, have.T, rules):
        return "transposed"
    if have.dtype.itemsize == 2 and agree(want, have.astype(float), rules):
        return "dtype"  # its three digits are all that the values have
    coarse = msgspec.structs.replace(rules.tolerance, rtol=max(rules.tolerance.rtol or 0.0, RTOL[4]))  # 0 is not 1e-8 in it
    with np.errstate(all="ignore"):
        if float(np.abs(have - want).max(initial=0.0)) > max(10.0 ** -min(DECIMALS), coarse.at(want)):
            return None  # too far for either
        single = np.array_equal(have, have.astype(np.float32))  # computed in it, whatever the dtype
    if single and rules.tolerance.itemsize == 8 and agree(want, have, msgspec.structs.replace(rules, tolerance=coarse)):
        return "single"
    return "rounded" if any(_is_rounded(want, have, decimals) for decimals in DECIMALS) else None


def _is_rounded(want: Array, have: Array, decimals: int) -> bool:
    """Whether `have` is `want` rounded to so many decimals."""
    unit, near = 10.0**-decimals, RTOL[8]
    with np.errstate(all="ignore"):
        return bool(
            np.abs(want).max(initial=0.0) >= SIGNIFICANT * unit
            and np.all(np.abs(have - want) <= unit * (0.5 + near))
            and np.all(np.abs(have - np.round(have, decimals)) <= unit * near + 4 * np.finfo(float).eps * np.abs(have))
        )


def repaired(results: Sequence[Compared], expected: Any, got: Any) -> Any:
    """What was returned, each result in the right form."""
    if not several(expected) or len(results) != len(expected):
        return results[0].value if len(results) == 1 and not several(expected) else got
    return tuple(item.value for item in results)


def slip_of(compared: tuple[Compared, ...], place: int, count: int) -> Compared | None:
    """The slip of result number `place` of so many, if comparing with the reference's results showed one.

    A single one that is a list of arrays has been compared array by array.
    """
    found = compared if count == 1 else compared[place : place + 1] if len(compared) == count else ()
    return next((item for item in found if item.slip), None)
