"""A call as a student would write it: in short for a message, and in full as a program.

    call_text   conv2d(image=<5×7 array>, kernel=[[1., 0.], [2., 0.5]], stride=2, pad=1)
    program     import numpy as np … image = np.array(…) … print(conv2d(image, …))

What is written is exact: an argument is written out with all its digits, or described by its shape.
"""

import base64
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Any, assert_never

import numpy as np

from grader.checks.words import dtype_text, kind_of
from grader.sandbox.values import Array, Items, Kind, Ref, Value, decode
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
    """The call, and what is looked at: so many items of the generator that it returns, or one of its results."""
    text = text if step.first is None else f"list(islice({text}, {step.first}))"
    return text if step.item is None else f"{text}[{step.item}]"


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
    if not array.ndim:
        number = _number(array.item())
        return number if array.dtype in _TYPED else f"np.{array.dtype.name}({number})"
    if _is_typed(array) and 0 < 2 * array.size <= longest and len(text := _nested(array)) <= longest:
        return text
    return shape_text(array)


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
    decoded = decode(value)
    if isinstance(decoded, float | complex):
        return _number(decoded)
    text = repr(decoded)
    return text if len(text) <= ARGUMENTS[0] else f"<{kind_of(decoded)}>"


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
    imports = ["import base64"] if any("base64." in line for line in lines) else []
    late = ["from itertools import islice"] if any("islice(" in line for line in lines) else []
    return "\n".join(
        [*imports, "import random", *late, "", "import numpy as np", f"from {module} import {', '.join(names)}", *lines, ""]
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
    if not isinstance(value, Array):
        return repr(value) if isinstance(value, str) else _plain(value)
    array = decode(value)
    dtype = "" if _is_typed(array) and array.size else f", dtype={dtype_text(array)!r}"
    if 0 < array.size <= INLINE:
        rows = "".join(f"\n    {_nested(row)}," for row in array) + "\n" if array.ndim > 1 else ""
        return f"np.array({f'[{rows}]' if rows else _nested(array)}{dtype})"
    text = base64.b64encode(value.data).decode()
    return f'np.frombuffer(base64.b64decode("{text}"), {value.dtype!r}).reshape({value.shape}).copy()'
