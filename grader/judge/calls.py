"""A call as a student would write it, in short for a message (see `call_program` for it in full).

    call_text   conv2d(image=<5×7 array>, kernel=[[1., 0.], [2., 0.5]], stride=2, pad=1)

What is written is exact: an argument is written out with all its digits, or described by its shape.
"""

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, assert_never

import numpy as np

from grader.checks.tables import kind_text
from grader.checks.words import dtype_text, kind_of
from grader.sandbox.moments import decode_moment
from grader.sandbox.tables import Table
from grader.sandbox.values import Array, Function, Items, Kind, Moment, Ref, Seeded, Value, decode
from grader.sandbox.values import Mapping as Dict
from grader.sandbox.wire import Step, frame
from grader.text.language import gettext as _
from grader.text.language import spoken

CALL = 160  # characters of a call, within which arguments are written out …
ARGUMENTS = (80, 40, 0)  # … of up to so many characters each: of the most that fit
_TYPED = {np.dtype(float), np.dtype(complex), np.dtype(int), np.dtype(bool)}  # what a list of such numbers becomes by itself
_WHOLE = re.compile(r"\.0$")
REMEMBERED = 8192  # texts: the same calls are told to a whole class
_told: dict[tuple[bytes, tuple[str, ...], str], str] = {}
Parameters = Mapping[str, tuple[str, ...]]


def call_text(step: Step, parameters: Parameters) -> str:
    """The step in short; an argument that is too long is described, an array by its shape (and its dtype unless that is float64)."""
    if step.op == "get":
        return step.target
    names = parameters.get(step.target, ())
    key = hashlib.blake2b(frame(step)).digest(), names, spoken()  # not the step: those with 1 and with True are equal
    text = _told.get(key)
    if text is None:
        if len(_told) >= REMEMBERED:
            _told.clear()
        text = _told[key] = _call_text(step, names)
    return text


def _call_text(step: Step, names: tuple[str, ...]) -> str:
    text = ""
    for longest in ARGUMENTS:
        arguments = [
            f"{name}={argument_text(value, longest)}" if name else argument_text(value, longest)
            for name, value in named_arguments(step, names)
        ]
        text = made(step) + first_items(step, f"{step.target}({', '.join(arguments)})")
        if len(text) <= CALL:
            break
    return text


def made(step: Step) -> str:
    """What stands before the call of a class: the name of the object."""
    return f"{step.save} = " if step.op == "new" and step.save else ""


def first_items(step: Step, text: str) -> str:
    """The call, and what is looked at: so many items of the generator that it returns, or one of its results."""
    text = text if step.first is None else f"list(islice({text}, {step.first}))"
    return text if step.item is None else f"{text}[{step.item}]"


def named_arguments(step: Step, names: tuple[str, ...]) -> list[tuple[str, Value]]:
    """The arguments with their names ("" for an unknown one)."""
    return [*zip_longest(names[: len(step.args)], step.args, fillvalue=""), *step.kwargs]


def argument_text(value: Value, longest: int = ARGUMENTS[0]) -> str:
    """An argument in short: written out within `longest` characters, or described."""
    if isinstance(value, Array):
        return _array(value, longest)
    if isinstance(value, Items):
        text = listed(value.kind, [argument_text(item, longest) for item in value.items])
    elif isinstance(value, Dict):
        text = f"{{{', '.join(f'{argument_text(key)}: {argument_text(item, longest)}' for key, item in value.items)}}}"
    else:
        return plain(value)
    if len(text) <= ARGUMENTS[0]:
        return text
    return argument_text(value, 0) if longest else f"<{kind_of(decode(value))}>"


def _array(value: Array, longest: int) -> str:
    array = decode(value)
    if array.dtype.kind in "Mm":
        return times_text(array, longest)
    if not array.ndim:
        number = _number(array.item())
        return number if array.dtype in _TYPED else f"np.{array.dtype.name}({number})"
    if is_typed(array) and 0 < 2 * array.size <= longest and len(text := nested(array)) <= longest:
        return text
    return shape_text(array)


def times_text(array: "np.ndarray[Any, Any]", longest: int) -> str:
    """Dates or durations, written out or by their shape."""
    unit = np.datetime_data(array.dtype)[0]
    if not array.ndim:
        kind = "datetime64" if array.dtype.kind == "M" else "timedelta64"
        said = repr(str(array)) if array.dtype.kind == "M" else str(array.astype(np.int64))
        return f"np.{kind}({said}, {unit!r})"
    text = str(array.astype(str).tolist()) if array.dtype.kind == "M" and 0 < 12 * array.size <= longest else ""
    return text if text and len(text) <= longest else shape_text(array)


def is_typed(array: "np.ndarray[Any, Any]") -> bool:
    """Whether a list of the same items becomes this array."""
    return array.dtype in _TYPED or array.dtype.kind == "U"


def shape_text(array: "np.ndarray[Any, Any]") -> str:
    """An array as its shape (and its dtype unless that is float64): `<5×7 array>`."""
    shape = "×".join(map(str, array.shape))
    if array.dtype == np.float64:
        return _("<{shape} array>").format(shape=shape)
    return _("<{shape} {dtype} array>").format(shape=shape, dtype=dtype_text(array))


def nested(array: "np.ndarray[Any, Any]") -> str:
    """An array as nested lists, floats as numpy writes them (`1.`)."""
    if not array.ndim:
        return _number(array.item())
    if array.ndim == 1:
        return f"[{', '.join(_WHOLE.sub('.', _number(item)) for item in array.tolist())}]"
    return f"[{', '.join(map(nested, array))}]"


def _number(item: Any) -> str:
    if isinstance(item, complex):
        return f"complex({_number(item.real)}, {_number(item.imag)})"
    if not isinstance(item, float) or math.isfinite(item):
        return repr(item)
    return "np.nan" if math.isnan(item) else "np.inf" if item > 0 else "-np.inf"


def plain(value: Value) -> str:
    """A single number, a text, None or an earlier result."""
    if isinstance(value, Ref):
        return value.handle if value.item is None else f"{value.handle}[{value.item}]"
    if isinstance(value, Seeded):
        return f"np.random.default_rng({value.seed})"
    if isinstance(value, Function):
        return value.name.replace("numpy.", "np.").removeprefix("builtins.")
    if isinstance(value, Moment):
        return _moment(value)
    if isinstance(value, Table):
        return f"<{kind_text(value)}>"
    decoded = decode(value)
    if isinstance(decoded, float | complex):
        return _number(decoded)
    text = repr(decoded)
    return text if len(text) <= ARGUMENTS[0] else f"<{kind_of(decoded)}>"


def _moment(value: Moment) -> str:
    """A date, a time or a duration, as Python's `datetime` makes it."""
    try:
        return repr(decode_moment(value, zoned=True))
    except (LookupError, OSError, ValueError):  # a zone that this machine does not have
        return repr(decode_moment(value))


def listed(kind: Kind, texts: Sequence[str]) -> str:
    """A list, a tuple or a set of items that are written already."""
    text = ", ".join(texts)
    match kind:
        case "list":
            return f"[{text}]"
        case "tuple":
            return f"({text}{',' if len(texts) == 1 else ''})"
        case "set":
            return f"{{{text}}}" if texts else "set()"
        case "frozenset":
            return f"frozenset({{{text}}})" if texts else "frozenset()"
        case _:
            assert_never(kind)
