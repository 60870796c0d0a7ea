"""The stub, cut from the solution: a hole replaces what is between the markers.

def conv2d(image, kernel):
    \"\"\"Convolution of one image.\"\"\"
    # BEGIN SOLUTION                →      raise NotImplementedError("conv2d: Convolution of one image.")
    ...
    # END SOLUTION

Where the solution is a text, which a person reads, a comment above the hole says how to write it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from grader.course.source import parse_python
from grader.errors import RubricError

LINE = 130  # a longer hole is wrapped as formatters do it
BEGIN, END = "# BEGIN SOLUTION", "# END SOLUTION"
HOLE = "raise NotImplementedError("
RETURNS_TEXT = 'return """'
ANSWER = '# Write your answer between the quotes, and put them in place of the line below: return """…"""'


def cut_stub(source: str, path: Path) -> str:
    """The stub of a solution's `source`.

    Raises:
        RubricError: a marker has no partner or is outside a function; names the line of `path`.
    """
    functions = list(_functions(parse_python(source, path)))
    kept: list[str] = []
    begun: int | None = None
    lines = source.removesuffix("\n").split("\n")
    for place, (line, following) in enumerate(zip(lines, [*lines[1:], ""], strict=True), start=1):
        mark = line.strip()
        if mark == BEGIN:
            if begun is not None:
                raise RubricError(path, "", f"line {place}: {BEGIN} inside the one of line {begun}", f"end that with {END}")
            begun = place
            kept += _hint(line, following)
            kept.append(_hole(line, place, functions, path))
        elif mark == END:
            if begun is None:
                raise RubricError(path, "", f"line {place}: {END} without {BEGIN}", "add the marker before the solution")
            begun = None
        elif begun is None:
            kept.append(line)
    if begun is not None:
        raise RubricError(path, "", f"line {begun}: {BEGIN} is never ended", f"add {END} after the solution")
    return "\n".join(kept) + "\n"


def _hint(line: str, following: str) -> list[str]:
    """How to answer where the solution is a text: in three quotes, for prose has apostrophes and more than one line."""
    if not following.strip().startswith(RETURNS_TEXT):
        return []
    return [f"{line[: len(line) - len(line.lstrip())]}{ANSWER}"]


def _functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[int, int, str, str]]:
    """First and last line, qualified name and first docstring line of every function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            name = f"{prefix}{child.name}"
            if isinstance(child, ast.FunctionDef):
                title = (ast.get_docstring(child) or "").partition("\n")[0].strip()
                yield child.lineno, child.end_lineno or child.lineno, name, title
            yield from _functions(child, f"{name}.")


def _hole(line: str, place: int, functions: list[tuple[int, int, str, str]], path: Path) -> str:
    inside = [(first, name, title) for first, last, name, title in functions if first < place <= last]
    if not inside:
        raise RubricError(path, "", f"line {place}: {BEGIN} outside a function", "put the markers into a function's body")
    _, name, title = max(inside)
    indent = line[: len(line) - len(line.lstrip())]
    text = f"{name}: {title}" if title else name
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    line = f"{indent}{HOLE}{quoted})"
    if len(line) <= LINE:
        return line
    return f"{indent}{HOLE}\n{indent}    {quoted}\n{indent})"
