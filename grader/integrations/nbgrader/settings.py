"""The grader's course of an nbgrader course directory, and the gradebook with the course."""

from datetime import UTC
from pathlib import Path

from grader.course.config import COURSE_FILE
from grader.course.folder import Course, find_course
from grader.errors import UsageError
from grader.integrations.nbgrader.course_dir import course_dir
from grader.integrations.nbgrader.gradebook import NbgraderGradebook
from grader.text.language import ask


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


def course_and_gradebook(
    submissions: Path, gradebook: str, folder: Path | None, language: str | None
) -> tuple[Course, NbgraderGradebook]:
    """The course, and the nbgrader gradebook that the submissions belong to.

    Args:
        gradebook: its URL, its file, or nbgrader's course directory.
        folder: the course's, and its `language`: by default those that nbgrader_config.py gives to `nbgrader autograde`.
    """
    where = course_dir(submissions, gradebook)
    ours = where.config.GraderPreprocessor
    if language is None and ours.get("language"):
        ask(ours.get("language"))
    named = ours.get("course") if folder is None else None
    course = course_of(where.root, named) if named else find_course(Path.cwd(), folder)
    return course, NbgraderGradebook(where, course.config.nbgrader, course.config.zone or UTC)
