"""Notebooks among what a class hands in: found beside `.py` files, in folders and in zip files."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from classroom import RIGHT, copy_course, grader, scores, submitted_at

from grader.course.folder import find_course
from grader.submissions.find_class import read_class
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.submission import Submission

pytestmark = pytest.mark.slow


def notebook(text: str, **more: Any) -> bytes:
    """A notebook with one cell."""
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None, **more}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def put(folder: Path, student: str, data: bytes, name: str = "vectors.ipynb") -> None:
    """Hand in a file for vectors."""
    path = folder / student / "vectors" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def read(path: Path, course: Path) -> dict[str, Submission]:
    """What was handed in for vectors, by student."""
    assignment = find_course(course).assignment("vectors")
    found, _notes = read_class(path, ["vectors"], {"vectors": read_scaffold(assignment)})
    return {item.student: item.read() for item in found}


def test_class_of_both_kinds(tmp_path: Path) -> None:
    """Without nbgrader, notebooks and modules of a class are graded alike."""
    course = copy_course(tmp_path / "course")
    put(tmp_path / "class", "ana", notebook(RIGHT["vectors"]))
    submitted_at(tmp_path / "class", "bea")
    put(tmp_path / "class", "caro", b"{")
    done = grader("grade", "class", "--course", course, "--json", cwd=tmp_path)
    assert scores(done) == {("ana", "vectors"): 5.0, ("bea", "vectors"): 5.0, ("caro", "vectors"): 0.0}


def test_notebook_counts_where_there_are_both(tmp_path: Path, small_course: Path) -> None:
    """As for nbgrader, which looks at notebooks only."""
    put(tmp_path, "ana", notebook(RIGHT["vectors"]))
    submitted_at(tmp_path, "ana", text="nothing_here")
    found = read(tmp_path, small_course)["ana"]
    assert found.is_notebook and found.source is not None and "nothing_here" not in str(found.source.modules)


def test_in_a_zip(tmp_path: Path, small_course: Path) -> None:
    """A notebook in a student's zip is read as one in a folder."""
    with zipfile.ZipFile(tmp_path / "ana.zip", "w") as archive:
        archive.writestr("vectors/vectors.ipynb", notebook(RIGHT["vectors"]))
    put(tmp_path, "bea", notebook(RIGHT["vectors"]))
    found = read(tmp_path, small_course)
    assert found["ana"].hash == found["bea"].hash


def test_outputs_are_not_part_of_the_work(tmp_path: Path, small_course: Path) -> None:
    """Running a notebook again and saving it is not a new submission."""
    put(tmp_path, "ana", notebook(RIGHT["vectors"]))
    put(tmp_path, "bea", notebook(RIGHT["vectors"], outputs=[{"output_type": "stream", "name": "stdout", "text": "7"}]))
    found = read(tmp_path, small_course)
    assert found["ana"].hash == found["bea"].hash


@pytest.mark.parametrize("name", ["homework.ipynb", "Vectors.ipynb"])
def test_notebook_of_another_name(tmp_path: Path, small_course: Path, name: str) -> None:
    """The only notebook in the place of one is taken for it, whatever its name."""
    put(tmp_path, "ana", notebook(RIGHT["vectors"]), name)
    found = read(tmp_path, small_course)["ana"]
    assert (found.problem, found.is_notebook) == ("", True)
