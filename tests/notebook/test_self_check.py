"""`grader.check` on cells: what it finds, what it is worth, and what it says where nothing can be checked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import PATIENCE, environment

from grader.course.folder import Course, read_course
from grader.engine import Engine, grade_one
from grader.errors import SandboxError, UsageError
from grader.integrations.jupyter import check as notebook
from grader.integrations.jupyter.check import Checked, check, check_cells
from grader.integrations.jupyter.history import Ran, as_last_run

pytestmark = pytest.mark.slow

SCALE = "import numpy as np\ndef scale(x, factor):\n    return x * factor"
STUB = "def scale(x, factor):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


@pytest.fixture
def course(student_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """A student's course, with the notebook in its folder, and nothing remembered of earlier checks."""
    monkeypatch.setattr(notebook, "HOME", student_folder)
    monkeypatch.setattr(notebook, "session", notebook.Session(language="en"))
    return read_course(student_folder)


def checked(course: Course, *texts: str, name: str = "scale") -> Checked:
    """The check of an exercise after cells of these texts were run."""
    cells = as_last_run([Ran(f"In [{place}]", text) for place, text in enumerate(texts, start=1)])
    with Engine(course, self_check=True) as engine:
        return check_cells(name, course.assignment("vectors"), cells, engine)


def test_right_function_earns_its_points(course: Course) -> None:
    """All points of the exercise by what can be told here, and the text says what waits for submission."""
    found = checked(course, SCALE)
    assert (found.points, found.passed) == (3.0, True)
    assert "✓ scale  2 of 2" in repr(found) and "1 more are decided on submission" in repr(found)


def test_part_of_the_checks_earns_part_of_the_points(course: Course) -> None:
    """Wrong values, right direction: one of the two checks that run here."""
    found = checked(course, "def scale(x, factor):\n    return 3 * x")
    assert (found.points, found.passed) == (1.5, False)


def test_mistake_is_named_without_the_reference(course: Course) -> None:
    """A student's copy knows misconceptions by what comes of them."""
    assert not (course.root / "reference").exists()
    assert "Is it a sum or a product?" in repr(checked(course, "def scale(x, factor):\n    return x + factor"))


@pytest.mark.parametrize("texts", [(STUB,), ("import numpy as np",), ()], ids=["stub", "not-run", "nothing"])
def test_nothing_written_earns_nothing(course: Course, texts: tuple[str, ...]) -> None:
    """A stub, or a cell that was not run, is worth 0 and no error."""
    assert checked(course, *texts).points == 0.0


def test_cell_that_was_not_run_is_said(course: Course) -> None:
    """What to do first is said."""
    assert "`scale` is not defined yet: run the cell that defines it" in repr(checked(course, "x = 1"))


def test_place_of_an_exception_is_that_in_the_notebook(course: Course) -> None:
    """An exception is placed in its cell and its line there."""
    text = repr(checked(course, "import numpy as np", "\n\ndef scale(x, factor):\n    return x * factr"))
    assert "(In [2], line 4: `return x * factr`)" in text


def test_all_exercises_of_a_topic(course: Course) -> None:
    """The topic's name checks all of it."""
    found = checked(course, SCALE, name="vectors")
    assert [exercise.name for exercise in found.grade.exercises] == ["scale", "running_total"] if found.grade else False
    assert found.points == 3.0


def test_module_beside_the_notebook(course: Course) -> None:
    """A file of the student's that a cell imports goes along."""
    file = course.root / "mine.py"
    file.write_text("def product(x, y):\n    return x * y\n")
    try:
        assert checked(course, "import mine\ndef scale(x, factor):\n    return mine.product(x, factor)").points == 3.0
    finally:
        file.unlink()


def test_same_cells_are_not_run_again(course: Course) -> None:
    """The points of an exercise come from the check that was shown."""
    assert checked(course, SCALE) is checked(course, SCALE)
    assert checked(course, SCALE) is not checked(course, SCALE.replace("x * factor", "factor * x"))


def test_code_runs_in_the_sandbox(course: Course, tmp_path: Path) -> None:
    """Student code cannot write files of this process, and does not end it."""
    mark = tmp_path / "mark"
    checked(course, f"def scale(x, factor):\n    open({str(mark)!r}, 'w').write('here')\n    return x * factor")
    checked(course, "import os\ndef scale(x, factor):\n    os._exit(0)")
    assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("scael", "no exercise is called 'scael'. Did you mean 'scale'?"),
        (len, 'grader.check takes the name of an exercise in quotes: grader.check("len")'),
    ],
)
def test_name_that_is_none(course: Course, monkeypatch: pytest.MonkeyPatch, name: str, said: str) -> None:
    """A wrong name is answered with the right ones, in the notebook, without a traceback."""
    monkeypatch.setattr(notebook, "cells_run", list)
    found = check(name)
    assert repr(found) == said
    assert "grader-check" in found._repr_html_()


def test_points_of_what_could_not_be_checked(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are an error, never 0."""
    monkeypatch.setattr(notebook, "cells_run", list)
    with pytest.raises(UsageError, match="no exercise is called"):
        check("scael").points  # noqa: B018


def test_course_that_is_not_there(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the exercises should be is said."""
    monkeypatch.setattr(notebook, "HOME", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(notebook, "cells_run", list)
    assert "there should be a folder `assignments` beside this notebook" in repr(check("scale"))


def broken(*_arguments: object) -> None:
    """A sandbox that fails."""
    raise SandboxError("no space left")


def test_failed_sandbox(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of the sandbox is told as one; its points are an error."""
    monkeypatch.setattr(notebook, "cells_run", lambda: [Ran("In [1]", SCALE)])
    monkeypatch.setattr(grade_one, "run", broken)
    found = check("scale")
    assert "the sandbox failed: no space left" in repr(found)
    with pytest.raises(UsageError, match="the sandbox failed"):
        found.points  # noqa: B018


def test_fault_under_nbgrader_leaves_the_submission_ungraded(tmp_path: Path) -> None:
    """Under `nbgrader autograde`, where an exception would be a 0, the kernel ends."""
    code = "from grader.integrations.jupyter.check import Checked; Checked('scale', problem='no course').points"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(NBGRADER_EXECUTION="autograde"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (3, f"grader: no course{os.linesep}")


def test_what_changed_since_the_last_check_is_said(course: Course) -> None:
    """The first check of a name says nothing of changes, a later one what the change brought."""
    topic = course.assignment("vectors")
    wrong = notebook._since_last(checked(course, "def scale(x, factor):\n    return 3 * x"), topic)
    right = notebook._since_last(checked(course, SCALE), topic)
    assert wrong.since == "" and right.since.startswith("since the last check: +") and "1 newly right" in right.since
    assert right.since in repr(right) and right.since in right._repr_html_()
