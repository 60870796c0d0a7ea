"""The names of the exercises in the text of a rubric, which need not be executed for them."""

import ast
from collections.abc import Iterator


def named_exercises(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The exercises that a `checks.py` defines: the name of each decorated function, and the exercise's, which `name=` may say."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            said = [_said(item) for item in node.decorator_list if "exercise(" in ast.unparse(item)]
            yield from ((node.name, name or node.name) for name in said)


def _said(decorator: ast.expr) -> str:
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            return keyword.value.value
    return ""
