"""What students get in place of hidden examples and laws, and the proof that nothing else of them is published."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from grader.course.folder import Assignment
from grader.errors import RubricError
from grader.text.syntax import parse

SHORT = 12  # characters of a line or a text that another file may share by chance
_HEADER = re.compile(r"""^\[+ *(?:"([^"]+)"|'([^']+)'|([\w-]+))""")
_KEPT = ("exercise", "share")


def public_examples(assignment: Assignment) -> str:
    """The text of `examples.toml` as students get it ("" where there is none): of a hidden one only its exercise and its share.

    Raises:
        RubricError: its tables cannot be told apart line by line.
    """
    if not assignment.examples.is_file():
        return ""
    text = assignment.examples.read_bytes().decode("utf-8")
    tables = tomllib.loads(text)
    hidden = _hidden(tables)
    if not hidden:
        return text
    parts = []
    for name, part in _parts(text):
        if name not in hidden:
            parts.append(part)
        elif not any(line.startswith(f"[hidden-{hidden[name]}]") for line in parts):
            parts.append(_stub(hidden[name], tables[name]))
    public = "".join(parts)
    wanted = {name: table for name, table in tables.items() if name not in hidden}
    wanted |= {f"hidden-{hidden[name]}": {"hidden": True, **_bare(tables[name])} for name in hidden}
    if tomllib.loads(public) != wanted:
        problem = f"the hidden {', '.join(hidden)} cannot be cut out"
        raise RubricError(assignment.examples, "", problem, "begin each table, and nothing else, with `[` at the start of a line")
    return public


def _hidden(tables: Mapping[str, Any]) -> dict[str, int]:
    """The hidden examples with their places in the file, from 1."""
    return {
        name: place
        for place, (name, table) in enumerate(tables.items(), 1)
        if isinstance(table, dict) and table.get("hidden") is True
    }


def _bare(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: table[key] for key in _KEPT if key in table}


def _stub(number: int, table: Mapping[str, Any]) -> str:
    lines = [f"[hidden-{number}]", "hidden = true", f'exercise = "{table["exercise"]}"']
    return "\n".join([*lines, *([f"share = {table['share']!r}"] if "share" in table else [])]) + "\n\n"


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """The text from each table's header, and the comments right above it, up to the next one's, with the table's name."""
    name, part, comments = "", "", ""
    for line in text.splitlines(keepends=True):
        if header := _HEADER.match(line):
            yield name, part
            name, part, comments = next(filter(None, header.groups())), comments + line, ""
        elif line.startswith("#"):
            comments += line
        else:
            part, comments = part + comments + line, ""
    yield name, part + comments


def hidden_texts(source: str, public: str) -> frozenset[str]:
    """The texts in `checks.py` that are not in the students' copy: names of hidden laws, and what these say."""
    return frozenset(_texts(source) - _texts(public))


def _texts(source: str) -> set[str]:
    return {node.value for node in ast.walk(parse(source)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def hidden_leaks(
    files: Mapping[PurePosixPath, bytes], assignment: Assignment, laws: frozenset[str]
) -> Iterator[tuple[PurePosixPath, str]]:
    """Files that hold something of a hidden example or law, and what.

    Args:
        laws: the names of the hidden laws.
    """
    wanted = {name.encode(): f"the name of the hidden law {name!r}" for name in laws if len(name) >= SHORT}
    if assignment.examples.is_file():
        text = assignment.examples.read_bytes().decode("utf-8")
        tables = tomllib.loads(text)
        hidden, named = _hidden(tables), {f'exercise = "{found}"' for found in _exercises(tables)}
        shown = "".join(part for name, part in _parts(text) if name not in hidden)
        for name, part in _parts(text):
            lines = {line.strip() for line in part.splitlines()} - named
            for line in lines if name in hidden else ():
                if len(line) >= SHORT and line not in shown and line != "hidden = true":
                    wanted[line.encode()] = f"a line of the hidden example {name}: {line[:60]!r}"
    for path, content in files.items():
        yield from ((path, what) for line, what in wanted.items() if line in content)


def _exercises(tables: Mapping[str, Any]) -> set[str]:
    return {table["exercise"] for table in tables.values() if isinstance(table, dict) and "exercise" in table}
