"""Parsing the files that a course's author writes, with errors that name the file."""

import ast
import tomllib
from pathlib import Path
from typing import Any

from grader.errors import RubricError


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; `RubricError` where it is not valid."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RubricError(path, "", f"not valid TOML: {error}", "fix the line that it names") from None


def parse_python(source: str, path: Path) -> ast.Module:
    """The syntax tree of `source`, which is from `path`; `RubricError` where it is not Python."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise RubricError(path, "", f"line {error.lineno}: {error.msg}", "fix the syntax") from None
