"""Notebooks into nbgrader's gradebook, three ways in one run: `python benchmarks/notebooks.py [--count 40] [--topic conv]`.

    plain     `nbgrader autograde` as it comes: every notebook in a kernel, where `grader.check` gives the points it can
    ours      `nbgrader autograde` with the grader's preprocessors, as `grader release --nbgrader` sets it up
    fast      `grader grade submitted --gradebook URL`

Each is a process of its own, from its start to its end, with a gradebook that has no submissions yet. Every student hands in the solution.
"""

import argparse
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.results import Results  # noqa: E402

# As a user has it: compiled modules are kept from one run to the next.
KEPT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # nbgrader calls alembic by its name
ENVIRONMENT = {**KEPT, "PATH": PATH, "PYTHONPATH": str(ROOT)}
GRADER = [sys.executable, "-m", "grader"]
NBGRADER = [sys.executable, "-m", "nbgrader", "autograde"]
TARGETS = {"ours": 5.0, "fast": 25.0}


def main() -> None:
    """Measure the three ways and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="submissions (default: 40)")
    parser.add_argument("--topic", default="conv", help="(default: conv)")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    results = Results("engine")
    results.keeping = options.keep
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        released = _release(folder / "released", options.topic, options.count)
        taken = {way: _measured(way, released, folder / way, options.topic) for way in ("plain", "ours", "fast")}
    print(f"{options.count} notebooks of {options.topic}, {len(os.sched_getaffinity(0))} cores")
    print(f"{'':36} {'wall s':>8} {'s each':>8} {'times faster':>13} {'CPU s':>8} {'times less':>11}")
    for way, (wall, cpu) in taken.items():
        each = {"ms": round(1000 * wall / options.count, 1), "ours_ms": round(1000 * taken["fast"][0] / options.count, 1)}
        results.keep({"table": "notebooks", "figure": _NAMES[way]}, each)
        faster, less = taken["plain"][0] / wall, taken["plain"][1] / cpu
        target = f" (expected: at least {TARGETS[way]:g} times faster)" if way in TARGETS else ""
        print(f"{_NAMES[way]:36} {wall:8.1f} {wall / options.count:8.3f} {faster:13.1f} {cpu:8.1f} {less:11.1f}{target}")


_NAMES = {
    "plain": "nbgrader autograde, plain",
    "ours": "nbgrader autograde, our preprocessor",
    "fast": "grader grade --gradebook",
}


def _release(folder: Path, topic: str, count: int) -> Path:
    """A course directory with `count` notebooks handed in."""
    folder.mkdir()
    _run([*GRADER, "release", topic, "--nbgrader", str(folder), "--course", str(ROOT)], folder)
    for number in range(count):
        place = folder / "submitted" / f"student{number:03d}" / topic
        place.mkdir(parents=True)
        shutil.copy(folder / "source" / topic / f"{topic}.ipynb", place)
    return folder


def _measured(way: str, released: Path, folder: Path, topic: str) -> tuple[float, float]:
    """Wall and CPU seconds of one way, on a copy of the course directory: a busy machine makes the first ones longer."""
    shutil.copytree(released, folder)
    if way == "plain":
        (folder / "nbgrader_config.py").write_text("c = get_config()\n")
    url = f"sqlite:///{folder / 'gradebook.db'}"
    fast = [*GRADER, "grade", "submitted", "--topic", topic, "--gradebook", url, "--course", str(ROOT)]
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(fast if way == "fast" else [*NBGRADER, topic], folder)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        lacking = gradebook.execute("select count(*) from grade where auto_score is null or auto_score <= 0").fetchone()[0]
        graded = gradebook.execute("select count(*) from submitted_assignment").fetchone()[0]
    if lacking or graded != len(list((folder / "submitted").iterdir())):
        sys.exit(f"{way}: {graded} graded, {lacking} exercises without points: a measurement of something else")
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
