"""The stub, cut from the solution: what students write is cut out between the markers, and what stands there instead can be imported.

def conv2d(image, kernel):
    \"\"\"Convolution of one image.\"\"\"
    # BEGIN SOLUTION                →      raise NotImplementedError("conv2d: Convolution of one image.")
    ...
    # END SOLUTION

Where the solution is a text, which a person reads, a comment above the hole says how to write it.

# BEGIN SOLUTION                    →  RATE = ...  # yours to write
RATE = 0.1
# END SOLUTION

In a module or the body of a class, `stand_ins` says what is left of each statement.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.course.source import parse_python
from grader.course.stand_ins import LINE, hole, stand_ins
from grader.errors import RubricError

BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
HOLE = "raise NotImplementedError("
RETURNS_TEXT = 'return """'
ANSWER = '# Write your answer between the quotes, and put them in place of the line below: return """…"""'
__all__ = ["BEGIN", "END", "HOLE", "LINE", "Region", "bound", "cut_stub", "is_hole", "regions", "start_of"]


def is_hole(node: ast.FunctionDef) -> bool:
    """Whether a function only raises NotImplementedError: nothing is written yet."""
    body = [item for item in node.body if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return len(body) == 1 and isinstance(body[0], ast.Raise) and "NotImplementedError" in ast.unparse(body[0])


class Region(msgspec.Struct, frozen=True):
    """What is between two markers, on the lines `first` and `last` of the file, from 1.

    Attributes:
        body: the statements between them, where they stand in a module or the body of a class; none in a function.
        owner: the qualified name of the function or class that they stand in ("" for the module); `title`: its docstring's first line.
        indent: of the first marker.
    """

    first: int
    last: int
    body: tuple[ast.stmt, ...]
    owner: str
    title: str
    indent: str


def cut_stub(source: str, path: Path) -> str:
    """The stub of a solution's `source`.

    Raises:
        RubricError: a marker has no partner or cuts through a statement; names the line of `path`.
    """
    lines = source.removesuffix("\n").split("\n")
    kept: list[str] = []
    done = 0
    parse_python(source, path)
    for region in regions(source, path):
        kept += lines[done : region.first - 1]
        if region.body:
            left = [line for statement in stand_ins(region.body, region.owner) for line in statement.split("\n")]
            kept += [f"{region.indent}{line}" if line else "" for line in left]
        else:
            kept += _hint(lines[region.first - 1], lines[region.first])
            kept.append(hole(region.indent, region.owner, region.title))
        done = region.last
    return "\n".join([*kept, *lines[done:]]) + "\n"


def regions(source: str, path: Path) -> list[Region]:
    """What is between the markers of a solution.

    Raises:
        RubricError: see `cut_stub`.
    """
    found = list(_marked(source, path))
    if not found:
        return []
    tree = parse_python(source, path)
    lines = source.split("\n")
    return [_region(tree, first, last, lines[first - 1], path) for first, last in found]


def _marked(source: str, path: Path) -> Iterator[tuple[int, int]]:
    """The lines of each pair of markers."""
    begun: int | None = None
    for place, line in enumerate(source.removesuffix("\n").split("\n"), start=1):
        mark = line.strip()
        if mark == BEGIN:
            if begun is not None:
                raise RubricError(path, "", f"line {place}: {BEGIN} inside the one of line {begun}", f"end that with {END}")
            begun = place
        elif mark == END:
            if begun is None:
                raise RubricError(path, "", f"line {place}: {END} without {BEGIN}", "add the marker before the solution")
            yield begun, place
            begun = None
    if begun is not None:
        raise RubricError(path, "", f"line {begun}: {BEGIN} is never ended", f"add {END} after the solution")


def with_hints(source: str) -> str:
    """A solution, or a part of one, that says above each answer in words how to write it."""
    lines = source.split("\n")
    pairs = zip(lines, [*lines[1:], ""], strict=True)
    found = [[*(_hint(line, following) if line.strip() == BEGIN else []), line] for line, following in pairs]
    return "\n".join(line for several in found for line in several)


def _hint(line: str, following: str) -> list[str]:
    """How to answer where the solution is a text: in three quotes, for prose has apostrophes and more than one line."""
    if not following.strip().startswith(RETURNS_TEXT):
        return []
    return [f"{line[: len(line) - len(line.lstrip())]}{ANSWER}"]


def _region(tree: ast.Module, first: int, last: int, line: str, path: Path) -> Region:
    """The region between two lines; its owner is the innermost function or class around it."""
    owner, name, title = _owner(tree, first)
    indent = line[: len(line) - len(line.lstrip())]
    if isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef):
        return Region(first, last, (), name, title, indent)
    inside = []
    for statement in owner.body:
        begins, ends = start_of(statement), statement.end_lineno or statement.lineno
        if first < begins and ends < last:
            inside.append(statement)
        elif begins <= last and ends >= first:
            advice = "put both markers around whole statements, or both into the body of one function"
            raise RubricError(
                path, "", f"lines {first} to {last}: the markers cut through the statement of line {begins}", advice
            )
    if not inside:
        raise RubricError(path, "", f"line {first}: nothing stands between the markers", "put them around what students write")
    return Region(first, last, tuple(inside), name, title, indent)


def bound(statement: ast.stmt) -> list[str]:
    """The names that a statement of a module or a class binds."""
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [statement.name]
        case ast.Import() | ast.ImportFrom():
            return [(item.asname or item.name).partition(".")[0] for item in statement.names]
        case _:
            return [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]


def start_of(statement: ast.stmt) -> int:
    """The first line of a statement, with its decorators."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(item.lineno for item in decorators)])


Owner = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _owner(tree: ast.Module, place: int) -> tuple[Owner, str, str]:
    """The innermost function or class around a line, its qualified name and the first line of its docstring."""
    owner: Owner = tree
    names: list[str] = []
    while not isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef):
        inner = [
            node
            for node in owner.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and start_of(node) < place <= (node.end_lineno or 0)
        ]
        if not inner:
            break
        owner = inner[0]
        names.append(owner.name)
    title = "" if isinstance(owner, ast.Module) else (ast.get_docstring(owner) or "").partition("\n")[0].strip()
    return owner, ".".join(names), title
