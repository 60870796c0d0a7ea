"""What the course gives around the functions that are to be written: imports, type aliases, helpers. It is the text of the notebook's
`setup` cell, and is always taken from the course itself."""

from grader.course.folder import Assignment
from grader.course.parts import take_apart
from grader.submissions.notebook.source import Given


def given(assignment: Assignment) -> Given:
    """What is given for an assignment, from its solution; from the stub where a course has no solutions.

    Raises:
        RubricError: the file cannot be taken apart.
    """
    path = assignment.solution if assignment.solution.is_file() else assignment.stub
    if not path.is_file():
        return Given("", ())
    parts = take_apart(path.read_text(encoding="utf-8"), path)
    return Given(f"{parts.given}\n", tuple(part.name for part in parts.functions))
