"""Dates, times of day, both together, and durations on the wire: as text that is checked when it arrives.

A time zone travels as its offset from UTC, and in an argument by its name too: which hours a zone has is looked up where that name comes
from the course, never where it comes from a student's process.
"""

import datetime
import re
from typing import Annotated, Literal

import msgspec
import numpy as np

from grader.sandbox.limits import UnsendableError, WireError

_DURATION = re.compile(r"-?\d{1,21}")
MomentKind = Literal["date", "time", "datetime", "timedelta"]
PythonMoment = datetime.date | datetime.time | datetime.timedelta  # a datetime is a date
_MICROSECOND = datetime.timedelta(microseconds=1)


class Moment(msgspec.Struct, frozen=True, tag="moment", array_like=True):
    """One of the types of Python's `datetime`.

    Attributes:
        text: in ISO format; of a timedelta the microseconds.
        zone: the name of its time zone, if it has one ("Europe/Madrid").
    """

    kind: MomentKind
    text: Annotated[str, msgspec.Meta(max_length=40)]
    zone: Annotated[str, msgspec.Meta(max_length=64)] = ""


def encode_moment(obj: PythonMoment) -> "Moment | np.datetime64":
    """A date, a time or a duration as it is sent; pandas' missing one is numpy's.

    Raises:
        UnsendableError: its time zone gives what is not an offset.
    """
    try:
        if isinstance(obj, datetime.timedelta):
            return Moment("timedelta", str(datetime.timedelta.__floordiv__(obj, _MICROSECOND)))
        if isinstance(obj, datetime.datetime):
            if str(obj) == "NaT":
                return np.datetime64("NaT")
            zone = getattr(obj.tzinfo, "key", None)
            return Moment("datetime", datetime.datetime.isoformat(obj), zone if type(zone) is str else "")
        if isinstance(obj, datetime.time):
            return Moment("time", datetime.time.isoformat(obj))
        return Moment("date", datetime.date.isoformat(obj))
    except (ValueError, TypeError, NotImplementedError):
        raise UnsendableError("type", type(obj).__name__) from None


def check_moment(value: Moment) -> None:
    """Raise `WireError` unless the text is that of such a value, as Python writes it."""
    try:
        again = encode_moment(decode_moment(value))
    except (ValueError, OverflowError, UnsendableError):
        again = None
    if not isinstance(again, Moment) or (again.kind, again.text) != (value.kind, value.text):
        raise WireError(f"{value.text!r:.60} is not a {value.kind}")


def decode_moment(value: Moment, zoned: bool = False) -> PythonMoment:
    """The date, time or duration.

    Args:
        zoned: whether the name of a time zone is followed; else its offset is all that is kept.

    Raises:
        ValueError, OverflowError: it has not been checked.
    """
    if value.kind == "timedelta":
        if not _DURATION.fullmatch(value.text):
            raise ValueError("not a number of microseconds")
        return datetime.timedelta(microseconds=int(value.text))
    if value.kind == "time":
        return datetime.time.fromisoformat(value.text)
    if value.kind == "date":
        return datetime.date.fromisoformat(value.text)
    moment = datetime.datetime.fromisoformat(value.text)
    if zoned and value.zone:
        from zoneinfo import ZoneInfo  # reads files, and few courses need it

        return moment.astimezone(ZoneInfo(value.zone))
    return moment
