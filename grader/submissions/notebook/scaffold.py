"""The scaffold of an assignment: the course's code around the functions to write (imports, type aliases, helpers).

It is the text of the notebook's `setup` cell, and always comes from the course, not from the student's copy.
"""

import ast
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from grader.sandbox.lines import lines_of
from grader.submissions.notebook.sanitize import Known
from grader.text.syntax import parse

if TYPE_CHECKING:
    from grader.course.folder import Assignment


class Scaffold(msgspec.Struct, frozen=True):
    """What the course gives for one topic.

    Attributes:
        setup: the code around the functions to write.
        names: those functions and classes.
        known: the notebook as it was released, if there is a gradebook; without it, the student's copy of other locked cells is used.
        modules: files of the course that replace the student's, by module name.
        files: the modules that students fill, where these are several.
        data: the digest of each data file that the course gives, by its name (see `digest`).
        is_read: whether a person may read what was written; else nobody looks for the pieces of it (see `pieces`).
    """

    setup: str
    names: tuple[str, ...]
    known: Known | None = None
    modules: Mapping[str, str] = {}
    files: tuple[str, ...] = ()
    data: Mapping[str, str] = {}
    is_read: bool = True


def digest(data: bytes) -> str:
    """By which a copy of a given file is known again, however its lines end."""
    return hashlib.sha256(data.replace(b"\r\n", b"\n")).hexdigest()


def read_scaffold(assignment: "Assignment") -> Scaffold:
    """The scaffold of an assignment, from its solution; from the stub if a course has none, or does not mark in it what is to be written.

    Raises:
        RubricError: the file cannot be taken apart.
    """
    from grader.course.given import read_given  # not needed where submissions are read, as these
    from grader.course.parts import take_apart
    from grader.course.several import solution_text, stub_text

    files = assignment.stubs if assignment.config.files else ()
    data = {name: digest(content) for name, content in read_given(assignment).data.items()}
    has_stub = all(file.is_file() for file in assignment.stub_files)
    if not assignment.has_solution and not has_stub:
        return Scaffold("", (), files=files, data=data)
    text, path = (
        (solution_text(assignment), assignment.solution) if assignment.has_solution else (stub_text(assignment), assignment.stub)
    )
    parts = take_apart(text, path)
    if assignment.has_solution and has_stub:
        stub = stub_text(assignment)
        if _defined(parts.scaffold) & _left_to_write(stub):
            parts = take_apart(stub, assignment.stub)
    return Scaffold(f"{parts.scaffold}\n", tuple(part.name for part in parts.functions if part.callable), files=files, data=data)


def without(setup: str, names: set[str]) -> str:
    """A setup cell without the functions and classes of these names: in a stub that its student has filled, they are answers."""
    lines = lines_of(setup)
    for item in reversed(parse(setup).body):
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and item.name in names:
            first = min([item.lineno, *(decorator.lineno for decorator in item.decorator_list)])
            del lines[first - 1 : item.end_lineno]
    return "\n".join(lines)


def _defined(text: str) -> set[str]:
    """The functions and classes that a text defines at its top."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {statement.name for statement in parse(text).body if isinstance(statement, kinds)}


def _left_to_write(stub: str) -> set[str]:
    """Those that a stub leaves to its students: a solution that does not mark them would give them away with the setup cell."""
    return {item.name for item in parse(stub).body if isinstance(item, ast.FunctionDef | ast.ClassDef) and _is_empty(item)}


def _is_empty(item: ast.stmt) -> bool:
    raised = (node.exc for node in ast.walk(item) if isinstance(node, ast.Raise))
    return any(
        isinstance(name, ast.Name) and name.id == "NotImplementedError" for error in raised if error for name in ast.walk(error)
    )
