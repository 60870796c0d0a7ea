"""A call as a student would write it: in short for a message, and in full as a program.

    call_text   conv2d(image=<5×7 array>, kernel=[[1., 0.], [2., 0.5]], stride=2, pad=1)
    program     import numpy as np … image = np.array(…) … print(conv2d(image, …))

What is written is exact: an argument is written out with all its digits, or described by its shape.
"""

import base64
import datetime
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any, assert_never

import numpy as np

from grader.checks.tables import kind_text
from grader.checks.words import dtype_text, kind_of
from grader.sandbox.moments import decode_moment
from grader.sandbox.tables import Column, Table
from grader.sandbox.values import Array, Function, Items, Kind, Moment, Ref, Value, decode
from grader.sandbox.values import Mapping as Dict
from grader.sandbox.wire import Step
from grader.text.language import gettext as _

CALL = 160  # characters of a call, within which arguments are written out …
ARGUMENTS = (80, 40, 0)  # … of up to so many characters each: of the most that fit
INLINE = 64  # numbers of an array in a program that are written one by one
_TYPED = {np.dtype(float), np.dtype(complex), np.dtype(int), np.dtype(bool)}  # what a list of such numbers becomes by itself
_WHOLE = re.compile(r"\.0$")
Parameters = Mapping[str, tuple[str, ...]]


def call_text(step: Step, parameters: Parameters) -> str:
    """The step in short; an argument that is too long is described, an array by its shape (and its dtype unless that is float64)."""
    if step.op == "get":
        return step.target
    text = ""
    for longest in ARGUMENTS:
        arguments = [
            f"{name}={argument_text(value, longest)}" if name else argument_text(value, longest)
            for name, value in _named(step, parameters)
        ]
        text = _first(step, f"{step.target}({', '.join(arguments)})")
        if len(text) <= CALL:
            break
    return text


def _first(step: Step, text: str) -> str:
    """The call, and how many items of the generator that it returns are looked at."""
    return text if step.first is None else f"list(islice({text}, {step.first}))"


def _named(step: Step, parameters: Parameters) -> list[tuple[str, Value]]:
    """The arguments with their names ("" for an unknown one)."""
    names = parameters.get(step.target, ())
    return [*zip_longest(names[: len(step.args)], step.args, fillvalue=""), *step.kwargs]


def argument_text(value: Value, longest: int = ARGUMENTS[0]) -> str:
    """An argument in short: written out within `longest` characters, or described."""
    if isinstance(value, Array):
        return _array(value, longest)
    if isinstance(value, Items):
        text = _listed(value.kind, [argument_text(item, longest) for item in value.items])
    elif isinstance(value, Dict):
        text = f"{{{', '.join(f'{argument_text(key)}: {argument_text(item, longest)}' for key, item in value.items)}}}"
    else:
        return _plain(value)
    if len(text) <= ARGUMENTS[0]:
        return text
    return argument_text(value, 0) if longest else f"<{kind_of(decode(value))}>"


def _array(value: Array, longest: int) -> str:
    array = decode(value)
    if array.dtype.kind in "Mm":
        return _times(array, longest)
    if not array.ndim:
        number = _number(array.item())
        return number if array.dtype in _TYPED else f"np.{array.dtype.name}({number})"
    if _is_typed(array) and 0 < 2 * array.size <= longest and len(text := _nested(array)) <= longest:
        return text
    return shape_text(array)


def _times(array: "np.ndarray[Any, Any]", longest: int) -> str:
    """Dates or durations, written out or by their shape."""
    unit = np.datetime_data(array.dtype)[0]
    if not array.ndim:
        kind = "datetime64" if array.dtype.kind == "M" else "timedelta64"
        said = repr(str(array)) if array.dtype.kind == "M" else str(array.astype(np.int64))
        return f"np.{kind}({said}, {unit!r})"
    text = str(array.astype(str).tolist()) if array.dtype.kind == "M" and 0 < 12 * array.size <= longest else ""
    return text if text and len(text) <= longest else shape_text(array)


def _is_typed(array: "np.ndarray[Any, Any]") -> bool:
    """Whether a list of the same items becomes this array."""
    return array.dtype in _TYPED or array.dtype.kind == "U"


def shape_text(array: "np.ndarray[Any, Any]") -> str:
    """An array as its shape (and its dtype unless that is float64): `<5×7 array>`."""
    shape = "×".join(map(str, array.shape))
    if array.dtype == np.float64:
        return _("<{shape} array>").format(shape=shape)
    return _("<{shape} {dtype} array>").format(shape=shape, dtype=dtype_text(array))


def _nested(array: "np.ndarray[Any, Any]") -> str:
    """An array as nested lists, floats as numpy writes them (`1.`)."""
    if not array.ndim:
        return _number(array.item())
    if array.ndim == 1:
        return f"[{', '.join(_WHOLE.sub('.', _number(item)) for item in array.tolist())}]"
    return f"[{', '.join(map(_nested, array))}]"


def _number(item: Any) -> str:
    if isinstance(item, complex):
        return f"complex({_number(item.real)}, {_number(item.imag)})"
    if not isinstance(item, float) or math.isfinite(item):
        return repr(item)
    return "np.nan" if math.isnan(item) else "np.inf" if item > 0 else "-np.inf"


def _plain(value: Value) -> str:
    """A single number, a text, None or an earlier result."""
    if isinstance(value, Ref):
        return value.handle if value.item is None else f"{value.handle}[{value.item}]"
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
    found = decode_moment(value)
    if isinstance(found, datetime.timedelta):
        return repr(found)
    name = "dt.datetime" if value.kind == "datetime" else f"dt.{value.kind}"
    text = f"{name}.fromisoformat({value.text!r})".replace("dt.", "datetime.")
    return f"{text}.astimezone(zoneinfo.ZoneInfo({value.zone!r}))" if value.zone else text


def _listed(kind: Kind, texts: Sequence[str]) -> str:
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


def program(steps: Sequence[Step], told: Iterable[int], parameters: Parameters, module: str) -> str:
    """Python code that does what the steps `told` do, after those of the same case that come before, and prints their results.

    Args:
        steps: of the plan; `told`: the numbers of those that show something.
        module: to import the student's functions from.
    """
    told = sorted(told)
    lines: list[str] = []
    names: dict[str, None] = {}
    for case, group in groupby(told, lambda seq: steps[seq].case):
        shown = list(group)
        first = shown[0]
        while first and steps[first - 1].case == case:
            first -= 1
        handles: set[str] = set()
        lines += ["", "np.random.seed(0)", "random.seed(0)"]
        for step in steps[first : shown[-1] + 1]:
            head = step.target.partition(".")[0]
            if head not in handles:
                names[head] = None
            handles.add(step.save)
            lines += _statements(step, parameters, step.seq in shown, handles | set(names))
    needed = ("base64", "datetime", "given", "math", "operator", "zoneinfo")
    imports = [f"import {name}" for name in needed if any(f"{name}." in line for line in lines)]
    pandas = ["import pandas as pd"] if any("pd." in line for line in lines) else []
    late = ["from itertools import islice"] if any("islice(" in line for line in lines) else []
    return "\n".join(
        [
            *imports,
            "import random",
            *late,
            "",
            "import numpy as np",
            *pandas,
            f"from {module} import {', '.join(names)}",
            *lines,
            "",
        ]
    )


def _statements(step: Step, parameters: Parameters, shown: bool, taken: set[str]) -> Iterator[str]:
    """One step: its arrays under the names of the parameters, the call, and what is to be seen of it."""
    if step.op == "get":
        yield f"print({step.target})" if shown else step.target
        return
    known = _named(step, parameters)
    given, arrays = [], []
    for place, (name, value) in enumerate(known):
        text = _code(value)
        if isinstance(value, Array) and value.shape:
            variable = name or f"argument_{place}"
            variable += "_" if variable in taken else ""
            yield f"{variable} = {text}"
            arrays.append(variable)
            text = variable
        given.append(text if place < len(step.args) else f"{name}={text}")
    result = step.save or "result"
    text = _first(step, f"{step.target}({', '.join(given)})")
    yield f"{result} = {text}"
    if shown and step.reply:
        yield f"print({result})"
    if shown and step.after:
        yield from (f"print({variable})" for variable in arrays)


def _code(value: Value) -> str:
    """A value as an expression."""
    if isinstance(value, Items):
        return _listed(value.kind, [_code(item) for item in value.items])
    if isinstance(value, Dict):
        return f"{{{', '.join(f'{_code(key)}: {_code(item)}' for key, item in value.items)}}}"
    if isinstance(value, Table):
        return _table_code(value)
    if not isinstance(value, Array):
        return repr(value) if isinstance(value, str) else _plain(value)
    array = decode(value)
    if array.dtype.kind in "Mm":
        if not array.ndim:
            return _times(array, 0)
        items = array.astype(str) if array.dtype.kind == "M" else array.astype(np.int64)
        return f"np.array({items.tolist()}, dtype={str(array.dtype)!r})"
    dtype = "" if _is_typed(array) and array.size else f", dtype={dtype_text(array)!r}"
    if 0 < array.size <= INLINE:
        rows = "".join(f"\n    {_nested(row)}," for row in array) + "\n" if array.ndim > 1 else ""
        return f"np.array({f'[{rows}]' if rows else _nested(array)}{dtype})"
    text = base64.b64encode(value.data).decode()
    return f'np.frombuffer(base64.b64decode("{text}"), {value.dtype!r}).reshape({value.shape}).copy()'


def _table_code(value: Table) -> str:
    """A DataFrame or a Series, as pandas makes it."""
    columns = [_column_code(column) for column in value.columns]
    labels = [repr(label[0]) if len(label) == 1 else repr(label) for label in value.labels]
    index = "" if value.is_counted else f", index={_index_code(value)}"
    if value.kind == "series":
        return f"pd.Series({columns[0]}{index}, name={labels[0]})"
    inside = "".join(f"\n    {label}: {column}," for label, column in zip(labels, columns, strict=True))
    return f"pd.DataFrame({{{inside}\n}}{index})"


def _index_code(value: Table) -> str:
    levels = [_column_code(column) for column in value.index]
    if len(levels) == 1:
        return f"pd.Index({levels[0]}, name={value.names[0]!r})"
    return f"pd.MultiIndex.from_arrays([{', '.join(levels)}], names={list(value.names)!r})"


def _column_code(column: Column) -> str:
    """A column, with None where something is missing."""
    array = column.array
    items = array.astype(str).tolist() if array.dtype.kind in "Mm" else array.tolist()
    if column.missing is not None or array.dtype.kind in "fMm":
        items = [item if there else None for item, there in zip(items, column.known.tolist(), strict=True)]
    stored, comma, zone = column.dtype.partition(", ")
    if array.dtype.kind == "M" and comma:
        return f"pd.Series({items!r}, dtype='{stored}]').dt.tz_localize('UTC').dt.tz_convert({zone.rstrip(']')!r}).array"
    return f"pd.Series({items!r}, dtype={column.dtype!r}).array"
