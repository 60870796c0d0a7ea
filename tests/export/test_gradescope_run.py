"""What was uploaded to Gradescope, as a submission."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from classroom import RIGHT

from grader.course.folder import find_course
from grader.integrations.gradescope.run import Metadata, read_metadata
from grader.integrations.upload import read_submission
from grader.submissions.submission import Submission


def read(course: Path, folder: Path, **files: str | bytes) -> tuple[Submission, list[str]]:
    """The submission that these files are (`__` stands for a folder's slash), and the notes."""
    for name, content in files.items():
        place = folder / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    submitted, notes = read_submission(folder, find_course(course).assignment("vectors"), "ana")
    return submitted.read(), notes


def modules(course: Path, folder: Path, **files: str | bytes) -> dict[str, str]:
    """The modules of the submission that these files are."""
    submission, _ = read(course, folder, **files)
    assert submission.source is not None, submission.problem
    return submission.source.modules


@pytest.mark.parametrize("name", ["vectors.py", "vectors__vectors.py", "work__src__vectors.py", "vectors (1).py", "homework.py"])
def test_names(small_course: Path, tmp_path: Path, name: str) -> None:
    """The file may lie and be called as students upload it."""
    assert modules(small_course, tmp_path, **{name: "x = 1\n"}) == {"vectors": "x = 1\n"}


def test_helper(small_course: Path, tmp_path: Path) -> None:
    """Other modules come along; links and hidden folders do not."""
    (tmp_path / "link.py").symlink_to("/etc/hostname")
    assert modules(small_course, tmp_path, **{"vectors.py": "a\n", "helper.py": "b\n", ".git__hook.py": "c\n"}) == {
        "vectors": "a\n",
        "helper": "b\n",
    }


def test_zip_file(small_course: Path, tmp_path: Path) -> None:
    """An archive in the upload is looked into."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("work/vectors.py", "x = 1\n")
    assert modules(small_course, tmp_path, **{"work.zip": data.getvalue()}) == {"vectors": "x = 1\n"}


def test_the_finished_file_is_graded(small_course: Path, tmp_path: Path) -> None:
    """Of the stub and a copy that is filled, the copy is graded, and the submission says so."""
    stub = (small_course / "assignments" / "vectors" / "vectors.py").read_text()
    submission, _ = read(small_course, tmp_path, **{"vectors.py": stub, "vectors (1).py": RIGHT["vectors"]})
    assert (submission.file, submission.choice[:26]) == ("vectors (1).py", "vectors (1).py was graded,")


def test_notebook(small_course: Path, tmp_path: Path) -> None:
    """A notebook is read as one."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None, "source": RIGHT["vectors"]}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}
    submission, _ = read(small_course, tmp_path, **{"vectors.ipynb": json.dumps(notebook)})
    assert submission.is_notebook and submission.source is not None, submission.problem


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        ({}, "vectors.py is missing; nothing was handed in"),
        ({"a.txt": "x"}, "vectors.py is missing; vectors/ holds a.txt"),
        ({"vectors.py": b"\xff"}, "vectors.py is not UTF-8 text; save it as UTF-8"),
        ({"vectors.zip": b"PK\3\4"}, "the zip file cannot be read: File is not a zip file"),
    ],
)
def test_problem(small_course: Path, tmp_path: Path, files: dict[str, str | bytes], problem: str) -> None:
    """What cannot be read is a submission that says why."""
    assert read(small_course, tmp_path, **files)[0].problem == problem


@pytest.mark.parametrize("text", ["", "{", "[]", '{"users": null}', '{"id": [1]}', "{}"])
def test_other_metadata(tmp_path: Path, text: str) -> None:
    """Where Gradescope says something else about the submission, nothing is known of it; grading goes on."""
    (tmp_path / "m.json").write_text(text)
    assert read_metadata(tmp_path / "m.json") == Metadata()


def test_no_metadata(tmp_path: Path) -> None:
    """Nor where it says nothing."""
    assert read_metadata(tmp_path / "m.json") == Metadata()
