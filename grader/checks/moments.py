"""Dates, times of day and durations, compared: Python's own, and arrays of numpy's in any unit."""

import datetime
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from grader.sandbox.moments import PythonMoment
from grader.text.language import gettext as _

Array = NDArray[Any]
NEAR = datetime.timedelta(microseconds=1)  # what rounding leaves of a duration that was computed


def is_moment(value: Any) -> TypeGuard[PythonMoment]:
    """Whether a value is one of the types of Python's `datetime`."""
    return isinstance(value, datetime.date | datetime.time | datetime.timedelta)


def zone_of(value: PythonMoment) -> datetime.timedelta | None:
    """Its offset from UTC, if it has one."""
    return value.utcoffset() if isinstance(value, datetime.datetime | datetime.time) else None


def same_moment(expected: PythonMoment, got: Any) -> bool:
    """Whether `got` is of the same type, has the same offset from UTC, and is as near as rounding leaves it."""
    if type(got) is not type(expected) or zone_of(got) != zone_of(expected):
        return False
    return _near(expected, got)


def _near(expected: Any, got: Any) -> bool:
    if isinstance(expected, datetime.datetime | datetime.timedelta):
        try:
            return bool(abs(got - expected) <= NEAR)
        except OverflowError:
            return False
    return bool(got == expected)


def as_moment(got: Any, like: PythonMoment) -> PythonMoment | None:
    """`got` in the type of `like`, where it says the same in another: numpy's date, a text in ISO format, a date at midnight, seconds."""
    try:
        if isinstance(got, np.ndarray) and not got.ndim and got.dtype.kind in "mM":
            got = got.astype(f"{got.dtype.kind}8[us]").item()
        if isinstance(got, str) and not isinstance(like, datetime.timedelta) and len(got) <= 40:
            got = type(like).fromisoformat(got)
        if isinstance(like, datetime.timedelta) and type(got) in (int, float):
            got = datetime.timedelta(seconds=got)
        if type(like) is datetime.date and isinstance(got, datetime.datetime) and got.time() == datetime.time():
            got = got.date()
        if type(like) is datetime.datetime and type(got) is datetime.date:
            got = datetime.datetime(got.year, got.month, got.day, tzinfo=like.tzinfo)
    except (ValueError, OverflowError, TypeError):
        return None
    return got if type(got) is type(like) else None


def same_instant(expected: PythonMoment, got: PythonMoment) -> bool:
    """Whether two dates or times are the same but for the time zone: the same instant, or the same on the clock with no zone in one."""
    if not isinstance(expected, datetime.datetime) or not isinstance(got, datetime.datetime):
        return isinstance(expected, datetime.time) and isinstance(got, datetime.time) and _bare(expected) == _bare(got)
    if (expected.tzinfo is None) is not (got.tzinfo is None):
        return _near(_bare(expected), _bare(got))
    return _near(expected, got)


def _bare(value: Any) -> Any:
    return value.replace(tzinfo=None)


def moment_text(value: PythonMoment) -> str:
    """As people read it: 2024-01-31 10:00:00+01:00, 1 day, 2:00:00."""
    return str(value)


def time_text(value: np.datetime64 | np.timedelta64) -> str:
    """One of numpy's dates or durations, as numpy writes it; a date that it cannot write, by its number."""
    try:
        return str(value)
    except (RuntimeError, ValueError, OverflowError):
        return f"{value.astype(np.int64)} {np.datetime_data(value.dtype)[0]}"


def zone_text(value: PythonMoment) -> str:
    """The time zone of a date, in words."""
    zone = zone_of(value)
    if zone is None:
        return _("no time zone")
    minutes = round(zone.total_seconds() / 60)
    return f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def wrong_times(want: Array, have: Array) -> NDArray[np.bool_]:
    """Where two arrays of dates, or of durations, differ, whatever their units; a missing date equals a missing one."""
    same = np.isnat(want) & np.isnat(have)
    try:
        moved = have.astype(want.dtype)
        exact = moved.astype(have.dtype)
    except (OverflowError, ValueError, TypeError):
        return np.asarray(~same)
    return np.asarray(~(same | ((moved == want) & (exact == have))))
