"""The same checks of conv the way others run them: beside the student's code, one process a submission."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

# What an instructor would write by hand: the student's functions and the reference in one process, the calls of our plan.
TESTS = """
import sys
import numpy as np
sys.path.insert(0, {root!r})
from pathlib import Path
from grader.course.folder import PUBLIC_SEED, find_course
from grader.engine.prepare import prepare
from grader.sandbox.child.execute import Executor
from grader.sandbox.outcome import Raised, Returned
from grader.sandbox.values import decode
import conv

ready = prepare(find_course(Path({root!r})).assignment("conv"), PUBLIC_SEED)
student = Executor(vars(conv))

def check(planned):
    for seq in planned.seqs:
        got, expected = student.run(ready.plan.steps[seq]), ready.oracle.outcome(seq)
        assert type(got) is type(expected)
        if isinstance(got, Returned):
            for a, b in zip(parts(decode(got.value)), parts(decode(expected.value))):
                np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)

def parts(value):
    return value if isinstance(value, tuple) else (value,)
"""


def pytest_seconds(root: Path, folder: Path, count: int) -> float:
    """Wall seconds a submission of one `pytest` process each, with a test for each check."""
    folder.mkdir(parents=True)
    shutil.copy(root / "solutions" / "conv.py", folder / "conv.py")
    tests = TESTS.format(root=str(root)) + (
        "import pytest\n"
        "@pytest.mark.parametrize('planned', [c for e in ready.plan.exercises for c in e.checks], ids=lambda c: c.check.name)\n"
        "def test_check(planned):\n    check(planned)\n"
    )
    (folder / "test_conv.py").write_text(tests, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
        "--rootdir",
        str(folder),
        str(folder),
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the comparison's own tests fail:\n{done.stdout[-2000:]}")
    started = time.perf_counter()
    for _ in range(count):
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) / count


def nbgrader_seconds(root: Path, folder: Path, count: int) -> float | None:
    """Wall seconds a submission of `nbgrader autograde`, with a cell for each exercise; None where nbgrader is not installed."""
    if importlib.util.find_spec("nbgrader") is None:
        return None
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n", encoding="utf-8")
    notebook = _notebook(root)
    _write(folder / "source" / "conv" / "conv.ipynb", notebook)
    _nbgrader(folder, "generate_assignment", "conv", "--create")
    for number in range(count):
        shutil.copytree(folder / "source" / "conv", folder / "submitted" / f"student{number}" / "conv")
        _nbgrader(folder, "db", "student", "add", f"student{number}")
    started = time.perf_counter()
    _nbgrader(folder, "autograde", "conv")
    return (time.perf_counter() - started) / count


def _nbgrader(folder: Path, *arguments: str) -> None:
    scripts = str(Path(sys.executable).parent)  # nbgrader calls alembic by its name
    path = os.pathsep.join((scripts, os.environ.get("PATH", "")))
    command = [sys.executable, "-m", "nbgrader", *arguments]
    subprocess.run(command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, check=True)


def _notebook(root: Path) -> dict[str, Any]:
    setup = TESTS.format(root=str(root)).replace("import conv\n", "").replace("vars(conv)", "globals()")
    cells = [
        _cell((root / "solutions" / "conv.py").read_text(encoding="utf-8"), "solution", solution=True),
        _cell(setup, "setup", grade=True, points=0),
    ]
    for place in range(4):
        source = f"for planned in ready.plan.exercises[{place}].checks:\n    check(planned)\n"
        cells.append(_cell(source, f"exercise{place}", grade=True, points=2.5))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


def _cell(source: str, name: str, *, grade: bool = False, solution: bool = False, points: float = 0) -> dict[str, Any]:
    marks = {"schema_version": 3, "grade": grade, "solution": solution, "locked": grade, "task": False, "grade_id": name}
    if grade:
        marks["points"] = points
    return {
        "cell_type": "code",
        "id": name,
        "source": source,
        "metadata": {"nbgrader": marks},
        "outputs": [],
        "execution_count": None,
    }


def _write(path: Path, notebook: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
