"""The self-check and grading give the same verdicts: on odd notebooks, both by what was run and by the saved file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.course.folder import read_course
from grader.engine import Engine
from grader.integrations.jupyter import check as notebook
from grader.integrations.jupyter.check import check_cells
from grader.integrations.jupyter.history import Ran, cells_that_count
from grader.judge.verdicts import Grade
from grader.submissions.files import File, Held
from grader.submissions.notebook import source
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import SubmittedFiles

pytestmark = pytest.mark.slow

SETUP = ("import numpy as np", "setup")
RIGHT = "def scale(x, factor):\n    return x * factor"
WRONG = "def scale(x, factor):\n    return x + factor"
Texts = tuple[str | tuple[str, str], ...]
ODD: dict[str, tuple[Texts, str]] = {
    "right": ((SETUP, (RIGHT, "scale")), "passed"),
    "wrong": ((SETUP, (WRONG, "scale")), "failed"),
    "stub": ((SETUP, ("def scale(x, factor):\n    raise NotImplementedError()", "scale")), "skipped"),
    "failed-try-above": ((SETUP, (f"print(1 / 0)\n{RIGHT}", "scale")), "passed"),
    "failed-try-in-another-cell": ((SETUP, "1 / 0", (RIGHT, "scale"), "scale(1)"), "passed"),
    "get-ipython": ((SETUP, (f'ip = get_ipython()\nip.run_line_magic("matplotlib", "inline")\n{RIGHT}', "scale")), "passed"),
    "input": ((SETUP, (f'who = input("name: ")\n{RIGHT}', "scale")), "passed"),
    "plot-settings": (
        (SETUP, ('import matplotlib.pyplot as plt\nplt.rcParams["figure.dpi"] = 90\n' + RIGHT, "scale")),
        "passed",
    ),
    "writefile": (
        (SETUP, "%%writefile mine.py\ndef times(x, y):\n    return x * y", (f"from mine import times\n{RIGHT}", "scale")),
        "passed",
    ),
    "writefile-added": (
        (
            SETUP,
            "%%writefile mine.py\nTWO = 2\n",
            "%%writefile -a mine.py\ndef times(x, y):\n    return x * y * TWO / 2",
            ("from mine import times as scale", "scale"),
        ),
        "passed",
    ),
    "setup-changed": (
        (("import numpy as np\nimport math", "setup"), (f"{RIGHT} * math.sqrt(1)", "scale")),
        "failed",
    ),
    "needs-a-later-cell": (
        (SETUP, ("def scale(x, factor):\n    return times(x, factor)", "scale"), "times = np.multiply"),
        "passed",
    ),
    "constant-changed-below": ((SETUP, "SIGN = 1", (f"{RIGHT} * SIGN", "scale"), "SIGN = -1"), "failed"),
    "deleted-below": ((SETUP, (RIGHT, "scale"), "del scale"), "skipped"),
    "name-taken-below": ((SETUP, (RIGHT, "scale"), "for scale in range(3):\n    pass"), "failed"),
    "magics": ((SETUP, "%matplotlib inline\n!ls", (f"%%time\n{RIGHT}", "scale")), "passed"),
    "shell-value": ((SETUP, "files = !ls", (f"{RIGHT} * len(files)", "scale")), "failed"),
    "never-ends": ((SETUP, (f"while True:\n    pass\n{RIGHT}", "scale")), "passed"),
    "syntax": ((SETUP, (f"{RIGHT}\nx = (", "scale")), "failed"),
    "exit": ((SETUP, f"{RIGHT}\nexit()", "x = 1"), "passed"),
    "numpy-changed": ((SETUP, (f"{RIGHT} * np.ONE", "scale"), "np.ONE = 1"), "passed"),
    "decorated": ((SETUP, "import functools", (f"@functools.wraps(print)\n{RIGHT}", "scale")), "passed"),
    "prints": ((SETUP, "for i in range(10000):\n    print(i)", (RIGHT, "scale")), "passed"),
}


def document(texts: Texts) -> list[dict[str, Any]]:
    """The cells of a notebook's file; with a name, nbgrader knows them."""
    cells = []
    for item in texts:
        text, name = item if isinstance(item, tuple) else (item, "")
        marks = {"schema_version": 3, "grade_id": name, "grade": False, "solution": name != "setup", "locked": name == "setup"}
        cells.append({"cell_type": "code", "source": text, "metadata": {"nbgrader": marks} if name else {}})
    return cells


def verdicts(grade: Grade) -> dict[str, str]:
    """What is said of the checks that are decided."""
    return {check.name: check.verdict for found in grade.exercises for check in found.checks if not check.at_hand_in}


@pytest.fixture(scope="module")
def engines(small_course: Path, student_folder: Path) -> Iterator[tuple[Engine, Engine]]:
    """The student's, and the instructor's."""
    with Engine(read_course(student_folder), self_check=True) as student, Engine(read_course(small_course), weak=True) as graders:
        yield student, graders


@pytest.mark.parametrize("name", ODD)
def test_same_verdicts(engines: tuple[Engine, Engine], student_folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whatever is odd about a notebook: what the self-check decides, grading decides in the same way."""
    monkeypatch.setattr(notebook, "HOME", student_folder)
    monkeypatch.setattr(notebook, "session", notebook.Session(language="en"))
    if name == "never-ends":
        monkeypatch.setattr(source, "CELL_SECONDS", 1)  # both read it there; it would be run for five times as long
    student, graders = engines
    texts, verdict = ODD[name]
    cells = document(texts)
    data = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4, "metadata": {}}).encode()
    scaffold = read_scaffold(graders.course.assignment("vectors"))
    submitted = SubmittedFiles("you", "vectors", (File(("vectors", "vectors.ipynb"), Held(data)),), scaffold)
    graded = verdicts(graders.grade(submitted.read(), graders.prepare("vectors", only="scale")).grade)
    file = [Ran(f"cell {place}", cell["source"], cell["metadata"]) for place, cell in enumerate(cells, start=1)]
    ran = [Ran(f"In [{place}]", cell["source"]) for place, cell in enumerate(cells, start=1)]
    for saved in (file, file[:1]):  # all of it, and only the setup: then what was run counts
        found = check_cells("scale", student.course.assignment("vectors"), cells_that_count(ran, saved, "scale"), student)
        assert found.grade is not None and verdicts(found.grade).items() <= graded.items()
        assert verdict in verdicts(found.grade).values() or (verdict == "skipped" and found.points == 0)
