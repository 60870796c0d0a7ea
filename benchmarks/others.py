"""The same checks of conv the way others run them, and ours: `python benchmarks/others.py [--count N] [--keep]`.

Elsewhere the checks run beside the student's code, in one process a submission or more. Everybody hands in the solution. Ours is the slope
between a small class and a larger one, because what is prepared for a class is prepared once; the others start anew for each.
"""

import argparse
import importlib.util
import json
import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.apart import NotInstalledError  # noqa: E402
from benchmarks.others_apart import check50, otter  # noqa: E402
from benchmarks.processes import grading  # noqa: E402
from benchmarks.results import Results  # noqa: E402
from benchmarks.same_checks import ENVIRONMENT, EXERCISES, TESTS, Cost, each, run  # noqa: E402

SMALL = 10
POINTS = 2  # for each, in nbgrader


def main() -> None:
    """Measure everybody and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5, help="submissions for each of the others")
    parser.add_argument("--more", type=int, default=100, help="submissions by which our classes differ")
    parser.add_argument("--repeat", type=int, default=3, help="pairs of our classes, of which the median counts")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    asked = parser.parse_args()
    results = Results("others")
    results.keeping = asked.keep
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        classes = [_class(folder / "classes" / str(count), count) for count in (SMALL, SMALL + asked.more)]
        slopes = [ours(classes, folder / "ours", asked.more) for _ in range(asked.repeat)]
        our = statistics.median(wall for wall, _ in slopes), statistics.median(cpu for _, cpu in slopes)
        _tell(results, "ours, the slope of a class", our, our, "")
        ways: dict[str, Callable[[Path, int], tuple[Cost, str]]] = {
            "one `pytest` process a submission": pytest_,
            "`nbgrader autograde`, the checks in a notebook": nbgrader,
            "`otter run`, the checks in its test files": otter,
            "`check50 --dev`, a check for each": check50,
        }
        for number, (what, way) in enumerate(ways.items()):
            try:
                cost, version = way(folder / str(number), asked.count)
            except (NotInstalledError, RuntimeError) as error:  # the others are measured all the same
                why = "not installed here" if isinstance(error, NotInstalledError) else "does not run here"
                print(f"{what}: {why}: {error}", flush=True)
                results.keep({"figure": what}, {"missing": why})
            else:
                _tell(results, what, cost, our, version)


def _tell(results: Results, what: str, cost: Cost, our: Cost, version: str) -> None:
    (wall, cpu), times = cost, [one / ours for one, ours in zip(cost, our, strict=True)]
    said = f"{what}{f' ({version})' if version else ''}"
    print(f"{said}: {1000 * wall:.0f} ms, {1000 * cpu:.0f} ms of CPU; {times[0]:.0f} and {times[1]:.0f} times ours", flush=True)
    figures = {"version": version, "ms": round(1000 * wall, 1), "cpu_ms": round(1000 * cpu, 1)}
    results.keep({"figure": what}, figures | {"ours_ms": round(1000 * our[0], 1), "ours_cpu_ms": round(1000 * our[1], 1)})


def ours(classes: list[Path], out: Path, more: int) -> Cost:
    """Of one submission more."""
    costs = []
    for submissions in classes:
        shutil.rmtree(out, ignore_errors=True)
        command = [sys.executable, "-m", "grader", *grading(submissions, ROOT, out)]
        costs.append(run(command, ROOT, ENVIRONMENT | {"PYTHONPATH": str(ROOT)}))
    (wall, cpu), (larger_wall, larger_cpu) = costs
    return (larger_wall - wall) / more, (larger_cpu - cpu) / more


def pytest_(folder: Path, count: int) -> tuple[Cost, str]:
    """One `pytest` process each, with a test for each check."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / "conv.py", folder / "conv.py")
    tests = TESTS.format(root=str(ROOT)) + (
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
    run(command, folder)  # compiles
    return each([run(command, folder) for _ in range(count)], count), _version("pytest")


def nbgrader(folder: Path, count: int) -> tuple[Cost, str]:
    """`nbgrader autograde` of a class, with a cell for each exercise.

    Raises:
        NotInstalledError: nbgrader is an extra of ours, and not installed.
    """
    if importlib.util.find_spec("nbgrader") is None:
        raise NotInstalledError("pip install 'dl-grader[nbgrader]'")
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'bench'\n", encoding="utf-8")
    _write(folder / "source" / "conv" / "conv.ipynb", _notebook(ROOT))
    _nbgrader(folder, "generate_assignment", "conv", "--create")
    for number in range(count):
        shutil.copytree(folder / "source" / "conv", folder / "submitted" / f"student{number}" / "conv")
        _nbgrader(folder, "db", "student", "add", f"student{number}")
    cost = _nbgrader(folder, "autograde", "conv")
    with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        if gradebook.execute("select sum(auto_score) from grade").fetchone()[0] != POINTS * EXERCISES * count:
            raise RuntimeError("the comparison's own cells fail")
    return each([cost], count), _version("nbgrader")


def _class(folder: Path, count: int) -> Path:
    for number in range(count):
        topic = folder / f"student{number:04d}" / "conv"
        topic.mkdir(parents=True)
        shutil.copy(ROOT / "solutions" / "conv.py", topic / "conv.py")
    return folder


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


def _nbgrader(folder: Path, *arguments: str) -> Cost:
    scripts = str(Path(sys.executable).parent)  # nbgrader calls alembic by its name
    path = os.pathsep.join((scripts, os.environ.get("PATH", "")))
    return run([sys.executable, "-m", "nbgrader", *arguments], folder, ENVIRONMENT | {"PATH": path})


def _notebook(root: Path) -> dict[str, Any]:
    setup = TESTS.format(root=str(root)).replace("import conv\n", "").replace("vars(conv)", "globals()")
    cells = [
        _cell((root / "solutions" / "conv.py").read_text(encoding="utf-8"), "solution", solution=True),
        _cell(setup, "setup", grade=True, points=0),
    ]
    for place in range(EXERCISES):
        source = f"for planned in ready.plan.exercises[{place}].checks:\n    check(planned)\n"
        cells.append(_cell(source, f"exercise{place}", grade=True, points=POINTS))
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


if __name__ == "__main__":
    main()
