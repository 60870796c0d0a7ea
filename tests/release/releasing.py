"""What the tests of releasing share: notebooks of the real course, files on disk, nbgrader's own commands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import forked
import nbformat
from classroom import PATIENCE, environment
from nbgrader.api import Gradebook

from grader.course.folder import Assignment
from grader.course.rubric import read_rubric
from grader.integrations.nbgrader.cell_points import cell_points
from grader.integrations.nbgrader.release_notebook import topic_notebook
from grader.release.public import Files

SECRET = "7a1f5b0c-nobody-may-know-this"
STATEMENT = "# Vectors\n\nA formula, $y_{i} = c\\,x_{i}$, and a picture of it.\n"


def source_notebook(assignment: Assignment) -> nbformat.NotebookNode:
    """The source notebook of an assignment of the real course, in English."""
    points, _by_hand = cell_points(read_rubric(assignment))
    statement = (assignment.folder / "README.md").read_text(encoding="utf-8")
    return topic_notebook(assignment.solution.read_text(encoding="utf-8"), assignment.solution, statement, points, "en")


def write(files: Files, folder: Path) -> Path:
    """Write files below a folder; returns it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def nbgrader(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One of nbgrader's own commands, in its course's folder."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # where alembic is
    return forked.run(["nbgrader", *arguments], folder, environment(PATH=path), PATIENCE)


def gradebook(folder: Path) -> Gradebook:
    """The gradebook of nbgrader's course in `folder`."""
    return Gradebook(f"sqlite:///{folder}/nbgrader/gradebook.db")


def copied(original: Path, folder: Path) -> Path:
    """A copy of a released course, whose configuration names the copy."""
    shutil.copytree(original, folder)
    config = folder / "nbgrader" / "nbgrader_config.py"
    config.write_text(config.read_text().replace(str(original), str(folder)))
    return folder
