"""The course's own files of an assignment as one text, also where students fill several modules.

    files = ["layers.py", "train.py"]      solutions/nets/layers.py    assignments/nets/layers.py
                                           solutions/nets/train.py     assignments/nets/train.py

What is made from a solution (mistakes, notebooks, the calls between exercises) is made from all of its modules in one: without the imports
between them, which name what is there anyway.
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from grader.course.folder import Assignment
from grader.course.source import parse_python
from grader.course.stub import bound, cut_stub
from grader.errors import RubricError
from grader.text.syntax import parse


def solution_text(assignment: Assignment) -> str:
    """The text of the solution: of all its modules in one.

    Raises:
        RubricError: one of them is not there, or they do not fit together.
    """
    return _text(assignment.solution_files, "write it")


def stub_text(assignment: Assignment) -> str:
    """The text of the stub: of all its modules in one.

    Raises:
        RubricError: one of them is not there, or they do not fit together.
    """
    return _text(assignment.stub_files, f"cut it from the solution with `grader release {assignment.name}`")


def stubs(assignment: Assignment, translated: Callable[[str], str] | None = None) -> dict[Path, str]:
    """Each file that students fill, with its text as it is cut from the solution.

    Args:
        translated: gives the text of a solution in another language.
    """
    found = {}
    for solution, stub in zip(assignment.solution_files, assignment.stub_files, strict=True):
        if not solution.is_file():
            raise RubricError(solution, "", "there is no solution to cut the stub from", "write it")
        text = solution.read_text(encoding="utf-8")
        found[stub] = cut_stub(translated(text) if translated else text, solution)
    if len(found) > 1:
        solution_text(assignment)  # says what does not fit together
    return found


def homes(assignment: Assignment) -> Mapping[str, str]:
    """In which file each function and class of the stub is, where there are several."""
    found: dict[str, str] = {}
    for path in assignment.stub_files if len(assignment.stub_files) > 1 else ():
        try:
            tree = parse(path.read_bytes())
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):  # a student's doing
            continue
        names = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
        found |= dict.fromkeys(names, path.name)
    return found


def _text(paths: Sequence[Path], advice: str) -> str:
    texts = []
    for path in paths:
        try:
            texts.append((path, path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise RubricError(path, "", "it is not there", advice) from None
    return texts[0][1] if len(texts) == 1 else in_one(texts)


def in_one(texts: Sequence[tuple[Path, str]]) -> str:
    """Several modules as one.

    Raises:
        RubricError: two define the same name, or one imports another as a whole.
    """
    modules = {path.stem for path, _text in texts}
    owners: dict[str, Path] = {}
    kept: list[str] = []
    for path, text in texts:
        tree = parse_python(text, path)
        lines = text.split("\n")
        for node in tree.body:
            if node is tree.body[0] and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and kept:
                _blank(lines, node)
            elif isinstance(node, ast.ImportFrom) and node.module in modules:
                _blank(lines, node, [f"{item.asname} = {item.name}" for item in node.names if item.asname])
            elif isinstance(node, ast.Import) and (names := [item.name for item in node.names if item.name in modules]):
                problem = f"line {node.lineno}: it imports {names[0]} as a whole"
                raise RubricError(path, "", problem, f"write `from {names[0]} import …`: mistakes are made in all modules as one")
            elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign):
                for name in bound(node):
                    if owners.setdefault(name, path) != path:
                        raise RubricError(path, "", f"line {node.lineno}: {owners[name].name} defines {name}, too", "rename one")
        kept += lines
    future = [line for line in kept if line.startswith("from __future__ import")]
    return "\n".join([*dict.fromkeys(future), *(line for line in kept if line not in future)])


def _blank(lines: list[str], node: ast.stmt, instead: Sequence[str] = ()) -> None:
    """Take a statement out, and leave the numbers of the lines below it."""
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    lines[first:last] = ["; ".join(instead), *[""] * (last - first - 1)]
