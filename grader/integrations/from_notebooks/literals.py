"""Values that are written out in a test: evaluated from the syntax tree by a short list of what may stand in it, and by nothing else."""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

MOST = 5_000  # numbers of a value: an example is read by people
LARGEST = 10**15
_NAMES: Mapping[str, Any] = {
    **{f"{module}.{name}": getattr(math, name) for module in ("np", "numpy", "math") for name in ("pi", "e", "inf", "nan")},
    "array.inf": math.inf,
    "inf": math.inf,
    "nan": math.nan,
}
_DTYPES: Mapping[str, Any] = {"int": int, "float": float, "bool": bool} | {
    f"{module}.{name}": getattr(np, name)
    for module in ("np", "numpy")
    for name in ("float64", "float32", "int64", "int32", "uint8", "bool_")
}
_BINARY: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_SHAPED = {"zeros": np.zeros, "ones": np.ones, "empty": np.zeros}


class NoLiteralError(ValueError):
    """Something that only running it would tell."""


def value_of(node: ast.expr, known: Mapping[str, Any]) -> Any:
    """The value that `node` writes out, where names stand for the values in `known`.

    Raises:
        NoLiteralError: it is not written out, or has more than `MOST` numbers.
    """
    try:
        found = _value(node, known)
    except NoLiteralError:
        raise
    except Exception as error:  # shapes that do not fit, a division by zero: as little a value
        raise NoLiteralError(str(error)) from error
    if _size(found) > MOST:
        raise NoLiteralError("more numbers than an example has")
    return found


def name_of(node: ast.expr) -> str:
    """A dotted name; "" for anything else."""
    if isinstance(node, ast.Attribute):
        before = name_of(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value) if isinstance(value, bool | int | float | str) or value is None:
            return value
        case ast.Name(name) if name in known:
            return known[name]
        case ast.Name() | ast.Attribute() if name_of(node) in _NAMES:
            return _NAMES[name_of(node)]
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, known)
        case ast.UnaryOp(ast.UAdd(), operand):
            return +_value(operand, known)
        case ast.List(items):
            return [_value(item, known) for item in items]
        case ast.Tuple(items):
            return tuple(_value(item, known) for item in items)
        case ast.Set(items):
            return {_value(item, known) for item in items}
        case ast.Dict(keys, values):
            return {_key(key, known): _value(value, known) for key, value in zip(keys, values, strict=True)}
        case ast.BinOp(left, op, right) if type(op) in _BINARY:
            return _computed(type(op), _value(left, known), _value(right, known))
        case ast.Attribute(inner, "T"):
            return np.asarray(_value(inner, known)).T
        case ast.Call():
            return _made(node, known)
    raise NoLiteralError(ast.unparse(node))


def _key(key: ast.expr | None, known: Mapping[str, Any]) -> Any:
    if key is None:
        raise NoLiteralError("**")
    return _value(key, known)


def _computed(op: type[ast.operator], left: Any, right: Any) -> Any:
    """An operation whose result is not large: numbers, and arrays with them; a list or text several times."""
    if (
        any(isinstance(side, int | float) and abs(side) > LARGEST for side in (left, right))
        or _size(left) * _size(right) > MOST**2
    ):
        raise NoLiteralError("large numbers")
    if op is ast.Pow and not (isinstance(right, int | float) and abs(right) <= 300):
        raise NoLiteralError("a large power")
    if op is ast.Mult and any(isinstance(side, str | list | tuple) for side in (left, right)):
        count = left if isinstance(left, int) else right
        if not isinstance(count, int) or count * max(_size(left), _size(right)) > MOST:
            raise NoLiteralError("a long repetition")
    return _BINARY[op](left, right)


def _made(node: ast.Call, known: Mapping[str, Any]) -> Any:
    """What a call of numpy that only writes an array down gives."""
    name, arguments = name_of(node.func), [_value(item, known) for item in node.args]
    kind = next((_dtype(item.value) for item in node.keywords if item.arg == "dtype"), None)
    if any(item.arg != "dtype" for item in node.keywords):
        raise NoLiteralError(ast.unparse(node))
    module, _, short = name.rpartition(".")
    if name in ("array", "float", "int", "list", "tuple", "set") or module in ("np", "numpy"):
        match short, arguments:
            case ("array" | "asarray", [value]):
                return np.array(value, dtype=kind)
            case ("zeros" | "ones" | "empty", [shape]) if np.prod(shape) <= MOST:
                return _SHAPED[short](shape, dtype=kind or float)
            case ("full", [shape, value]) if np.prod(shape) <= MOST:
                return np.full(shape, value, dtype=kind)
            case ("eye" | "identity", [count]) if count**2 <= MOST:
                return np.eye(count, dtype=kind or float)
            case ("arange", [*bounds]) if len(range(*map(int, bounds))) <= MOST:
                return np.arange(*bounds, dtype=kind)
            case ("linspace", [first, last, count]) if count <= MOST:
                return np.linspace(first, last, count)
            case ("float", [value]):
                return float(value)
            case ("int", [value]):
                return int(value)
            case ("list" | "tuple" | "set", [value]) if short == name:
                return {"list": list, "tuple": tuple, "set": set}[short](value)
            case ("set", []):
                return set()
            case ("float64" | "float32" | "int64" | "int32" | "bool_", [value]):
                return getattr(np, short)(value).item()
    if isinstance(node.func, ast.Attribute) and node.func.attr in ("reshape", "astype", "copy", "tolist"):
        return _method(node.func, node.args, known)
    raise NoLiteralError(ast.unparse(node))


def _method(found: ast.Attribute, arguments: list[ast.expr], known: Mapping[str, Any]) -> Any:
    array = np.asarray(_value(found.value, known))
    match found.attr:
        case "reshape":
            return array.reshape(*(_value(item, known) for item in arguments))
        case "astype":
            return array.astype(_dtype(arguments[0]))
        case "copy":
            return array.copy()
        case _:
            return array.tolist()


def _dtype(node: ast.expr) -> Any:
    name = str(node.value) if isinstance(node, ast.Constant) else name_of(node)
    if name in _DTYPES:
        return _DTYPES[name]
    if isinstance(node, ast.Constant):
        return np.dtype(name)
    raise NoLiteralError(ast.unparse(node))


def _size(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return int(value.size)
    if isinstance(value, dict):
        return sum(map(_size, value.values())) + len(value)
    if isinstance(value, list | tuple | set):
        return sum(map(_size, value)) + 1
    return len(value) if isinstance(value, str) else 1


def names_bound(target: ast.expr) -> list[str]:
    """The names that an assignment gives a value."""
    return [inner.id for inner in ast.walk(target) if isinstance(inner, ast.Name)]


def short_text(node: ast.AST) -> str:
    """Code on one line, cut where it is long."""
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 70 else text[:69] + "…"
