"""Splits a solution, or the stub cut from it, into what is given and the functions and classes that students write."""

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from grader.course.source import parse_python
from grader.course.stand_ins import stand_ins
from grader.course.stub import BEGIN, HOLE, Region, bound, regions
from grader.errors import RubricError


class Part(msgspec.Struct, frozen=True):
    """A function or class with holes, or other statements to write: its name and its lines.

    Attributes:
        callable: whether it is a function or a class.
    """

    name: str
    source: str
    callable: bool = True


class Parts(msgspec.Struct, frozen=True):
    """A solution in parts: what is given, and the functions to write."""

    scaffold: str
    functions: tuple[Part, ...]


def take_apart(solution: str, path: Path) -> Parts:
    """The functions and classes of the top level that have holes, with the comments right above them, and everything else.

    What runs only as a program, `if __name__ == "__main__":`, is left out: a notebook has cells to try things.

    Args:
        solution: the text of `path`: a solution, or the stub that was cut from it.

    Raises:
        RubricError: it is not Python, or what is given needs a function before it is written.
    """
    tree = parse_python(solution, path)
    lines = solution.split("\n")
    hole = BEGIN if BEGIN in solution else HOLE
    taken = [False] * len(lines)
    functions: list[Part] = []
    whole = [region for region in regions(solution, path) if region.body and not region.owner]
    for node in tree.body:
        region = next((one for one in whole if one.first < node.lineno < one.last), None)
        if region is not None:
            if node.lineno == region.body[0].lineno:
                functions.append(_marked(region, lines, len(functions), path))
                taken[region.first - 1 : region.last] = [True] * (region.last - region.first + 1)
            continue
        span = _span(node, lines)
        source = "\n".join(lines[span.start : span.stop])
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and hole in source:
            functions.append(Part(node.name, source))
        elif not _is_docstring(node, tree) and not _is_trial(node):
            continue
        for place in span:
            taken[place] = True
    names = {part.name for part in functions} | {name for region in whole for node in region.body for name in bound(node)}
    for node in tree.body:
        if any(region.first < node.lineno < region.last for region in whole):
            continue
        if not isinstance(node, ast.FunctionDef) and not _is_trial(node) and getattr(node, "name", None) not in names:
            early = names & _early(node)
            if early:
                name = min(early)
                problem = f"line {node.lineno} needs {name} when it runs, but comes before it in the notebook"
                raise RubricError(path, name, problem, f"put it into a function, or between the markers of {name}")
    scaffold = "\n".join(line for line, own in zip(lines, taken, strict=True) if not own)
    return Parts(re.sub(r"\n{3,}", "\n\n\n", scaffold).strip("\n"), tuple(functions))


def _marked(region: Region, lines: Sequence[str], count: int, path: Path) -> Part:
    """What is between two markers of the module, as a cell: called like the function, the class or the constant in it.

    Above it stands what a stub has in its place, as a comment: a released notebook says nothing else of what is to be written.
    """
    defined = [node.name for node in region.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    if len(defined) > 1:
        problem = f"lines {region.first} to {region.last}: {' and '.join(defined)} are between the same markers"
        raise RubricError(path, defined[1], problem, "give each its own markers: each is a cell of the notebook")
    names = [name for node in region.body for name in bound(node)]
    name = defined[0] if defined else next(iter(names), f"written-{count + 1}")
    outline = "\n".join(f"# {line}".rstrip() for text in stand_ins(region.body) for line in text.split("\n"))
    return Part(name, "\n".join([outline, *lines[region.first - 1 : region.last]]), bool(defined))


def _early(node: ast.stmt) -> set[str]:
    """The names that a statement needs when it runs, except those inside functions."""
    waiting: list[ast.AST] = [node]
    found = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load):
            found.add(item.id)
        if not isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(item)
    return found


def _is_docstring(node: ast.stmt, tree: ast.Module) -> bool:
    return node is tree.body[0] and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_trial(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"


def _span(node: ast.stmt, lines: Sequence[str]) -> range:
    """The lines (from 0) of a statement, with its decorators, the comments right above it and those that end its body."""
    first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", []))]) - 1
    while first > 0 and lines[first - 1].startswith("#"):
        first -= 1
    last = end = node.end_lineno or node.lineno
    while end < len(lines) and (lines[end].startswith((" ", "\t")) or not lines[end]):
        end += 1
        last = end if lines[end - 1].strip() else last
    return range(first, last)
