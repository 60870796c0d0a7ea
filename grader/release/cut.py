"""Cutting the rubric for students: they get no function that computes an answer.

Left out are the functions that explain a worked example (what they say travels as data), the items of what a person decides, functions
that the author marks `@hidden`, everything that needs one of these, and what nothing needs then. A property whose law is left out waits for
submission.
"""

import ast
import dis
import re
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import msgspec

from grader.course.source import parse_python
from grader.errors import RubricError

EXPLAINED = {"examples": 0, "example": 1}  # the place of `explain` among the arguments
ITEMS = {"manual": 2}  # the place of `items`, which say what earns points
SECTION = "# ---"


class _Statement(msgspec.Struct, frozen=True):
    """A statement of the module, the names that it binds and those that it needs."""

    node: ast.stmt
    binds: frozenset[str]
    needs: frozenset[str]

    @property
    def stays(self) -> bool:
        """Whether it is there for itself: an exercise, a policy, whatever defines nothing."""
        called = self.node.value if isinstance(self.node, ast.Assign) else None
        return not self.binds or _is_call(called, "policy") or _decorated(self.node, "exercise")


class _Lines:
    """A text by the lines and columns of its syntax tree, and what is cut out of it."""

    def __init__(self, text: str) -> None:
        self.lines = text.encode().splitlines(keepends=True)
        self._starts = [0]
        for line in self.lines:
            self._starts.append(self._starts[-1] + len(line))
        self._cuts: list[tuple[int, int, str]] = []

    def cut(self, start: tuple[int, int], end: tuple[int, int], instead: str = "") -> None:
        """Cut from one (line, column) to another."""
        first, last = (self._starts[min(line - 1, len(self.lines))] + column for line, column in (start, end))
        self._cuts.append((first, last, instead))

    def left(self) -> str:
        """The text that is left."""
        data, parts, place = b"".join(self.lines), [], 0
        for first, last, instead in sorted(self._cuts):
            parts += [data[place : max(first, place)], instead.encode()]
            place = max(place, last)
        text = b"".join([*parts, data[place:]]).decode()
        text = re.sub(rf"^{SECTION}.*\n\n+(?={SECTION})", "", text, flags=re.MULTILINE)  # headings of nothing
        return re.sub(r"\n{4,}", "\n\n\n", text).rstrip("\n") + "\n"


def public_rubric(source: str, path: Path) -> str:
    """The text of `checks.py` as students get it.

    Raises:
        RubricError: something hidden is needed, other than as a law.
    """
    tree, lines = parse_python(source, path), _Lines(source)
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    found = [_Statement(node, _bound(node), _needed(node)) for node in tree.body if node not in imports]
    hidden = {name for item in found if _decorated(item.node, "hidden") for name in item.binds}
    hidden |= {_name(name) for node in imports if (node.module or "").partition(".")[0] == "reference" for name in node.names}
    while more := {name for item in found if not item.stays and item.needs & hidden for name in item.binds} - hidden:
        hidden |= more
    waiting = set[str]()
    for item in found:
        if item.stays:
            _cut_arguments(item.node, hidden, lines)
            waiting |= (needs := _needed(item.node))
            if needs & hidden:
                problem = f"line {item.node.lineno} needs {min(needs & hidden)}, which students do not get"
                raise RubricError(path, getattr(item.node, "name", ""), problem, "hide laws, and draw cases without them")
    used, defined = set[str](), {name: item.needs for item in found for name in item.binds}
    while waiting:
        used.add(name := waiting.pop())
        waiting |= defined.get(name, frozenset()) - used
    for item in found:
        if not item.stays and not item.binds & used:
            lines.cut((_first_line(item.node, lines), 0), ((item.node.end_lineno or 0) + 1, 0))
    for node in imports:
        names = [name for name in node.names if _name(name) in used or node.module == "__future__"]
        if len(names) < len(node.names):
            short = f"from {node.module} import {', '.join(map(ast.unparse, names))}\n" if names else ""
            lines.cut((node.lineno, 0), ((node.end_lineno or 0) + 1, 0), short)
    return lines.left()


def hidden_laws(source: str, path: Path) -> Iterator[str]:
    """The names of the laws that are hidden altogether."""
    for call in ast.walk(parse_python(source, path)):
        if isinstance(call, ast.Call) and _is_kept_back(call) and isinstance(name := _argument(call, "name", 0), ast.Constant):
            yield str(name.value)


def _is_kept_back(call: ast.Call) -> bool:
    """Whether a call makes a law of which students get nothing."""
    is_hidden = any(item.arg == "hidden" and getattr(item.value, "value", None) is True for item in call.keywords)
    return _is_call(call, "has_property") and is_hidden


def _argument(call: ast.Call, name: str, place: int) -> ast.expr | None:
    named = next((item.value for item in call.keywords if item.arg == name), None)
    return named or (call.args[place] if len(call.args) > place else None)


def _keep_back(call: ast.Call, lines: _Lines) -> None:
    """Leave nothing of a hidden law but its share, in the text and in the tree."""
    call.args = [ast.copy_location(ast.Constant(""), call)]
    call.keywords = [item for item in call.keywords if item.arg in ("hidden", "share")]
    lines.cut(_start(call), _end(call), ast.unparse(call))


def _cut_arguments(statement: ast.stmt, hidden: set[str], lines: _Lines) -> None:
    """Cut explanations and hidden laws out of a statement, from its text and from its tree."""
    for call in ast.walk(statement):
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            continue
        if _is_kept_back(call):
            _keep_back(call, lines)
            continue
        explained, items = EXPLAINED.get(call.func.id, 99), ITEMS.get(call.func.id)
        given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        for place, item in enumerate(given):
            name = item.arg if isinstance(item, ast.keyword) else ""
            value = item.value if isinstance(item, ast.keyword) else item
            is_explained = name == "explain" or (name == "" and place == explained)
            is_items = items is not None and (name == "items" or (name == "" and place == items))
            if not (is_explained or is_items or (name == "law" and _needed(value) & hidden)):
                continue
            if place + 1 < len(given):
                lines.cut(_start(item), _start(given[place + 1]))
            else:
                lines.cut(_end(given[place - 1]) if place else _start(item), _end(item))
            call.args = [other for other in call.args if other is not item]
            call.keywords = [other for other in call.keywords if other is not item]


def _start(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _end(node: ast.expr | ast.keyword) -> tuple[int, int]:
    return node.end_lineno or 0, node.end_col_offset or 0


def _first_line(node: ast.stmt, lines: _Lines) -> int:
    """The first line of a statement with its decorators and the comments right above it."""
    first: int = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))])
    while first > 1 and lines.lines[first - 2].startswith(b"#") and not lines.lines[first - 2].startswith(SECTION.encode()):
        first -= 1
    return first


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return frozenset({node.name})
    if isinstance(node, ast.Import):
        return frozenset(_name(name) for name in node.names)
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return frozenset(item.id for target in targets for item in ast.walk(target) if isinstance(item, ast.Name))


def _name(name: ast.alias) -> str:
    """The name that an import binds."""
    return name.asname or name.name.partition(".")[0]


def _needed(node: ast.stmt | ast.expr) -> frozenset[str]:
    """The names of the module that some code needs; Python's own compiler says which are its local ones."""
    module = ast.Module([node if isinstance(node, ast.stmt) else ast.copy_location(ast.Expr(node), node)], [])
    return frozenset(_loaded(compile(module, "checks.py", "exec")))


def _loaded(code: CodeType) -> Iterator[str]:
    yield from (str(item.argval) for item in dis.get_instructions(code) if item.opname in ("LOAD_GLOBAL", "LOAD_NAME"))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _loaded(constant)


def _decorated(node: ast.stmt, name: str) -> bool:
    return any(_is_call(item, name) or getattr(item, "id", "") == name for item in getattr(node, "decorator_list", []))


def _is_call(node: ast.expr | None, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
