"""Where the course of an nbgrader course directory is, and what its course.toml says about nbgrader.

[nbgrader]
execute_other_cells = true      # cells of the instructor's own run in a kernel, unprotected, as in plain nbgrader
"""

import tomllib
from pathlib import Path

import msgspec

from grader.course.folder import COURSE_FILE, Course, find_course
from grader.errors import RubricError, UsageError

TABLE = "nbgrader"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table `[nbgrader]`."""

    execute_other_cells: bool = False


def course_of(directory: Path, named: str) -> Course:
    """The course that grades what is in an nbgrader course directory.

    Args:
        named: the folder that `c.GraderPreprocessor.course` names, relative to the directory; "" to look from there upwards.

    Raises:
        UsageError: there is none.
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


def read_settings(course: Course) -> Settings:
    """What the course says about nbgrader."""
    path = course.root / COURSE_FILE
    table = tomllib.loads(path.read_text(encoding="utf-8")).get(TABLE, {})
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        raise RubricError(path, "", f"[{TABLE}]: {error}", "execute_other_cells = true | false is all there is") from None
