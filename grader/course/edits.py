"""Edits of a solution: in a function or a method, a constant, an attribute of a class, or an import, by the name that it defines.

conv2d = "stride * i → i"          what stands before the arrow stands once in it
conv2d = "return {}[:-1]"          in place of its last `return`
EPS = "1e-8 → 1e-2"
"""

import ast
import difflib
import functools
import textwrap
from collections.abc import Mapping, Sequence

from grader.course.stub import bound, start_of
from grader.text.syntax import parse

ARROW = " →"
Edits = Mapping[str, tuple[str, ...]]  # by the edited function or method


class EditError(Exception):
    """An edit that cannot be made."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


def edited(source: str, edits: Edits) -> str:
    """`source` with edits made in its functions and methods; `EditError` where one does not fit."""
    for place, made in edits.items():
        for edit in made:
            source = _edit(source, place, edit)
    return source


def _edit(source: str, place: str, edit: str) -> str:
    node = place_in(source, place)
    lines = source.split("\n")
    if not isinstance(node, ast.FunctionDef):
        return _edit_statement(lines, node, place, edit)
    documented = ast.get_docstring(node) is not None and len(node.body) > 1
    first = node.body[1 if documented else 0].lineno - 1
    while documented and lines[first - 1].strip().startswith("#"):
        first -= 1
    body = "\n".join(lines[first : node.end_lineno])
    if ARROW in edit:
        before, _, after = edit.partition(ARROW)
        after = after.removeprefix(" ")
        if body.count(before) != 1:
            raise EditError(f"`{before}` occurs {body.count(before)} times, not once", _nearest(before, body, place))
        body = body.replace(before, after)
    elif edit.startswith("return "):
        body = _with_return(source, node, first, edit)
    else:
        body = textwrap.indent(textwrap.dedent(edit.strip("\n")), " " * (node.col_offset + 4))
    _hold_python("\n".join([*lines[node.lineno - 1 : first], body]), node, edit)
    return "\n".join([*lines[:first], body, *lines[node.end_lineno :]])


def _edit_statement(lines: list[str], node: ast.stmt, place: str, edit: str) -> str:
    """The text with an edit made in an import, in a constant, or in a class or its head."""
    first, last = start_of(node) - 1, node.end_lineno or node.lineno
    whole = "\n".join(lines[first:last])
    if ARROW in edit:
        before, _, after = edit.partition(ARROW)
        after = after.removeprefix(" ")
        if whole.count(before) != 1:
            problem, advice = f"`{before}` occurs {whole.count(before)} times, not once", _nearest(before, whole, place)
            if isinstance(node, ast.ClassDef):
                methods = "/".join(item.name for item in node.body if isinstance(item, ast.FunctionDef))
                problem, advice = f"{place} is a class, and {problem}", f"name the method: {place}.{methods}"
            raise EditError(problem, advice)
        whole = whole.replace(before, after)
    elif edit.startswith("return "):
        raise EditError(f"{place} is not a function", "write `before → after`")
    else:
        whole = textwrap.indent(textwrap.dedent(edit.strip("\n")), " " * node.col_offset)
    _hold_python(whole, node, edit)
    return "\n".join([*lines[:first], *whole.split("\n"), *lines[last:]])


def _hold_python(changed: str, node: ast.stmt, edit: str) -> None:
    """Raise if a changed statement is not Python; the file around it, which was before, need not be parsed for that."""
    try:
        indent = " " * node.col_offset
        parse(f"if True:\n{changed}\n{indent}pass" if indent else changed)
    except SyntaxError as error:
        raise EditError(f"after `{edit}` it is no longer Python: {error.msg}", "look at what is after the arrow") from None


def place_in(source: str, place: str) -> ast.stmt:
    """The function, method, class, constant or import called `place`: `f`, `Layer.rate`, `EPS`, `partial`."""
    named, found = _named(source), None
    for part in place.split("."):
        if part not in named:
            raise EditError(f"there is no {place}", f"there are {', '.join(named)}")
        found = named[part]
        named = _bound_in(found.body) if isinstance(found, ast.ClassDef) else {}
    assert found is not None
    return found


@functools.lru_cache(maxsize=2)
def _named(source: str) -> dict[str, ast.stmt]:
    """The statements of a text by the names that they bind, only to be read: a solution is edited once for each of its misconceptions."""
    return _bound_in(parse(source).body)


def _bound_in(body: list[ast.stmt]) -> dict[str, ast.stmt]:
    return {name: item for item in body for name in bound(item)}


def _with_return(source: str, node: ast.FunctionDef, first: int, edit: str) -> str:
    """The body with the last `return`'s expression replaced."""
    found = [item for item in ast.walk(node) if isinstance(item, ast.Return) and item.value is not None]
    if not found:
        raise EditError("it has no `return` to replace", "write `before → after`")
    last = max(found, key=lambda item: item.lineno)
    lines = source.split("\n")
    right = _text_of(last.value, lines) if last.value is not None and "{}" in edit else ""
    new = textwrap.indent(edit.replace("{}", f"({right})"), " " * last.col_offset)
    return "\n".join([*lines[first : last.lineno - 1], new, *lines[last.end_lineno : node.end_lineno]])


def _text_of(node: ast.expr, lines: Sequence[str]) -> str:
    """What stands at an expression's place; `ast.get_source_segment` cuts the whole text into lines anew each time, by the character."""
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
    rows = [line.encode() for line in lines[first : last + 1]]  # places are counted in bytes
    rows[-1] = rows[-1][: node.end_col_offset]
    rows[0] = rows[0][node.col_offset :]
    return b"\n".join(rows).decode()


def _nearest(before: str, body: str, place: str) -> str:
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    near = difflib.get_close_matches(before.strip(), lines, 1, 0.3)
    return f"{place} says now: {near[0]}" if near else f"look at {place}"
