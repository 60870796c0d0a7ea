"""Parsing the files that a course's author writes, with errors that name the file."""

import ast
import difflib
import tomllib
import traceback
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.errors import RubricError
from grader.text.syntax import parse


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; `RubricError` where it is not valid."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RubricError(path, "", f"not valid TOML: {error}", "fix the line that it names") from None


def refuse_unknown(path: Path, where: str, table: Iterable[str], known: Collection[str], shown: str = "it") -> None:
    """Raise for the first key of `table` that is not `known`: a misspelt setting would have no effect, and nobody would notice.

    Args:
        where: the entry of the file.
        shown: the table, for people.
    """
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1, 0.55)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise RubricError(path, where, f"{shown} has {key!r}, which is not a setting", advice)


def as_submission(path: Path, name: str, source: str = "") -> dict[str, str]:
    """The modules of a submission `name` out of the course's own file: `source` (its text by default) and the references it imports."""
    found: dict[str, str] = {}
    waiting = [(name, source or path.read_text("utf-8"))]
    while waiting:
        module, text = waiting.pop()
        tree, imports = parse_python(text, path), list[ast.ImportFrom]()
        if "reference" in text:
            imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and _is_of_reference(node)]
        for node in imports:
            used = [node.module.partition(".")[2]] if node.module != "reference" else [item.name for item in node.names]  # type: ignore[union-attr]
            node.module = used[0]
            waiting += [(other, path.with_name(f"{other}.py").read_text("utf-8")) for other in used if other not in found]
        found[module] = ast.unparse(tree) if imports else text  # to write a tree takes longer than to read it
    return found


def _is_of_reference(node: ast.ImportFrom) -> bool:
    return (node.module or "").partition(".")[0] == "reference"


def parse_python(source: str, path: Path) -> ast.Module:
    """The syntax tree of `source`, which is from `path`; `RubricError` where it is not Python."""
    try:
        return parse(source)
    except SyntaxError as error:
        raise RubricError(path, "", f"line {error.lineno}: {error.msg}", "fix the syntax") from None


def line_in(path: Path, error: BaseException) -> int | None:
    """The innermost line of `path` that an error went through, or the line that it names itself."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    return lines[-1] if lines else getattr(error, "lineno", None)


def marked_texts(path: Path) -> Iterator[str]:
    """The texts in `_("…")`."""
    for node in ast.walk(parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            text = node.args[0]
            if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
                raise ValueError(f"{path}, line {node.lineno}: _(…) takes the text itself; put values in with .format(…)")
            yield text.value
