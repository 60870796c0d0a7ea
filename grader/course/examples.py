"""Reading the worked examples of an assignment: `examples.toml`, each number in the form that the stub declares for it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.checks.draft import Example
from grader.checks.methods import called_before
from grader.course.authoring import Exercise
from grader.course.declared import FLOATS, Declared, Form, Kind
from grader.course.folder import Assignment
from grader.course.source import read_toml, refuse_unknown
from grader.errors import RubricError
from grader.sandbox.child.printed import tidy
from grader.sandbox.tables import encode_table
from grader.text.syntax import literal

_NUMBER = re.compile(r"[-+0-9][-+0-9./eE_ ]*")  # or what was meant to be one
_TABLES = ("frame", "series")
KEYS = {  # and what each means: docs/authors/reference.md is drawn from it
    "exercise": "the exercise it belongs to",
    "lecture": "where the numbers come from, for the statement: it may be left out",
    "slide": "where they are in the lecture, likewise",
    "inputs": (
        "`inputs.<parameter>`: an argument: a number, a list of numbers (an array), a string, or a table (a dict); for a method also "
        "`inputs.new.<parameter>` of the object, and `inputs.<method>.<parameter>` of what is called before"
    ),
    "expected": (
        "the result, compared as the stub's function declares it: `-> float` within a tolerance however it is written, `-> int` exactly; "
        "with several results, `expected.<name>` for each name in `returns`"
    ),
    "printed": "the text that the function prints, in place of `expected`; blanks at the ends of lines do not count",
    "dtype": 'the dtype of the inputs, or `dtype.<parameter>` of one of them (`"float64"` by default)',
    "decimals": "how many decimals the slide prints: results are compared at that precision",
    "share": "its weight within the exercise, if that is not 1",
    "hidden": "`true` for one that students do not get: neither the statement nor their files have anything of it (default: `false`)",
    "note": "for readers of the file",
    "erratum": "the lecture's mistake that the numbers correct, for readers of the file",
}


def results_by_exercise(exercises: Iterable[Exercise], declared: Mapping[str, Declared]) -> dict[str, dict[str, Declared]]:
    """By exercise, what its function declares: each result by its name, all of them as ""."""
    found: dict[str, dict[str, Declared]] = {}
    for exercise in exercises:
        whole = declared.get(exercise.name, FLOATS)
        whole = whole if exercise.item is None else whole.of(exercise.item)
        several = len(exercise.returns) > 1
        named = {name: whole.of(place) if several else whole for place, name in enumerate(exercise.returns)}
        found[exercise.name] = {"": whole, **named}
    return found


def read_examples(
    assignment: Assignment, results: Mapping[str, Mapping[str, Declared]], parameters: Mapping[str, Mapping[str, Declared]]
) -> dict[str, Example]:
    """The worked examples by their ids; `RubricError` says which one is not as it should be.

    Args:
        results: by exercise, what the stub declares of each result.
        parameters: by function, what the stub declares of each parameter.
    """
    path = assignment.examples
    if not path.is_file():
        return {}
    return {name: _example(path, name, table, results, parameters) for name, table in read_toml(path).items()}


def _example(
    path: Path,
    name: str,
    table: Any,
    results: Mapping[str, Mapping[str, Declared]],
    parameters: Mapping[str, Mapping[str, Declared]],
) -> Example:
    if not isinstance(table, dict) or not isinstance(table.get("inputs", {}), dict):
        raise RubricError(path, name, "it is not a table with `inputs.<parameter> = …`", f"write [{name}] and inputs below it")
    if not isinstance(hidden := table.get("hidden", False), bool):
        raise RubricError(path, name, f"hidden is {hidden!r}", "write `hidden = true`, or take it out")
    if hidden and table.keys() <= {"exercise", "hidden", "share"} and "exercise" in table:  # in a student's copy
        share = float(table["share"]) if "share" in table else None
        return Example(name, "", "", {}, None, exercise=table["exercise"], share=share, hidden=True)
    for key in ("exercise", "inputs", *(() if "printed" in table else ("expected",))):
        if key not in table:
            raise RubricError(path, name, f"the example has no `{key}`", f"add `{key} = …` to [{name}]")
    refuse_unknown(path, name, table, KEYS)
    printed = table.get("printed")
    if printed is not None and ("expected" in table or not isinstance(printed, str)):
        raise RubricError(path, name, "`printed` is a text in place of `expected`", f"take one of both out of [{name}]")
    dtype = table.get("dtype", "float64")
    given = dict(_names(table["inputs"]))
    dtypes: dict[str, Any] = dtype if isinstance(dtype, dict) else dict.fromkeys(given, dtype)
    for key, value in dtypes.items():
        _hold_dtype(path, name, given, key, value)
    try:
        inputs = _inputs(table["inputs"], table["exercise"], dtypes, parameters)
        expected: Any = table.get("expected")
        declared = results.get(table["exercise"], {})
        whole = declared.get("", FLOATS).form == "dict"
        if printed is not None:
            expected = tidy(printed)
        elif isinstance(expected, dict) and not whole and declared.get("", FLOATS).form not in _TABLES:
            expected = {key: _result(value, declared.get(key, FLOATS)) for key, value in expected.items()}
        else:
            expected = _result(expected, declared.get("", FLOATS))
        atol = 0.5 * 10.0 ** -table["decimals"] * (1 + 1e-9) if "decimals" in table else None
        share = float(table["share"]) if "share" in table else None
    except (ValueError, TypeError, ZeroDivisionError) as error:
        advice = (
            'write numbers, "a/b" for exact fractions, or lists of them; a string is text where the stub declares `str`, and an '
            'input also where dtype is "str"'
        )
        raise RubricError(path, name, f"not a number: {error}", advice) from None
    return Example(
        name,
        table.get("lecture", ""),
        table.get("slide", ""),
        inputs,
        expected,
        atol,
        table.get("note", ""),
        table["exercise"],
        share,
        whole=whole,
        hidden=hidden,
        printed=printed is not None,
    )


def _names(inputs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The arguments by name, those of what is called before among them."""
    for key, value in inputs.items():
        yield key, value
        if isinstance(value, dict):
            yield from value.items()


def _inputs(
    values: Mapping[str, Any], of: str, dtypes: Mapping[str, Any], parameters: Mapping[str, Mapping[str, Declared]]
) -> dict[str, Any]:
    """The arguments of a function; of a method also those of what is called before it, each in a dict (see `Draft.call`)."""
    taken, found = parameters.get(of, {}), {}
    for key, value in values.items():
        if before := called_before(of, key, value, parameters):
            found[key] = _inputs(value, before, dtypes, parameters)
        else:
            found[key] = _input(value, dtypes.get(key, "float64"), taken.get(key, FLOATS))
    return found


def _hold_dtype(path: Path, name: str, inputs: Mapping[str, Any], parameter: str, dtype: Any) -> None:
    if parameter not in inputs:
        raise RubricError(path, name, f"dtype.{parameter} names none of its inputs", f"the inputs are {', '.join(inputs)}")
    try:
        np.dtype(dtype)
    except TypeError:
        raise RubricError(path, name, f"dtype is {dtype!r}, which numpy does not know", 'write one like "int64"') from None


def _result(value: Any, declared: Declared) -> Any:
    """An expected result as its function declares it: 1000 is a float where floats are returned."""
    if declared.form in _TABLES and isinstance(value, dict):
        return encode_table(_table(value, declared.form))
    if (dated := _dated(value, declared)) is not None:
        return dated
    if declared.form == "dict" and isinstance(value, dict):
        of_values = declared.items[0] if declared.items else msgspec.structs.replace(declared, form="array")
        return {_key(key, declared.keys): _result(item, of_values) for key, item in value.items()}
    if declared.form == "set" and isinstance(value, list):
        of_items = msgspec.structs.replace(declared, form="array")
        return {_hashable(item, of_items) for item in value}
    if declared.kind == "text":
        return _text(value, declared)
    number = _number(value, "float64")
    if declared.form == "list" and isinstance(number, np.ndarray) and number.ndim == 1:
        return number.tolist() if declared.kind == "float" else _fractions(value)
    if isinstance(number, list):
        return [_result(item, declared) for item in value]
    if declared.kind == "exact":
        return np.array(_fractions(value)) if isinstance(number, np.ndarray) else number
    return float(number) if type(number) is int else number


def _dated(value: Any, declared: Declared) -> Any:
    """A date, a time, or a list of dates: an array, unless a list is declared; None for anything else."""
    if isinstance(value, date | time):
        return value
    if not isinstance(value, list) or not value or not all(isinstance(item, date | time) for item in value):
        return None
    zoned = any(isinstance(item, time) or (isinstance(item, datetime) and item.tzinfo is not None) for item in value)
    return value if zoned or declared.form == "list" else np.array(value, dtype="datetime64")


def _table(value: dict[str, Any], form: Form) -> Any:
    """A DataFrame of these columns, or a Series of the only one; the key "" has the labels of the rows."""
    import pandas as pd

    columns = {key: pd.to_datetime(cells) if _dated(cells, FLOATS) is not None else cells for key, cells in value.items()}
    index = columns.pop("", None)
    frame = pd.DataFrame(columns, index=index if isinstance(index, pd.Index) else pd.Index(index) if index is not None else None)
    return frame if form == "frame" else frame.iloc[:, 0]


def _input(value: Any, dtype: str, declared: Declared) -> Any:
    """An argument as its function declares it, or as its dtype says."""
    if declared.form in _TABLES and isinstance(value, dict):
        return _table(value, declared.form)
    if (dated := _dated(value, declared)) is not None:
        return dated
    if isinstance(value, dict) or (declared.form == "set" and isinstance(value, list)):
        return _result(value, declared if declared.form != "array" else msgspec.structs.replace(declared, form="dict"))
    if np.dtype(dtype).kind == "U":
        return _text(value, FLOATS)
    if declared.kind == "text":
        return _text(value, declared)
    number = _number(value, dtype)
    if declared.form == "list" and isinstance(number, np.ndarray) and number.ndim == 1 and dtype == "float64":
        return number.tolist() if declared.kind == "float" else _fractions(value)
    return number


def _text(value: Any, declared: Declared) -> Any:
    """A string as it stands; a list of them is an array, unless a list is declared."""
    words = list(_leaves(value))
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"{next(word for word in words if not isinstance(word, str))!r} is not a string, and text is declared")
    return np.array(value) if isinstance(value, list) and value and declared.form == "array" else value


def _leaves(value: Any) -> Iterator[Any]:
    for item in value if isinstance(value, list) else [value]:
        yield from _leaves(item) if isinstance(item, list) else [item]


def _key(key: str, kind: Kind | None) -> Any:
    """A key of a dict: text where that is declared or nothing else can be meant, else what Python reads: 1, (0, 1), None."""
    if kind == "text":
        return key
    try:
        read = literal(key)
        hash(read)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return key
    return read


def _hashable(value: Any, declared: Declared) -> Any:
    """An item of a set: a list is a tuple."""
    return tuple(_hashable(item, declared) for item in value) if isinstance(value, list) else _result(value, declared)


def _number(value: Any, dtype: str) -> Any:
    """A value of `examples.toml`: lists are arrays (ragged ones lists of arrays), "3/128" is a fraction, "same" a string."""
    if not isinstance(value, list):
        return _fractions(value)
    if dtype == "float64" and {type(item) for item in _leaves(value)} == {bool}:
        dtype = "bool"  # true and false are not numbers
    try:
        return np.array(_fractions(value), dtype=np.dtype(dtype))
    except ValueError:
        if not all(isinstance(item, list) for item in value):
            raise
        return [_number(item, dtype) for item in value]


def _fractions(value: Any) -> Any:
    if isinstance(value, list):
        return [_fractions(item) for item in value]
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        from fractions import Fraction  # few assignments need it, and it would slow down every `grader check`

        return float(Fraction(value))
    return value
