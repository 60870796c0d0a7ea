"""Comparing a result with the expected one: type → shape → dtype → finite → values.

The first stage that fails is the difference. Nothing is broadcast, NaN equals nothing, and numbers may be off by a `Tolerance`. Whole
numbers, truth values and strings are exact.
"""

import math
from collections.abc import Sequence, Set
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.checks.compare_tables import compare_tables
from grader.checks.difference import Difference, Stage
from grader.checks.forms import Array, as_array, is_large, is_vector
from grader.checks.moments import is_moment, moment_text, same_moment, wrong_times
from grader.checks.tables import same_dtype
from grader.checks.tolerance import Rules, Tolerance
from grader.checks.unordered import Pairs, paired, text_of, texts_of
from grader.checks.words import array_text, dtype_text, items_text, kind_of, number
from grader.sandbox.moments import PythonMoment
from grader.sandbox.tables import Column, Table
from grader.text.language import gettext as _


def compare(expected: Any, got: Any, names: Sequence[str] = (), rules: Rules = Rules()) -> Difference | None:  # noqa: B008 - frozen
    """The first difference between `expected` and `got`, or None when they agree.

    Args:
        names: names of the results, one for each item of a returned tuple (or one for the whole).
    """
    if isinstance(expected, tuple | list) and not is_vector(expected):
        return _compare_items(expected, got, names, rules)
    return _compare_one(expected, got, names[0] if len(names) == 1 else "", rules)


def agree(expected: Any, got: Any, rules: Rules) -> bool:
    """Whether `compare` finds no difference; it takes a part of the time."""
    found = agree_at_once(expected, got, rules.tolerance)
    return compare(expected, got, (), rules.unworded) is None if found is None else found


def _compare_items(expected: Sequence[Any], got: Any, names: Sequence[str], rules: Rules) -> Difference | None:
    if not isinstance(got, tuple | list):
        return Difference("type", "", items_text(expected, names), kind_of(got))
    if len(got) != len(expected):
        return Difference("shape", "", items_text(expected, names), kind_of(got))
    for place, (want, have) in enumerate(zip(expected, got, strict=True)):
        path = names[place] if len(names) == len(expected) else f"[{place}]"
        if difference := _compare_one(want, have, path, rules):
            return difference
    return None


def _compare_one(expected: Any, got: Any, path: str, rules: Rules) -> Difference | None:
    if isinstance(expected, dict):
        return _compare_dict(expected, got, path, rules)
    if isinstance(expected, set | frozenset):
        return _compare_sets(expected, got, path, rules)
    if is_large(expected):
        return _compare_large(expected, got, path)
    if isinstance(expected, Table):
        return compare_tables(
            expected, got, path or "result", lambda want, have, where: _compare_columns(want, have, where, rules.tolerance)
        )
    if is_moment(expected):
        return _compare_moments(expected, got, path)
    if expected is None or isinstance(expected, str):
        if type(got) is type(expected):
            same = got == expected or rules.tolerance.of_forms
            return None if same else Difference("values", path, repr(expected), kind_of(got))
        return Difference("type", path, repr(expected), kind_of(got))
    if isinstance(expected, tuple | list) and not is_vector(expected):
        inner = _compare_items(expected, got, (), rules)
        return msgspec.structs.replace(inner, path=path + inner.path) if inner else None
    want = np.asarray(expected)
    is_list = isinstance(expected, list) and isinstance(got, list)
    have = as_array(got, rules.array_like or is_list or (want.ndim == 0 and not isinstance(got, list | tuple)))
    if have is None:
        return Difference("type", path, array_text(want), kind_of(got))
    if have.shape != want.shape:
        return Difference("shape", path, str(want.shape), str(have.shape))
    difference = _compare_dtype(want, have, path, rules.integer_inputs)
    return difference or compare_values(want, have, path, rules.tolerance, worded=rules.worded)


def _compare_large(expected: int, got: Any, path: str) -> Difference | None:
    """A number that no array holds: exact, as counts are; a float may be right if it is that very number."""
    have = got.item() if isinstance(got, np.ndarray) and not got.ndim else got
    if type(have) not in (int, float):
        return Difference("type", path, _("a number"), kind_of(got))
    return None if have == expected else Difference("values", path, number(expected), number(have), wrong=1, size=1)


def _compare_dict(expected: dict[str, Any], got: Any, path: str, rules: Rules) -> Difference | None:
    if not isinstance(got, dict):
        return Difference("type", path, kind_of(expected), kind_of(got))
    pairs = paired(expected, got, rules.tolerance.at)
    if pairs.missing or pairs.extra:
        return _unpaired("shape", expected, got, path, pairs)
    for key, other in pairs.pairs:
        if difference := _compare_one(expected[key], got[other], f"{path}[{text_of(key)}]", rules):
            return difference
    return None


def _compare_moments(expected: PythonMoment, got: Any, path: str) -> Difference | None:
    if type(got) is not type(expected):
        return Difference("type", path, kind_of(expected), kind_of(got))
    if same_moment(expected, got):
        return None
    return Difference("values", path, moment_text(expected), moment_text(got), wrong=1, size=1)


def _compare_columns(want: Column, have: Column, path: str, tolerance: Tolerance) -> Difference | None:
    """A column of a table; where something is missing in one, it must be in the other."""
    expected, got, known = want.array, have.array, want.known
    if not same_dtype(want, have) or (
        (expected.dtype.kind in "bUMm" or got.dtype.kind in "bUMm") and expected.dtype.kind != got.dtype.kind
    ):
        return Difference("dtype", path, want.dtype, have.dtype, size=int(known.size))
    if (apart := known != have.known).any():
        place = int(np.argmax(apart))
        wanted = number(expected[place]) if known[place] else _("missing")
        found = number(got[place]) if have.known[place] else _("missing")
        where = (place,)
        return Difference("values", path, wanted, found, where, where, wanted, found, int(apart.sum()), int(apart.size))
    difference = compare_values(expected[known], got[known], path, tolerance)
    if difference is None:
        return None
    places = np.flatnonzero(known)
    first, worst = ((int(places[index[0]]),) for index in (difference.first, difference.worst))
    return msgspec.structs.replace(difference, first=first, worst=worst, size=int(known.size))


def _compare_sets(expected: Set[Any], got: Any, path: str, rules: Rules) -> Difference | None:
    if not isinstance(got, set | frozenset):
        return Difference("type", path, kind_of(expected), kind_of(got))
    pairs = paired(expected, got, rules.tolerance.at)
    return _unpaired("values", expected, got, path, pairs) if pairs.missing or pairs.extra else None


def _unpaired(stage: Stage, expected: Any, got: Any, path: str, pairs: Pairs) -> Difference:
    missing, extra = texts_of(pairs.missing), texts_of(pairs.extra)
    wrong = len(pairs.missing) + len(pairs.extra)
    size = wrong + len(pairs.pairs)
    return Difference(stage, path, kind_of(expected), kind_of(got), wrong=wrong, size=size, missing=missing, extra=extra)


def _compare_dtype(want: Array, have: Array, path: str, integers: bool) -> Difference | None:
    ok = {
        "f": (have.dtype.kind == "f" and have.dtype.itemsize >= 4) or (integers and have.dtype.kind in "iu"),
        "c": have.dtype.kind == "c",
        "b": have.dtype.kind == "b",
        "U": have.dtype.kind == "U",
        "M": have.dtype.kind == "M",
        "m": have.dtype.kind == "m",
        "i": have.dtype.kind in "iu",
        "u": have.dtype.kind in "iu",
    }.get(want.dtype.kind, False)
    if ok or (want.dtype.kind == "f" and have.dtype.kind in "iu" and (want.ndim == 0 or bool(np.all(want == np.floor(want))))):
        return None  # no decimals that could have been cut off
    if want.dtype.kind in "iu" and have.dtype.kind == "f" and bool(np.all(have == np.floor(have))):
        return None
    with np.errstate(all="ignore"):
        cut = int(np.count_nonzero(have != np.trunc(want))) if want.dtype.kind == "f" and have.dtype.kind in "iu" else 0
    return Difference("dtype", path, dtype_text(want), dtype_text(have), wrong=cut, size=int(want.size))


def compare_values(want: Array, have: Array, path: str, tolerance: Tolerance, *, worded: bool = True) -> Difference | None:
    """The stages "finite" and "values" for two arrays of the same shape; without words, only that they differ."""
    if want.dtype == have.dtype == np.float64 and _near(want, have, tolerance):
        return None
    if want.dtype.kind in "bUMm":
        unequal = wrong_times(want, have) if want.dtype.kind in "Mm" else np.asarray(want != have)
        wrong = np.zeros(want.shape, bool) if tolerance.of_forms and want.dtype.kind in "bU" else unequal
        error = wrong.astype(float)
    else:
        with np.errstate(all="ignore"):
            error = np.asarray(np.abs(have.astype(np.result_type(have, np.float64)) - want))
            if have.dtype.kind in "fc":
                lost = ~np.isfinite(have) & np.isfinite(want)
                if lost.any():
                    return _located("finite", want, have, lost, lost.astype(float), path) if worded else _APART
            error[have == want] = 0.0  # inf − inf
            exact = want.dtype.kind in "iu" and tolerance.atol is None  # counts and indices must be exact
            wrong = np.asarray(have != want if exact else ~(error <= tolerance.at(want)))
    if not wrong.any():
        return None
    return _located("values", want, have, wrong, error, path) if worded else _APART


def _near(want: Array, have: Array, tolerance: Tolerance) -> bool:
    """Whether all values agree, in one pass: nearly every comparison of a class ends here. NaN and infinity do not pass."""
    with np.errstate(all="ignore"):
        error = float(np.abs(have - want).max(initial=0.0))
    return math.isfinite(error) and error <= tolerance.at(want)


def agree_at_once(expected: Any, got: Any, tolerance: Tolerance) -> bool | None:
    """Whether two results agree, as far as it is seen at once: floats, arrays of float64, or of different shapes; None for others.

    Of NaN and infinities only this is seen, that they stand in other places.
    """
    if isinstance(expected, np.ndarray) and isinstance(got, np.ndarray):
        if expected.shape != got.shape:
            return False
        return _arrays_agree(expected, got, tolerance) if expected.dtype == got.dtype == np.float64 else None
    if isinstance(expected, list | tuple):
        if not isinstance(got, list | tuple) or is_vector(expected):  # the largest number of a vector counts for all
            return None
        if len(expected) != len(got):
            return False
        found = [agree_at_once(*pair, tolerance) for pair in zip(expected, got, strict=True)]
        return False if False in found else None if None in found or not found else True
    one, other = _as_float(expected), _as_float(got)
    if one is not None and other is not None:
        error = abs(other - one)
        if math.isfinite(error):
            return error <= tolerance.at_scale(abs(one))
        return False if math.isfinite(one) != math.isfinite(other) and not tolerance.of_forms else None
    return False if (one is not None and _has_axes(got)) or (other is not None and _has_axes(expected)) else None


def _arrays_agree(expected: Array, got: Array, tolerance: Tolerance) -> bool | None:
    with np.errstate(all="ignore"):
        error = float(np.abs(got - expected).max(initial=0.0))
    if math.isfinite(error):
        return error <= tolerance.at(expected)
    return False if not tolerance.of_forms and (np.isfinite(expected) != np.isfinite(got)).any() else None


def _as_float(value: Any) -> float | None:
    """A float, whether Python's or numpy's."""
    if type(value) is float:
        return value
    return float(value) if isinstance(value, np.ndarray) and not value.ndim and value.dtype == np.float64 else None


def _has_axes(value: Any) -> bool:
    return isinstance(value, np.ndarray) and bool(value.ndim)


_APART = Difference("values", "", "", "")  # that two results differ, and nothing else


def _located(stage: Stage, want: Array, have: Array, wrong: NDArray[np.bool_], error: Array, path: str) -> Difference:
    first = tuple(int(i) for i in np.unravel_index(int(np.argmax(wrong)), wrong.shape)) if wrong.ndim else ()
    error = np.where(wrong, np.where(np.isnan(error), np.inf, error), -1.0)
    worst = tuple(int(i) for i in np.unravel_index(int(np.argmax(error)), error.shape)) if error.ndim else ()
    expected, got = _apart(want[worst], have[worst])
    first_expected, first_got = _apart(want[first], have[first])
    return Difference(stage, path, expected, got, first, worst, first_expected, first_got, int(wrong.sum()), int(wrong.size))


def _apart(want: Any, have: Any) -> tuple[str, str]:
    """Two numbers as text, with as many digits as it takes to tell them apart."""
    texts = number(want), number(have)
    for digits in (9, 12, 17):
        if texts[0] != texts[1] or want.dtype.kind != "f" or have.dtype.kind != "f":
            break
        texts = f"{float(want):.{digits}g}", f"{float(have):.{digits}g}"
    return texts
