"""Ordinary habits cost no points, by whichever way the same work is looked at: graded as a module or as a notebook, or checked by its
author, as a file or in Jupyter.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from classroom import FULL, copy_course, grader, lines

from grader.course.folder import Course, read_course
from grader.engine import Engine
from grader.integrations.jupyter import check as notebook
from grader.integrations.jupyter.check import check_cells
from grader.integrations.jupyter.history import Ran, cells_that_count
from grader.release.public import public_files

pytestmark = pytest.mark.slow

SCALE = "def scale(x, factor):\n    return x * factor"
TOTAL = """def running_total(x):
    if len(x) == 0:
        raise ValueError("empty")
    return np.cumsum(x)"""
USES_HELPER = "import helper\n\ndef scale(x, factor):\n    return helper.times(x, factor)"
HABITS: dict[str, tuple[str, ...]] = {  # the cells of a student's own, one of which defines `scale`
    "asks-for-input": (f'who = input("name: ")\n{SCALE}',),
    "own-test-fails": (f"{SCALE}\nassert scale(2, 3) == 7", "assert scale(1, 1) == 0, 'still wrong'"),
    "plot-settings": (f'import matplotlib.pyplot as plt\nplt.rcParams["figure.dpi"] = 90\nplt.style.use("ggplot")\n{SCALE}',),
    "get-ipython": (f'ip = get_ipython()\nip.run_line_magic("matplotlib", "inline")\n{SCALE}',),
    "times-a-statement": (f"%time big = np.ones(3)\n{SCALE}", "%time scale(big, 2)"),
    "writes-a-helper": ("%%writefile helper.py\ndef times(x, y):\n    return x * y", USES_HELPER),
    "exits-at-the-end": (SCALE, "import sys\nsys.exit()"),
    "asks-for-help": (f"help(len)\n{SCALE}", "help(scale)"),
    "changes-to-its-own-folder": (f"import os\nos.chdir(os.getcwd())\n{SCALE}",),
    "awaits": (f"import asyncio\nawait asyncio.sleep(0)\n{SCALE}",),
    "absent-decorator": (f"from numba import njit\n@njit\n{SCALE}",),
    "absent-decorator-with-arguments": (f"import numba\n@numba.jit(nopython=True)\n{SCALE}",),
    "prints-a-version": (f"import torch\nprint(torch.__version__)\n{SCALE}", "torch.__version__"),
}


def cells(habit: str) -> list[str]:
    """The code cells of a notebook with a habit."""
    return ["import numpy as np", *HABITS[habit], TOTAL]


def as_module(texts: list[str], folder: Path) -> Path:
    """The cells as a module; what a cell writes is a file beside it."""
    folder.mkdir(parents=True)
    kept = []
    for text in texts:
        if text.startswith("%%writefile "):
            first, _, rest = text.partition("\n")
            (folder / first.split()[1]).write_text(rest)
        else:
            kept.append(text)
    file = folder / "vectors.py"
    file.write_text("\n\n\n".join(kept) + "\n")
    return file


def as_notebook(texts: list[str], folder: Path) -> Path:
    """The cells as a notebook."""
    folder.mkdir(parents=True)
    file = folder / "vectors.ipynb"
    code: list[dict[str, object]] = [
        {"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None} for text in texts
    ]
    file.write_text(json.dumps({"cells": code, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    return file


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course, which says nothing of what may be imported."""
    return copy_course(tmp_path_factory.mktemp("small") / "course")


@pytest.fixture(scope="module")
def graded(small: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """What `grader grade` gives for every habit, as a module and as a notebook."""
    room = tmp_path_factory.mktemp("habits")
    for habit in HABITS:
        as_module(cells(habit), room / "class" / f"{habit}.py" / "vectors")
        as_notebook(cells(habit), room / "class" / f"{habit}.ipynb" / "vectors")
    done = grader("grade", room / "class", "--course", small, "--out", room / "out", "--json", cwd=room)
    return {line["student"]: line["score"] for line in lines(done)}


@pytest.fixture(scope="module")
def student(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Course, Engine]]:
    """A student's course, and what checks in Jupyter."""
    folder, whole = tmp_path_factory.mktemp("student"), read_course(small)
    for path, content in public_files(whole, whole.assignments).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    course = read_course(folder)
    with Engine(course, self_check=True) as engine:
        yield course, engine


@pytest.mark.parametrize("suffix", ["py", "ipynb"])
@pytest.mark.parametrize("habit", HABITS)
def test_graded(graded: dict[str, float], habit: str, suffix: str) -> None:
    """`grader grade` gives all points."""
    assert graded[f"{habit}.{suffix}"] == FULL["vectors"]


@pytest.mark.parametrize("make", [as_module, as_notebook])
@pytest.mark.parametrize("habit", HABITS)
def test_checked_as_a_file(small: Path, tmp_path: Path, habit: str, make: Callable[[list[str], Path], Path]) -> None:
    """`grader check FILE` gives all points."""
    file = make(cells(habit), tmp_path / "own")
    (line,) = lines(grader("check", file, "--course", small, "--json", cwd=tmp_path))
    assert line["score"] == FULL["vectors"]


@pytest.mark.parametrize("habit", HABITS)
def test_checked_in_jupyter(student: tuple[Course, Engine], monkeypatch: pytest.MonkeyPatch, habit: str) -> None:
    """`grader.check` gives all points, by what was run and by the saved file."""
    course, engine = student
    monkeypatch.setattr(notebook, "HOME", course.root)
    monkeypatch.setattr(notebook, "session", notebook.Session(language="en"))
    ran = [Ran(f"In [{place}]", text) for place, text in enumerate(cells(habit), start=1)]
    for saved in (ran, []):
        found = check_cells("vectors", course.assignment("vectors"), cells_that_count(ran, saved, "scale"), engine)
        assert (found.points, found.passed) == (FULL["vectors"], True)
