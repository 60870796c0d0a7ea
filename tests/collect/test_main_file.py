"""Which file is graded where several could be meant: the one in which most is written."""

import json
from pathlib import Path

import pytest

from grader.submissions.find_class import read_class
from grader.submissions.main_file import written
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.submission import Submission

NAMES = ("scale", "running_total")
SCAFFOLD = Scaffold("", NAMES)
STUB = "".join(f"def {name}(x):\n    raise NotImplementedError\n\n\n" for name in NAMES)
HALF = STUB.replace("raise NotImplementedError", "return x", 1)
DONE = STUB.replace("raise NotImplementedError", "return x")


def notebook(text: str) -> str:
    """A notebook with one cell of code."""
    cell = {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4})


def handed_in(folder: Path, files: dict[str, str]) -> Submission:
    """What is read of ana's files for `vectors`."""
    for place, text in files.items():
        path = folder / "ana" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found, _notes = read_class(folder, ["vectors"], {"vectors": SCAFFOLD})
    (item,) = found
    return item.read()


@pytest.mark.parametrize(
    ("files", "graded"),
    [
        pytest.param({"vectors.py": DONE, "vectors.ipynb": notebook(STUB)}, "vectors.py", id="the notebook is untouched"),
        pytest.param({"vectors.py": STUB, "vectors.ipynb": notebook(DONE)}, "vectors.ipynb", id="the module is untouched"),
        pytest.param({"vectors.py": HALF, "vectors.ipynb": notebook(HALF)}, "vectors.ipynb", id="as much in both"),
        pytest.param({"vectors.py": STUB, "vectors (1).py": DONE}, "vectors (1).py", id="a copy"),
        pytest.param({"vectors.py": DONE, "vectors (1).py": HALF}, "vectors.py", id="a copy with less"),
        pytest.param({"vectors.py": HALF, "final/vectors.py": DONE}, "final/vectors.py", id="in a folder"),
        pytest.param({"vectors.py": STUB, "mine.py": DONE, "helpers.py": "x = 1\n"}, "mine.py", id="another name"),
        pytest.param({"vectors.py": STUB, "mine.ipynb": notebook(HALF)}, "mine.ipynb", id="a notebook of another name"),
        pytest.param({"a.py": DONE, "b.py": STUB, "c.py": ""}, "a.py", id="no file of that name"),
        pytest.param({"vectors.ipynb": "{broken", "vectors.py": DONE}, "vectors.py", id="the notebook is damaged"),
    ],
)
def test_the_file_in_which_most_is_written_is_graded(tmp_path: Path, files: dict[str, str], graded: str) -> None:
    """Of several files that could be meant, that one is graded; the report names it, and the others with what is written in them."""
    found = handed_in(tmp_path, {f"vectors/{name}": text for name, text in files.items()})
    assert not found.problem
    assert found.file == f"vectors/{graded}"
    assert found.choice.startswith(f"vectors/{graded} was graded, with ")


def test_what_is_graded_is_the_text_of_that_file(tmp_path: Path) -> None:
    """A copy takes the place of the assignment's file, and its own folder's modules are those it imports."""
    files = {"vectors/vectors.py": STUB, "vectors/new/vectors.py": f"import helper\n{DONE}", "vectors/new/helper.py": "y = 2\n"}
    found = handed_in(tmp_path, files | {"vectors/helper.py": "y = 1\n"})
    assert found.source is not None
    assert found.source.modules == {"vectors": f"import helper\n{DONE}", "helper": "y = 2\n"}


@pytest.mark.parametrize(
    "files", [{"a.py": DONE, "b.py": DONE}, {"a.py": STUB, "b.py": STUB}], ids=["two finished", "none begun"]
)
def test_two_files_of_other_names_with_as_much_are_not_chosen_between(tmp_path: Path, files: dict[str, str]) -> None:
    """Where neither names nor texts tell, the submission says which files there are."""
    found = handed_in(tmp_path, {f"vectors/{name}": text for name, text in files.items()})
    assert found.problem == "vectors.py is missing; vectors/ holds a.py, b.py"


def test_one_file_needs_no_reason(tmp_path: Path) -> None:
    """A submission with one file for the assignment names it and says no more; helpers beside it are not rivals."""
    found = handed_in(tmp_path, {"vectors/vectors.py": HALF, "vectors/helpers.py": "x = 1\n"})
    assert (found.file, found.choice) == ("vectors/vectors.py", "")


def test_the_stub_that_comes_with_a_released_notebook_is_no_other_file(tmp_path: Path) -> None:
    """nbgrader's students hand in what they fetched, the small course beside the notebook too; who wrote into its stub is told of."""
    files = {"vectors/vectors.ipynb": notebook(DONE), "vectors/assignments/vectors/vectors.py": STUB}
    found = handed_in(tmp_path / "as released", files)
    assert (found.file, found.choice) == ("vectors/vectors.ipynb", "")
    found = handed_in(tmp_path / "written", files | {"vectors/assignments/vectors/vectors.py": HALF})
    assert "also handed in: vectors/assignments/vectors/vectors.py (1)" in found.choice


def test_a_file_in_an_archive_is_named_with_it(tmp_path: Path) -> None:
    """The archive stands before the name of its member."""
    import zipfile

    (tmp_path / "ana").mkdir()
    with zipfile.ZipFile(tmp_path / "ana" / "work.zip", "w") as archive:
        archive.writestr("task/vectors.py", DONE)
    assert handed_in(tmp_path, {}).file == "work.zip: task/vectors.py"


@pytest.mark.parametrize(
    ("text", "share", "whole"),
    [
        (STUB, 0, 0),
        (HALF, 1, 1),
        (DONE, 2, 2),
        ("def other(x):\n    return x\n", 0, 0),
        ("class scale:\n    def a(self):\n        return 1\n    def b(self):\n        raise NotImplementedError\n", 0.5, 0),
        ("def scale(x):\n  return 1\ndef scale(x):\n  raise NotImplementedError\n", 0, 0),
        ("def scale(x", 1, 1),
        ("", 0, 0),
    ],
    ids=["stub", "half", "done", "another function", "half a class", "defined again", "cut off", "empty"],
)
def test_how_much_is_written(text: str, share: float, whole: int) -> None:
    """A function counts unless it raises NotImplementedError, a class by its methods; the last definition of a name counts."""
    assert written(text, NAMES) == (share, whole)
