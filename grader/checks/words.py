"""Values in words: a number, and of which kind and shape a value is."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.checks.forms import Array, is_large
from grader.checks.moments import is_moment, moment_text, time_text
from grader.checks.tables import kind_text
from grader.sandbox.values import Table
from grader.text.language import gettext as _
from grader.text.language import ngettext

DIGITS = 40  # of an integer that are shown


def dtype_text(array: Array) -> str:
    """The dtype of an array; for texts without their length."""
    return "str" if array.dtype.kind == "U" else str(array.dtype)


def number(value: Any) -> str:
    """A number as text: up to six digits, integers without a decimal point. Text in quotes."""
    if isinstance(value, np.generic | np.ndarray):
        value = np.asarray(value)[()] if value.dtype.kind in "mM" else value.item()
    if isinstance(value, np.datetime64 | np.timedelta64):
        return time_text(value)
    if is_moment(value):
        return moment_text(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e6 else f"{value:.6g}"
    if isinstance(value, str):
        return repr(value[:DIGITS])
    text = str(value)
    return (
        text
        if type(value) is not int or len(text) <= DIGITS
        else _("{digits}… ({n} digits)").format(digits=text[:DIGITS], n=len(text.lstrip("-")))
    )


def kind_of(got: Any) -> str:
    """A short description of `got`."""
    if got is None:
        return "None"
    if isinstance(got, Table):
        return kind_text(got)
    if is_moment(got):
        return _("the {type} {value}").format(type=type(got).__name__, value=moment_text(got))
    if isinstance(got, np.ndarray):
        return array_text(got)
    if isinstance(got, list | tuple):
        of_tuple = ngettext("a tuple of {n} item", "a tuple of {n} items", len(got))
        of_list = ngettext("a list of {n} item", "a list of {n} items", len(got))
        return (of_tuple if isinstance(got, tuple) else of_list).format(n=len(got))
    if isinstance(got, str):
        return _("the string {text}").format(text=repr(got[:40]))
    if isinstance(got, set | frozenset):
        return ngettext("a set of {n} item", "a set of {n} items", len(got)).format(n=len(got))
    if isinstance(got, dict):
        return ngettext("a dict with {n} key", "a dict with {n} keys", len(got)).format(n=len(got))
    shown = number(got) if is_large(got) else repr(got)
    return _("the {type} {value}").format(type=type(got).__name__, value=shown)


def items_text(results: Sequence[Any], names: Sequence[str]) -> str:
    """Several results as `kind_of` describes them, with their names if each has one."""
    return kind_of(results) + (f" ({', '.join(names)})" if len(names) == len(results) else "")


def array_text(array: Array) -> str:
    """An array by its shape."""
    return _("an array of shape {shape}").format(shape=array.shape) if array.ndim else _("a number")
