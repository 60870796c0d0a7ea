"""A new misconception or worked example at the end of its topic's file: a block that holds as it stands, for the author to edit."""

import ast
import json
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.checks.methods import class_of
from grader.course.create import TEMPLATES, append, filled
from grader.course.edits import edited
from grader.course.folder import Assignment
from grader.course.rubric import Rubric, read_misconceptions, read_rubric
from grader.course.several import solution_text
from grader.course.source import parse_python, read_toml
from grader.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9_-]+")


def add_misconception(assignment: Assignment, name: str, exercise: str = "") -> Path:
    """Add a misconception to the topic's file, and return that.

    Its edit stands for a line of the solution, by itself: it can be made, and changes nothing yet.

    Args:
        exercise: in which the mistake is made ("" for the first one).

    Raises:
        UsageError: one has this name already, or it cannot be a name.
    """
    path = assignment.misconceptions
    _hold_new(path, name, [*_tables(path), *(item.name for item in read_misconceptions(assignment))])
    of = _exercise(read_rubric(assignment), exercise)
    source = solution_text(assignment)
    place, edit = _edit_of(source, of, assignment.solution)
    words = {
        "name": name,
        "title": _sentence(name),
        "exercise": of,
        "solution": f"solutions/{assignment.name}.py",
        "edit": f"{_key(place)} = {_toml(edit)}",
    }
    _add(path, filled(TEMPLATES / "misconception.toml.in", words))
    return path


def add_example(assignment: Assignment, name: str, exercise: str = "") -> Path:
    """Add a worked example to the topic's file, and return that: a copy of the exercise's last one, where it has one.

    Args:
        exercise: that it is an example of ("" for the first one).

    Raises:
        UsageError: one has this name already, or it cannot be a name.
    """
    path = assignment.examples
    tables = _tables(path)
    _hold_new(path, name, list(tables))
    rubric = read_rubric(assignment)
    classes = {method.partition(".")[0] for method in rubric.signatures if "." in method}
    of = exercise or next((found.name for found in rubric.exercises if found.name not in classes), rubric.exercises[0].name)
    if of in classes:
        advice = f"In {assignment.rubric.name}, write a case of `new` and `call` for it, or make its methods exercises."
        raise UsageError(f"{of} is a class, and a worked example is one call of a function or a method. {advice}")
    of = _exercise(rubric, of)
    models = [table for table in tables.values() if table.get("exercise") == of]
    model = models[-1] if models else _made_up(rubric, of)
    rest = {key: value for key, value in model.items() if key in ("expected", "decimals", "dtype")}
    words = {
        "name": name,
        "lecture": _toml(model.get("lecture", "")),
        "slide": _toml(_sentence(name)),
        "exercise": _toml(of),
        "inputs": "\n".join(_assignments("inputs", model["inputs"])),
        "expected": "\n".join(line for key, value in rest.items() for line in _assignments(key, value)),
    }
    _add(path, filled(TEMPLATES / "example.toml.in", words))
    return path


def _tables(path: Path) -> dict[str, Any]:
    return read_toml(path) if path.is_file() else {}


def _hold_new(path: Path, name: str, known: Sequence[str]) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be a name in {path.name}. Write letters, digits, - and _, like one_row_short.")
    if name in known:
        raise UsageError(f"{path} has {name!r} already, and nothing is overwritten. It has: {', '.join(dict.fromkeys(known))}.")


def _exercise(rubric: Rubric, asked: str) -> str:
    names = [exercise.name for exercise in rubric.exercises]
    if asked and asked not in names:
        raise UsageError(f"{rubric.assignment.name} has no exercise '{asked}'. It has: {', '.join(names)}.")
    return asked or names[0]


def _edit_of(source: str, of: str, path: Path) -> tuple[str, str]:
    """The function or method to edit, and an edit of its last `return` that leaves it as it is."""
    for place, node in _functions(parse_python(source, path), of):
        returns = [item for item in ast.walk(node) if isinstance(item, ast.Return) and item.value is not None]
        if returns:
            last = max(returns, key=lambda item: item.lineno)
            line = ast.get_source_segment(source, last) or ""
            same = f"{line} → {line}"
            return place, same if "\n" not in line and _fits(source, place, same) else "return {}"
    return of, "pass"


def _functions(tree: ast.Module, of: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name == of:
            yield of, node
        elif isinstance(node, ast.ClassDef) and node.name == class_of(of):
            methods = ((f"{node.name}.{item.name}", item) for item in node.body if isinstance(item, ast.FunctionDef))
            yield from ((name, item) for name, item in methods if of in (name, node.name))


def _fits(source: str, place: str, edit: str) -> bool:
    try:
        return edited(source, {place: (edit,)}) == source
    except Exception:  # it occurs twice, or says an arrow itself
        return False


def _made_up(rubric: Rubric, of: str) -> dict[str, Any]:
    """An example of an exercise that has none: its parameters, with numbers to replace."""
    parameters = rubric.parameters.get(of, ())
    exercise = next(found for found in rubric.exercises if found.name == of)
    several = len(exercise.returns) > 1
    expected = {key: [0, 0] for key in exercise.returns} if several else [0, 0]
    return {"lecture": "L1", "inputs": {key: [1, 2] for key in parameters}, "expected": expected}


def _assignments(key: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _assignments(f"{key}.{_key(name)}", item)
    else:
        yield f"{key} = {_toml(value)}"


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else _toml(name)


def _toml(value: Any) -> str:
    """A value of a TOML file, written in TOML."""
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, float) and not math.isfinite(value):
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _sentence(name: str) -> str:
    return re.sub("[-_]+", " ", name).strip().capitalize()


def _add(path: Path, block: str) -> None:
    try:
        append(path, f"\n{block}" if path.is_file() else block)
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}). Make it writable.") from None
