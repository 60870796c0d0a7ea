"""The scaffold of an assignment: the course's code around the functions to write (imports, type aliases, helpers).

It is the text of the notebook's `setup` cell, and always comes from the course, not from the student's copy.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from grader.submissions.notebook.sanitize import Known

if TYPE_CHECKING:
    from grader.course.folder import Assignment


class Scaffold(msgspec.Struct, frozen=True):
    """What the course gives for one topic.

    Attributes:
        setup: the code around the functions to write.
        names: those functions and classes.
        known: the notebook as it was released, if there is a gradebook; without it, the student's copy of other locked cells is used.
        modules: files of the course that replace the student's, by module name.
    """

    setup: str
    names: tuple[str, ...]
    known: Known | None = None
    modules: Mapping[str, str] = {}


def read_scaffold(assignment: "Assignment") -> Scaffold:
    """The scaffold of an assignment, from its solution, or from the stub if a course has no solutions.

    Raises:
        RubricError: the file cannot be taken apart.
    """
    from grader.course.parts import take_apart  # not needed where submissions are read

    path = assignment.solution if assignment.solution.is_file() else assignment.stub
    if not path.is_file():
        return Scaffold("", ())
    parts = take_apart(path.read_text(encoding="utf-8"), path)
    return Scaffold(f"{parts.scaffold}\n", tuple(part.name for part in parts.functions))
