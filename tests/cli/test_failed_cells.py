"""A notebook with cells that failed: everybody who reads its grade is told which, as `grader check` tells it."""

import json
from pathlib import Path

import pytest
from classroom import RIGHT, copy_course, grader, honest, lines

FAULT, SECOND, MAGIC = (
    "ZeroDivisionError: division by zero",
    "cell 4, line 1",
    "`%timeit 3` works in Jupyter only and was not run",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class that was graded: all is right, but two cells of ana's notebook failed, and a line was not run."""
    folder = tmp_path_factory.mktemp("class")
    copy_course(folder / "course")
    notebook = honest(folder / "class", "bea").parent / "class" / "ana" / "vectors" / "vectors.ipynb"
    notebook.parent.mkdir(parents=True)
    cells = [
        {"cell_type": "code", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for text in (RIGHT["vectors"], "%timeit 3", "1 / 0", "open('nothing')")
    ]
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))
    done = run(folder, "grade", folder / "class")
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path, command: str, *arguments: object):
    """A command on the class."""
    return grader(command, *arguments, "--course", folder / "course", "--out", folder / "out", cwd=folder)


def test_the_class_table_has_the_first_and_how_many_more_there_are(folder: Path) -> None:
    """The row says that all is right, which cell failed, and that another one did; a line that was not run is not named there."""
    (row,) = (" ".join(part.split()) for part in run(folder, "show").stdout.split("\nana ")[1].split("\nbea ")[:1])
    assert f"all right; cell 3, line 1: {FAULT}; 1 more cell failed" in row and "timeit" not in row


def test_a_submission_that_is_shown_has_all_of_them(folder: Path) -> None:
    """`grader show` ends with every note on a cell."""
    shown = run(folder, "show", "ana", "vectors").stdout
    assert all(text in shown for text in (f"cell 3, line 1: {FAULT}", SECOND, MAGIC))


@pytest.mark.parametrize("form", ["html", "md", "eml"])
def test_the_student_is_told_in_the_feedback(folder: Path, form: str) -> None:
    """Every form of a page given back has the notes."""
    done = run(folder, "feedback", "vectors", "-f", form, "--to", folder / form)
    assert done.returncode == 0, done.stderr
    (page,) = (folder / form / "ana").iterdir()
    text = page.read_text().replace("\\", "")
    assert FAULT in text and SECOND in text and "%timeit 3" in text


def test_json_has_them_by_cell_and_line(folder: Path) -> None:
    """The grade has notes, in order: what was not run, and then what failed."""
    (grade,) = (line for line in lines(run(folder, "show", "ana", "--json")))
    assert [(note["cell"], note["line"], note["removed"]) for note in grade["notes"]] == [
        (2, 1, "%timeit 3"),
        (3, 1, ""),
        (4, 1, ""),
    ]


def test_gradescope_shows_them_above_the_tests(folder: Path) -> None:
    """The text of the whole submission has them."""
    done = run(folder, "export", "vectors", "--format", "gradescope", "--to", folder / "gradescope")
    assert done.returncode == 0, done.stderr
    (path,) = (folder / "gradescope").rglob("ana/results.json")
    output = json.loads(path.read_text())["output"].replace("\\", "")
    assert FAULT in output and SECOND in output
