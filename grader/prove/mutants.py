"""Mutants: the reference with one small mistake each, to find out what a rubric does not detect.

A rubric that accepts a mutant of its own reference would accept the same slip of a student. The mistakes are typing errors: another
operator, a constant or an axis off by one, a sign, a bound, a function confused with a similar one, a step left out.
"""

import ast
import copy
from collections.abc import Iterator
from typing import Any

import msgspec

from grader.text.syntax import parse

_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
}
_COMPARISON: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    *(("sum", "mean"), ("max", "min"), ("maximum", "minimum"), ("floor", "ceil"), ("zeros", "ones"), ("any", "all")),
    *(("zeros_like", "ones_like"), ("exp", "expm1"), ("log", "log1p"), ("var", "std")),
)
_NEIGHBOURS = {
    **{one: other for pair in _PAIRS for one, other in (pair, pair[::-1])},
    "argmax": "argmin",
    "tanh": "sin",
}
_LEFT_OUT = {"abs", "sqrt", "square", "clip", "copy", "flip"}  # calls that are replaced by their first argument
_TYPED = ("annotation", "returns", "type_params", "decorator_list")
Site = tuple[ast.AST, str, int | None, ast.AST]  # parent, field, place in a list of nodes, node


class Mutant(msgspec.Struct, frozen=True):
    """The reference with one mistake.

    Attributes:
        unit: the top-level function or class that has it ("" for a constant of the module).
        before, after: the statement without and with it.
        source: the whole module with it.
    """

    unit: str
    before: str
    after: str
    source: str

    @property
    def text(self) -> str:
        """Where and what was changed, for people."""
        return f"{self.unit or 'module'}: `{self.before}` → `{self.after}`"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module; messages of exceptions, annotations and docstrings are not changed."""
    tree = parse(source)
    _strip_docstrings(tree)
    texts = [ast.unparse(statement) for statement in tree.body]
    for number, statement in enumerate(tree.body):
        if isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        unit = getattr(statement, "name", "")
        seen: set[tuple[str, str]] = set()
        for inner, site in _sites(statement, statement):
            for replacement in _replacements(*site):
                before = _shown(inner)
                _put(site, replacement)
                after = _shown(replacement if inner is site[3] and isinstance(replacement, ast.stmt) else inner)
                if before != after and (before, after) not in seen:
                    seen.add((before, after))
                    yield Mutant(
                        unit, before, after, "\n\n".join([*texts[:number], ast.unparse(statement), *texts[number + 1 :]])
                    )
                _put(site, site[3])


def _strip_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]


def _sites(node: ast.AST, statement: ast.stmt) -> Iterator[tuple[ast.stmt, Site]]:
    """Every node below `node`, with the innermost statement that contains it."""
    for field, value in ast.iter_fields(node):
        if field in _TYPED:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if not isinstance(child, ast.AST):
                continue
            inner = child if isinstance(child, ast.stmt) else statement
            yield inner, (node, field, place, child)
            if not isinstance(child, ast.Raise | ast.JoinedStr):
                yield from _sites(child, inner)


def _put(site: Site, node: ast.AST) -> None:
    parent, field, place, _ = site
    if place is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[place] = node


def _replacements(parent: ast.AST, field: str, place: int | None, node: ast.AST) -> Iterator[ast.AST]:
    """What may be written instead of a node by mistake."""
    match node:
        case ast.BinOp(left, op, right):
            if type(op) in _ARITHMETIC:
                yield _with(node, op=_ARITHMETIC[type(op)]())
            if isinstance(op, ast.FloorDiv):
                yield ast.UnaryOp(ast.USub(), ast.BinOp(ast.UnaryOp(ast.USub(), left), op, right))  # rounded up
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield operand
        case ast.BoolOp(op, _):
            yield _with(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.Compare(_, [op], _):
            yield from (_with(node, ops=[other()]) for other in _COMPARISON.get(type(op), ()))
        case ast.Constant(value):
            yield from (ast.Constant(other) for other in _constants(value))
        case ast.Attribute(value, name, _) if name in _NEIGHBOURS:
            yield _with(node, attr=_NEIGHBOURS[name])
        case ast.Attribute(value, "T", _):
            yield value
        case ast.Name(name, ctx) if name in ("max", "min", "any", "all") and isinstance(parent, ast.Call) and field == "func":
            yield ast.Name(_NEIGHBOURS[name], ctx)
        case ast.Call(ast.Attribute(value, name, _), arguments, _) if name in _LEFT_OUT:
            yield arguments[0] if arguments and isinstance(value, ast.Name) and value.id == "np" else value
        case ast.Call(ast.Name("range"), [stop], _):
            yield ast.Call(ast.Name("range"), [ast.Constant(1), stop], [])
            yield ast.Call(ast.Name("range"), [ast.BinOp(stop, ast.Sub(), ast.Constant(1))], [])
        case ast.Slice(lower, upper, step):
            yield from _slices(lower, upper, step)
        case ast.AugAssign(target, op, value):
            yield ast.Assign([target], value, lineno=node.lineno)
            if type(op) in _ARITHMETIC:
                yield _with(node, op=_ARITHMETIC[type(op)]())
        case ast.If():
            yield _with(node, test=ast.Constant(False))
        case ast.IfExp(_, body, other):
            yield from (body, other)
        case ast.Expr(ast.Call()):
            yield ast.Pass()
        case ast.Raise(ast.Call(ast.Name(name, ctx), arguments, keywords), _):
            wrong = ast.Name("RuntimeError" if name != "RuntimeError" else "ValueError", ctx)
            yield ast.Raise(ast.Call(wrong, arguments, keywords))


def _slices(lower: ast.expr | None, upper: ast.expr | None, step: ast.expr | None) -> Iterator[ast.AST]:
    """A slice whose start or end is off by one, or without its step."""
    one = ast.Constant(1)
    if not isinstance(lower, ast.Constant | ast.UnaryOp):
        yield ast.Slice(ast.BinOp(lower, ast.Add(), one) if lower else one, upper, step)
    if not isinstance(upper, ast.Constant | ast.UnaryOp) and (lower or upper or not step):
        yield ast.Slice(lower, ast.BinOp(upper, ast.Sub(), one) if upper else ast.UnaryOp(ast.USub(), one), step)
    if step is not None:
        yield ast.Slice(lower, upper, None)


def _constants(value: Any) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, value - 1)
        case float():
            yield value * 2 if value else 1.0


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _shown(statement: ast.stmt) -> str:
    """A statement in one line; only the head of a compound one."""
    text = ast.unparse(ast.fix_missing_locations(statement))
    return text.partition("\n")[0] if hasattr(statement, "body") else " ".join(text.split())
