"""A solution that stubs can be cut from: the notebook's code with the markers in the functions' bodies."""

import ast
import re
from collections.abc import Iterable, Iterator

import msgspec

from grader.course.stub import BEGIN, END
from grader.integrations.from_notebooks.parts import Left, SourceCell
from grader.text.syntax import parse

_BEGIN = re.compile(r"^\s*#+\s*BEGIN SOLUTION\b.*$", re.I)
_END = re.compile(r"^\s*#+\s*END SOLUTION\b.*$", re.I)
_LINE = re.compile(r"\s*#\s*(?:SOLUTION(?: NO PROMPT)?|SEED)\s*$")
_PROMPT = re.compile(r"^\s*(?P<quotes>\"\"\"|''')\s*#\s*BEGIN PROMPT")
_END_PROMPT = re.compile(r"END PROMPT\s*$")
_MAGIC = re.compile(r"^\s*[%!?]|^\s*\w+\?\s*$")
_OTHER_GRADERS = ("otter", "nbgrader", "client.api", "nose", "pytest", "unittest", "IPython", "gofer", "rubric")


class Marked(msgspec.Struct, frozen=True):
    """The code of a cell without markers, and the lines that students do not get (counted from 1)."""

    lines: list[str]
    hidden: frozenset[int]

    @property
    def text(self) -> str:
        """The code."""
        return "\n".join(self.lines) + "\n"


def unmarked(text: str) -> Marked:
    """The code of a cell, with the lines that its markers hide from students."""
    lines: list[str] = []
    hidden: set[int] = set()
    inside = prompt = False
    for line in text.splitlines():
        if prompt:
            prompt = not _END_PROMPT.search(line)
            continue
        if _PROMPT.match(line):
            prompt = not _END_PROMPT.search(line)
        elif _BEGIN.match(line):
            inside = True
        elif _END.match(line):
            inside = False
        else:
            plain = _LINE.sub("", line)
            lines.append(re.sub(r"\S.*", "pass", plain) if _MAGIC.match(plain) else plain)
            if inside or plain != line:
                hidden.add(len(lines))
    return Marked(lines, frozenset(hidden))


def solution_of(cell: SourceCell, left: list[Left], given: list[str]) -> Iterator[tuple[str, str]]:
    """Each function and class of a cell of solutions: its name, and its text with the markers in it.

    Args:
        given: gets the constants beside them, which functions may use.
    """
    marked = unmarked(cell.text)
    try:
        tree = parse(marked.text)
    except SyntaxError as error:
        left.append(Left(cell.number, error.lineno or 0, f"its code is not Python: {error.msg}; write the solution by hand"))
        return
    outside: dict[bool, list[ast.stmt]] = {True: [], False: []}  # whether students write it
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, _with_markers(node, marked)
        elif not _is_harmless(node):
            asks, text = _asks(node, marked), ast.get_source_segment(marked.text, node) or ast.unparse(node)
            if _is_constant(node):
                given.append(f"{BEGIN}\n{text}\n{END}" if asks else text)
            if asks or not (_is_constant(node) or isinstance(node, ast.Expr)):
                outside[asks].append(node)
    for asks, nodes in outside.items():
        advice = "only functions and classes are graded: make it a function that returns it" if asks else "left out"
        left.extend(_listed(cell, nodes, f"outside of a function; {advice}"))


def _listed(cell: SourceCell, nodes: list[ast.stmt], what: str) -> Iterator[Left]:
    """Statements of a cell as one thing to do."""
    if nodes:
        more = f" and {len(nodes) - 1} more" if nodes[1:] else ""
        yield Left(cell.number, nodes[0].lineno, f"`{ast.unparse(nodes[0]).partition(chr(10))[0][:60]}`{more}: {what}")


def assigned(cell: SourceCell) -> list[ast.Assign]:
    """What a cell of solutions assigns outside of its functions."""
    try:
        return [node for node in parse(unmarked(cell.text).text).body if isinstance(node, ast.Assign)]
    except SyntaxError:
        return []


def _is_constant(node: ast.stmt) -> bool:
    kinds = ast.Constant | ast.List | ast.Dict | ast.Tuple | ast.UnaryOp
    return isinstance(node, ast.Assign) and isinstance(node.value, kinds)


def _asks(node: ast.stmt, marked: Marked) -> bool:
    return any(line in marked.hidden for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))


def _is_harmless(node: ast.stmt) -> bool:
    """Whether nothing is lost without it: an import (collected elsewhere), a text, `pass`, an ellipsis."""
    constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Pass) or constant


def _with_markers(node: ast.FunctionDef | ast.ClassDef, marked: Marked) -> str:
    """The text of a definition, where what is hidden of its functions' bodies, or all of them, stands between the markers."""
    holes: dict[int, int] = {}  # first and last line of each
    for function in [found for found in ast.walk(node) if isinstance(found, ast.FunctionDef)]:
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        if not body or any(function in ast.walk(other) for other in ast.walk(node) if other is not function and _holds(other)):
            continue
        first, last = body[0].lineno, function.end_lineno or body[-1].lineno
        runs = list(_runs(line for line in marked.hidden if first <= line <= last))
        whole = not runs or any(line in marked.hidden for line in range(function.lineno, first))
        holes |= {first: last} if whole or not _parses(node, marked, dict(runs)) else dict(runs)
    return _written(node, marked, holes)


def _holds(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef)


def _runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """First and last of each row of lines that follow each other."""
    begun = before = None
    for line in sorted(lines):
        if before is None or line > before + 1:
            if begun is not None and before is not None:
                yield begun, before
            begun = line
        before = line
    if begun is not None and before is not None:
        yield begun, before


def _parses(node: ast.stmt, marked: Marked, holes: dict[int, int]) -> bool:
    """Whether what students would get is Python."""
    try:
        parse(re.sub(rf"^( *){BEGIN}\n(?:.*\n)*?.*{END}\n", r"\1pass\n", _written(node, marked, holes), flags=re.M))
    except SyntaxError:
        return False
    return True


def _written(node: ast.stmt, marked: Marked, holes: dict[int, int]) -> str:
    lines: list[str] = []
    decorators = [item.lineno for item in getattr(node, "decorator_list", ())]
    for place in range(min([node.lineno, *decorators]), (node.end_lineno or node.lineno) + 1):
        line = marked.lines[place - 1]
        indent = line[: len(line) - len(line.lstrip())]
        if place in holes:
            lines.append(f"{indent}{BEGIN}")
            end = holes[place], indent
        lines.append(line)
        if holes and any(place == last for last in holes.values()):
            lines.append(f"{end[1]}{END}")
    return "\n".join(lines) + "\n"


def given_of(cell: SourceCell, left: list[Left]) -> tuple[list[str], list[str]]:
    """What a cell that students get brings into the module: its imports, and its definitions and constants."""
    imports, rest = imports_of(cell), list[str]()
    marked = unmarked(cell.text)
    try:
        tree = parse(marked.text)
    except SyntaxError as error:
        left.append(Left(cell.number, error.lineno or 0, f"its code is not Python ({error.msg}); left out"))
        return imports, rest
    outside = list[ast.stmt]()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) or _is_constant(node):
            rest.append(ast.get_source_segment(marked.text, node) or ast.unparse(node))
        elif not _is_harmless(node) and not isinstance(node, ast.Expr) and not _is_of_a_grader(node):
            outside.append(node)
    left.extend(_listed(cell, outside, "runs with the notebook only; left out"))
    return imports, rest


def imports_of(cell: SourceCell) -> list[str]:
    """The imports at the top of a cell's code, without those of graders."""
    try:
        tree = parse(unmarked(cell.text).text)
    except SyntaxError:
        return []
    found = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    return [ast.unparse(node) for node in found if not _imports(node).startswith(_OTHER_GRADERS)]


def _imports(node: ast.Import | ast.ImportFrom) -> str:
    return (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name


def _is_of_a_grader(node: ast.stmt) -> bool:
    text = ast.unparse(node)
    return bool(re.match(r"(grader|ok|_) = |grader\.(check|export)|ok\.", text))
