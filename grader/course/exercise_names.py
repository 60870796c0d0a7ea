"""The names of an assignment's exercises, read without executing its rubric: a course has many, and only one of them may be asked for."""

from grader.course.folder import Assignment
from grader.course.named import named_exercises
from grader.course.rubric import read_rubric
from grader.text.syntax import parse


def exercise_names(assignment: Assignment) -> list[str]:
    """The names of the exercises, in the rubric's order."""
    try:
        tree = parse(assignment.rubric.read_bytes())
    except (SyntaxError, ValueError):
        return [found.name for found in read_rubric(assignment).exercises]  # raises what is wrong
    return [name for _function, name in named_exercises(tree)]
