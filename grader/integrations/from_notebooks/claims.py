"""The forms in which tests are written: `assert f(x) == value`, numpy's and unittest's functions, `pytest.raises`, outputs."""

import ast
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np

from grader.integrations.from_notebooks.literals import name_of
from grader.text.syntax import parse

PRINTED = 8  # decimals of an array that numpy prints: there may be more
PLACES = 7  # decimals of assertAlmostEqual
_EQUAL = (
    "assert_equal",
    "assert_array_equal",
    "assertEqual",
    "assertListEqual",
    "assertDictEqual",
    "assertSetEqual",
    "assertTupleEqual",
)
_ALMOST = ("assert_almost_equal", "assert_array_almost_equal", "assertAlmostEqual", "assert_approx_equal")
_CLOSE = ("assert_allclose", "allclose", "isclose")
_RAISES = ("raises", "assert_raises", "assertRaises")


class Claim(msgspec.Struct, frozen=True):
    """That `about` is `expected`: an expression, or a value that the test's form says; `atol` is its absolute tolerance, likewise.

    Attributes:
        array: whether a list is as good as an array there.
    """

    about: ast.expr
    expected: Any
    atol: Any = None
    array: bool = False


class Raised(msgspec.Struct, frozen=True):
    """That a call raises."""

    call: ast.expr
    exception: str


def claims(node: ast.stmt, shown: str = "") -> Iterator[Claim]:
    """What a statement claims.

    Args:
        shown: the output that the notebook has of the statement ("": none).
    """
    match node:
        case ast.Assert(test):
            yield from _true(test)
        case ast.Expr(ast.Call() as call) if _short_name(call) in (*_EQUAL, *_ALMOST, "assert_allclose"):
            yield from _function(call)
        case ast.Expr(ast.Call(args=[test, *_]) as call) if _short_name(call) in ("assert_true", "assertTrue", "assert_", "ok_"):
            yield from _true(test)
        case ast.Expr(ast.Call(args=[test, *_]) as call) if _short_name(call) in ("assert_false", "assertFalse"):
            yield Claim(test, False)
        case ast.Expr(value) if shown == "True":
            yield from _true(value)
        case ast.Expr(value) if shown:
            yield from _output(value, shown)


def refusal(node: ast.stmt) -> Raised | None:
    """The call that a statement wants to raise."""
    match node:
        case ast.With([ast.withitem(ast.Call(args=[kind, *_]) as manager)], [ast.Expr(call)]) if _short_name(manager) in _RAISES:
            return Raised(call, name_of(kind).rpartition(".")[2])
        case ast.With([ast.withitem(ast.Call(args=[kind, *_]) as manager)], [ast.Assign(value=call)]) if (
            _short_name(manager) in _RAISES
        ):
            return Raised(call, name_of(kind).rpartition(".")[2])
        case ast.Expr(ast.Call(args=[kind, function, *args], keywords=keywords) as call) if _short_name(call) in _RAISES:
            return Raised(ast.Call(function, args, keywords), name_of(kind).rpartition(".")[2])
        case ast.Try(
            body=[ast.Expr(call), *rest], handlers=[ast.ExceptHandler(type=kind, body=[ast.Pass()])], orelse=other, finalbody=[]
        ) if kind is not None and _fails([*rest, *other]):
            return Raised(call, name_of(kind).rpartition(".")[2])
    return None


def _fails(body: list[ast.stmt]) -> bool:
    """Whether statements only say that nothing was raised."""
    return bool(body) and all(
        isinstance(node, ast.Raise) or (isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant)) for node in body
    )


def _true(test: ast.expr) -> Iterator[Claim]:
    """What makes a test true."""
    match test:
        case ast.BoolOp(ast.And(), parts):
            for part in parts:
                yield from _true(part)
        case ast.UnaryOp(ast.Not(), inner):
            yield Claim(inner, False)
        case ast.Compare(left, [ast.Eq() | ast.Is()], [right]):
            yield _either(left, right)
        case ast.Compare(ast.Call(args=[ast.BinOp(left, ast.Sub(), right)]) as call, [ast.Lt() | ast.LtE()], [bound]) if (
            _short_name(call) in ("abs", "absolute", "norm", "fabs")
        ):
            yield _either(left, right, bound)
        case ast.Call(ast.Attribute(ast.Compare() as inner, "all"), []):
            yield from _true(inner)
        case ast.Call(args=[ast.Compare() as inner]) as call if _short_name(call) == "all":
            yield from _true(inner)
        case ast.Call(args=[inner]) as call if _short_name(call) == "all" and isinstance(inner, ast.Call):
            yield from _true(inner)
        case ast.Call(args=[left, right, *_]) as call if _short_name(call) in ("array_equal", "array_equiv"):
            yield _either(left, right, array=True)
        case ast.Call(args=[_left, _right, *_]) as call if _short_name(call) in _CLOSE:
            yield from _function(call)
        case ast.Call(ast.Attribute(ast.Call() as inner, "all"), []):
            yield from _true(inner)
        case _:
            yield Claim(test, True)


def _function(call: ast.Call) -> Iterator[Claim]:
    """A function that compares its first two arguments."""
    if len(call.args) < 2:
        return
    name, (left, right, *more) = _short_name(call), call.args
    given = {item.arg: item.value for item in call.keywords}
    if name in _EQUAL:
        yield _either(left, right, array="array" in name)
    elif name in _ALMOST:
        places = given.get("decimal", given.get("places", more[0] if more else None))
        digits = places.value if isinstance(places, ast.Constant) and isinstance(places.value, int) else PLACES
        yield _either(left, right, 1.5 * 10.0**-digits, array=True)
    else:
        yield _either(left, right, given.get("atol", given.get("abs_tol")), array=True)


def _output(value: ast.expr, shown: str) -> Iterator[Claim]:
    """An expression with the output that stands below it."""
    try:
        tree = parse(shown.strip(), mode="eval").body
    except SyntaxError:
        return
    digits = max((len(part) for part in re.findall(r"\.(\d+)", shown)), default=0)
    yield Claim(value, tree, 0.6 * 10.0**-digits if "array" in shown and digits >= PRINTED else None)


def _either(left: ast.expr, right: ast.expr, atol: Any = None, array: bool = False) -> Claim:
    """Which of two sides is the call: the one that is not written out."""
    written = [
        not any(isinstance(node, ast.Call | ast.Name | ast.Attribute) for node in ast.walk(side)) for side in (left, right)
    ]
    if written[0] and not written[1]:
        return Claim(right, left, atol, array)
    if not any(written) and _makes_an_array(left):
        return Claim(right, left, atol, array)
    return Claim(left, right, atol, array)


def _makes_an_array(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and name_of(node.func).partition(".")[0] in ("np", "numpy")


def _short_name(call: ast.Call) -> str:
    """The last part of a function's name, whatever module it is called from."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else name_of(call.func)


def same(values: list[Any]) -> bool:
    """Whether items go together in a list of TOML that is read as an array or a list: all numbers, all texts, all lists."""
    kinds = {
        "number" if isinstance(item, int | float | np.number) and not isinstance(item, bool) else type(item).__name__
        for item in values
    }
    return len(kinds) <= 1
