"""The names of an assignment's exercises, read without executing its rubric: a course has many, and only one of them may be asked for."""

import ast

from grader.course.folder import Assignment
from grader.course.rubric import read_rubric
from grader.text.syntax import parse


def exercise_names(assignment: Assignment) -> list[str]:
    """The names of the exercises, in the rubric's order."""
    try:
        tree = parse(assignment.rubric.read_bytes())
    except (SyntaxError, ValueError):
        return [found.name for found in read_rubric(assignment).exercises]  # raises what is wrong
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node.name for node in defined if any("exercise(" in ast.unparse(item) for item in node.decorator_list)]
