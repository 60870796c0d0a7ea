"""The signatures of the functions, classes and methods of a stub."""

import ast
from collections.abc import Iterator

from grader.course.folder import Assignment
from grader.course.several import solution_text, stub_text
from grader.errors import RubricError
from grader.sandbox.signature import Signature
from grader.text.syntax import parse


def named_signatures(tree: ast.Module) -> Iterator[tuple[str, Signature]]:
    """The signature of every function, class and method (`Class.method`, without self) that the stub defines."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, _signature(node)
        elif isinstance(node, ast.ClassDef):
            methods = [item for item in node.body if isinstance(item, ast.FunctionDef)]
            init = next((item for item in methods if item.name == "__init__"), None)
            yield node.name, _signature(init, 1) if init else Signature()
            for method in methods:
                yield f"{node.name}.{method.name}", _signature(method, 1)


def _signature(node: ast.FunctionDef, skip: int = 0) -> Signature:
    """The signature of a function without its first `skip` parameters."""
    given = node.args
    positional = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    optional = [
        *positional[len(positional) - len(given.defaults) :],
        *(item.arg for item, value in zip(given.kwonlyargs, given.kw_defaults, strict=True) if value is not None),
    ]
    names = (*positional, *(item.arg for item in given.kwonlyargs))
    return Signature(names[skip:], tuple(optional), given.vararg is not None or given.kwarg is not None)


def tree_of_stub(assignment: Assignment) -> ast.Module:
    """The syntax tree of a stub: its functions, classes and methods, what they take and what they declare to return."""
    stub = assignment.stub
    try:
        return parse(stub_text(assignment) if assignment.config.files else stub.read_bytes())
    except FileNotFoundError:
        advice = f"cut it from the solution with `grader release {assignment.name}`"
        raise RubricError(stub, "", "the stub does not exist", advice) from None
    except SyntaxError as error:
        advice = f"cut it again with `grader release {assignment.name}`"
        raise RubricError(stub, "", f"line {error.lineno}: {error.msg}", advice) from None


def tree_left(assignment: Assignment) -> ast.Module:
    """What is left after the stub was filled in place: the solution's tree, or that of the stub (a student has no solution)."""
    try:
        return parse(solution_text(assignment)) if assignment.has_solution else tree_of_stub(assignment)
    except (RubricError, SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
