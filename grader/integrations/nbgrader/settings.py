"""The grader's course of an nbgrader course directory."""

from pathlib import Path

from grader.course.config import COURSE_FILE
from grader.course.folder import Course, find_course
from grader.errors import UsageError


def course_of(directory: Path, named: str) -> Course:
    """The course that grades the submissions in an nbgrader course directory.

    Args:
        named: the value of `c.GraderPreprocessor.course`, relative to the directory; "" to search from there upwards.

    Raises:
        UsageError: none was found.
    """
    if named:
        return find_course(directory, directory / Path(named).expanduser())
    try:
        return find_course(directory)
    except UsageError:
        raise UsageError(
            f'no course at or above {directory}. Name it in {directory / "nbgrader_config.py"}: c.GraderPreprocessor.course = "…", '
            f"the folder that holds {COURSE_FILE}."
        ) from None
