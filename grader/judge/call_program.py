"""A call as a program that a student can run: exact, and nothing but numpy, pandas where a table is given, and Python's own library."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from grader.checks.words import dtype_text
from grader.judge.calls import Parameters, first_items, is_typed, listed, named_arguments, nested, plain, times_text
from grader.sandbox.tables import Column, Table
from grader.sandbox.values import Array, Function, Items, Value, decode
from grader.sandbox.values import Mapping as Dict
from grader.sandbox.wire import Step

INLINE = 64  # numbers of an array in a program that are written one by one


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
        lines += ["", f"np.random.seed({case})", f"random.seed({case})"]
        for step in steps[first : shown[-1] + 1]:
            head = step.target.partition(".")[0]
            if head not in handles:
                names[head] = None
            handles.add(step.save)
            lines += _statements(step, parameters, step.seq in shown, handles | set(names))
    given = {value.name.rpartition(".")[0] for step in steps for value in functions_in(step)}
    needed = sorted({"base64", "datetime", "zoneinfo", *given} - {"numpy", "builtins"})
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


def functions_in(step: Step) -> Iterator[Function]:
    """The functions among the arguments of a step."""
    waiting = [*step.args, *(value for _name, value in step.kwargs)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Function):
            yield value
        elif isinstance(value, Items):
            waiting += value.items
        elif isinstance(value, Dict):
            waiting += (item for _key, item in value.items)


def _statements(step: Step, parameters: Parameters, shown: bool, taken: set[str]) -> Iterator[str]:
    """One step: its arrays under the names of the parameters, the call, and what is to be seen of it."""
    if step.op == "get":
        yield f"print({step.target})" if shown else step.target
        return
    known = named_arguments(step, parameters.get(step.target, ()))
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
    text = first_items(step, f"{step.target}({', '.join(given)})")
    yield f"{result} = {text}"
    if shown and step.reply:
        owner = step.target.rpartition(".")[0]
        yield from (f"print({one})" for one in [f"{owner}.{name}" for name in step.attributes or ()] or [result])
    if shown and step.after:
        yield from (f"print({variable})" for variable in arrays)


def _code(value: Value) -> str:
    """A value as an expression."""
    if isinstance(value, Items):
        return listed(value.kind, [_code(item) for item in value.items])
    if isinstance(value, Dict):
        return f"{{{', '.join(f'{_code(key)}: {_code(item)}' for key, item in value.items)}}}"
    if isinstance(value, Table):
        return _table_code(value)
    if not isinstance(value, Array):
        return repr(value) if isinstance(value, str) else plain(value)
    array = decode(value)
    if array.dtype.kind in "Mm":
        if not array.ndim:
            return times_text(array, 0)
        items = array.astype(str) if array.dtype.kind == "M" else array.astype(np.int64)
        return f"np.array({items.tolist()}, dtype={str(array.dtype)!r})"
    dtype = "" if is_typed(array) and array.size else f", dtype={dtype_text(array)!r}"
    if 0 < array.size <= INLINE:
        rows = "".join(f"\n    {nested(row)}," for row in array) + "\n" if array.ndim > 1 else ""
        return f"np.array({f'[{rows}]' if rows else nested(array)}{dtype})"
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
