"""What the course gives around the functions that are to be written: imports, type aliases, helpers. It is the text of the notebook's
`setup` cell, and is always taken from the course itself."""

import ast
from pathlib import Path

from grader.course import Assignment
from grader.errors import RubricError
from grader.nbgrader.source import Given
from grader.release.stub import BEGIN

_HOLE = "raise NotImplementedError("


def given(assignment: Assignment) -> Given:
    """What is given for an assignment, from its solution; from the stub where a course has no solutions.

    Raises:
        RubricError: the file is no Python.
    """
    path = assignment.solution if assignment.solution.is_file() else assignment.stub
    return given_in(path.read_text(encoding="utf-8"), path) if path.is_file() else Given("", ())


def given_in(text: str, path: Path) -> Given:
    """The same of a solution's or a stub's text: what stands outside of functions and classes that have a hole."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise RubricError(path, "", f"line {error.lineno}: {error.msg}", "mend the syntax") from None
    lines = text.split("\n")
    holes = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            last = node.end_lineno or node.lineno
            while last < len(lines) and (lines[last].startswith((" ", "\t")) and lines[last].strip()):
                last += 1  # a comment at the end, such as END SOLUTION
            if any(line.strip() == BEGIN or line.strip().startswith(_HOLE) for line in lines[first - 1 : last]):
                holes.append((first, last, node.name))
    kept = [line for place, line in enumerate(lines, start=1) if not any(first <= place <= last for first, last, _ in holes)]
    return Given("\n".join(kept).strip("\n") + "\n", tuple(name for *_, name in holes))
