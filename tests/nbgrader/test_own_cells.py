"""Cells of the instructor's own in a released notebook: left to a person, or executed in a kernel where the course says so."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from both_ways import cells, comments, entry, grade_fast, grader, nbgrader, outputs, scores
from classroom import RIGHT, copy_course, once

from grader.integrations.nbgrader.release_notebook import DIGEST, digest

pytestmark = pytest.mark.slow

SETTING = "\n[nbgrader]\nexecute_other_cells = true\n"
README = "# Vectors\n\nFill in the functions.\n"


def own_cell(name: str, source: str, **about: Any) -> dict[str, Any]:
    """A cell that the instructor adds to the source notebook."""
    marks = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False, "grade_id": name, **about}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": {"nbgrader": marks},
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


OWN = [
    own_cell("own-test", "assert list(scale(np.ones(2), 3)) == [3, 3]", grade=True, locked=True, points=2),
    own_cell("own-partial", "float(len(running_total(np.ones(4)))) / 8", grade=True, locked=True, points=1),
    own_cell("own-essay", "### BEGIN SOLUTION\nprint('plotted')\n### END SOLUTION", grade=True, solution=True, points=4),
]


def make(folder: Path) -> None:
    """The topic vectors with cells of the instructor's own, handed in by ana (right) and bea (nothing), graded without and with them.

    The fast way grades aaron with them, whose cell ends the kernel; nbgrader's own way grades ana and bea alone.
    """
    course = copy_course(folder / "course")
    (course / "assignments" / "vectors" / "README.md").write_text(README)
    room = folder / "left"
    room.mkdir()
    source = room / "source" / "vectors" / "vectors.ipynb"
    source.parent.mkdir(parents=True)
    anchor = own_cell("running_total-points", "") | {"id": "anchor"}
    anchor["metadata"][DIGEST] = digest("")  # a cell of the release before: the instructor's stand behind it
    source.write_text(json.dumps({"cells": [anchor, *OWN], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    released = grader(room, "release", "vectors", "--nbgrader", ".", "--course", "../course")
    assert released.returncode == 0, released.stderr
    for student in ("ana", "bea"):
        (room / "submitted" / student / "vectors").mkdir(parents=True)
        shutil.copy(room / "release" / "vectors" / "vectors.ipynb", room / "submitted" / student / "vectors")
    path = room / "submitted" / "ana" / "vectors" / "vectors.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["id"] in ("scale", "running_total"):
            cell["source"] = "import warnings\nwarnings.warn('careful')\n" + RIGHT["vectors"]
        if cell["id"] == "own-essay":
            cell["source"] = "print('plotted by', scale.__name__)"
    path.write_text(json.dumps(notebook))
    for name in ("executed", "fast-executed"):
        shutil.copytree(room, folder / name)
    dies = folder / "fast-executed" / "submitted" / "aaron" / "vectors"
    shutil.copytree(path.parent, dies)
    (dies / path.name).write_text(json.dumps(notebook).replace("print('plotted by', scale.__name__)", "import os; os._exit(3)"))
    logs = [grade_fast(room, course)]
    with (course / "assignments" / "course.toml").open("a") as file:
        file.write(SETTING)
    logs += [nbgrader(folder / "executed", "autograde", "vectors"), grade_fast(folder / "fast-executed", course)]
    (folder / "log").write_text("\n".join(done.stdout + done.stderr for done in logs))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make` makes."""
    return once(tmp_path_factory, "own-cells", make)


@pytest.mark.parametrize("student", ["ana", "bea"])
def test_both_ways_agree(folder: Path, student: str) -> None:
    """The fast way does with the instructor's own cells what the slow one does."""
    assert entry(folder / "fast-executed", student) == entry(folder / "executed", student)


def test_own_tests_are_left_to_a_person(folder: Path) -> None:
    """Without the setting nobody runs them: they wait for a manual grade, and say so."""
    rows = {row[0]: row[1:] for row in entry(folder / "left", "ana")["grades"]}
    assert rows["own-test"] == rows["own-partial"] == rows["own-essay"] == (None, None, None, 1)
    assert "execute_other_cells = true" in outputs(cells(folder / "left", "ana", "vectors")["own-test"])


def test_our_points_do_not_depend_on_own_cells(folder: Path) -> None:
    """The exercises of the rubric earn the same with and without a kernel, whatever it prints to stderr."""
    for room in ("left", "executed"):
        found = scores(folder / room, "ana")
        assert (found["scale-points"], found["running_total-points"]) == (3, 2)


def test_own_tests_are_executed(folder: Path) -> None:
    """With the setting they earn what nbgrader gives: all, nothing, or a part."""
    ana, bea = (scores(folder / "executed", student) for student in ("ana", "bea"))
    assert (ana["own-test"], ana["own-partial"], bea["own-test"], bea["own-partial"]) == (2, 0.5, 0, 0)


def test_manual_answers_are_executed_and_graded_by_hand(folder: Path) -> None:
    """A manual answer shows its output and waits for a person; one that was not touched gets 0."""
    found = cells(folder / "executed", "ana", "vectors")
    assert "plotted by scale" in outputs(found["own-essay"])
    assert (scores(folder / "executed", "ana")["own-essay"], scores(folder / "executed", "bea")["own-essay"]) == (None, 0)


def test_our_cells_do_not_run_in_the_kernel(folder: Path) -> None:
    """The report is shown under our points, and the visible checks are unchanged."""
    found = cells(folder / "executed", "ana", "vectors")
    assert outputs(found["scale-points"]).startswith("scale: 3 of 3 points")
    assert not found["scale-check"]["outputs"] and not found["self-check"]["outputs"]


def test_comments_are_the_same_with_a_kernel(folder: Path) -> None:
    """Hints come from the grader in both cases."""
    assert comments(folder / "left", "bea") == comments(folder / "executed", "bea")


def test_a_kernel_that_dies_is_one_student_s(folder: Path) -> None:
    """It is said, and the others are in the gradebook as without it, where nbgrader graded them alone."""
    assert (
        "aaron, vectors: entered in the gradebook without a new grade: its cells could not be executed"
        in (folder / "log").read_text()
    )
    for student in ("ana", "bea"):
        assert entry(folder / "fast-executed", student) == entry(folder / "executed", student)


@pytest.mark.parametrize("room", ["left", "fast-executed"])
def test_files_are_shared_where_nothing_runs(folder: Path, room: str) -> None:
    """The instructor's files are links to one copy, but not where students' code runs unprotected and could change that of others."""
    for path in (folder / room / "source" / "vectors").rglob("*.toml"):
        place = path.relative_to(folder / room / "source" / "vectors")
        ana, bea = (folder / room / "autograded" / student / "vectors" / place for student in ("ana", "bea"))
        assert ana.read_bytes() == bea.read_bytes() == path.read_bytes()
        assert ana.samefile(bea) == (room == "left")
