"""nbgrader's course directory: its configuration, and where that puts the gradebook and the folders."""

import sys
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError
from grader.integrations.nbgrader.database import shown
from grader.integrations.nbgrader.fast_import import nbgrader

CONFIG = "nbgrader_config.py"
_SQLITE = "sqlite:///"


class CourseDir(msgspec.Struct, frozen=True):
    """An nbgrader course directory.

    Attributes:
        config: a traitlets Config, empty without an nbgrader_config.py.
        url: of the gradebook.
        directory: nbgrader's own CourseDirectory.
    """

    root: Path
    config: Any
    url: str
    directory: Any

    def folder(self, step: str, student: str, topic: str) -> Path:
        """`<root>/<step>/<student>/<topic>`, where `step` is source, release or autograded."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, topic))


def course_dir(submissions: Path, gradebook: str) -> CourseDir:
    """The course directory of `submissions` and a gradebook.

    Args:
        gradebook: its URL, its file, or the course directory, whose configuration then says where it is.

    Raises:
        UsageError: the gradebook does not exist, or the configuration cannot be read.
    """
    directory_of = nbgrader("coursedir").CourseDirectory  # first: it says how to install what is missing
    place = None if "://" in gradebook else Path(gradebook)
    if place is not None and not place.exists():
        raise UsageError(
            f"{gradebook} does not exist. Give the gradebook's URL (sqlite:///COURSE_DIR/gradebook.db), its file, or COURSE_DIR."
        )
    root = _root(submissions, gradebook, place)
    config = _config(root)
    directory = directory_of(config=config, root=str(root))
    if place is None:
        url = gradebook
    elif place.is_dir():
        url = str(directory.db_url)
    else:
        url = f"{_SQLITE}{place.resolve()}"
    file = _file(url)
    if file is not None and not file.is_file():
        raise UsageError(
            f"{shown(url)} does not exist. A gradebook is created when the first assignment is released: "
            f"grader release TOPIC --nbgrader {file.parent}"
        )
    return CourseDir(root, config, url, directory)


def _root(submissions: Path, gradebook: str, place: Path | None) -> Path:
    """The course directory: as given, else that of the submissions, else that of the gradebook's file."""
    if place is not None and place.is_dir():
        return place.resolve()
    file = place or _file(gradebook)
    around = submissions.resolve().parent
    if file is None or (around / CONFIG).is_file():
        return around
    return file.resolve().parent


def _file(url: str) -> Path | None:
    """The file of an SQLite gradebook."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError(f"{url} is not the URL of a database. Give sqlite:///COURSE_DIR/gradebook.db, or COURSE_DIR.") from None
    return Path(found.database) if found.get_backend_name() == "sqlite" and found.database else None


def unreadable_config(path: Path, error: BaseException) -> UsageError:
    """The error for a configuration that nbgrader cannot load."""
    return UsageError(f"{path} cannot be read by nbgrader ({type(error).__name__}: {error}). Fix it first.")


def _config(root: Path) -> Any:
    from traitlets.config import Config, PyFileConfigLoader

    if not (root / CONFIG).is_file():
        return Config()
    before = list(sys.path)
    sys.path.insert(0, str(root))  # as when nbgrader runs there: plugins may lie beside the file
    try:
        return PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    except Exception as error:  # it is a program
        raise unreadable_config(root / CONFIG, error) from None
    finally:
        sys.path[:] = before
