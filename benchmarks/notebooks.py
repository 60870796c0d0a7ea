"""Notebooks into nbgrader's gradebook, several ways in one run: `python benchmarks/notebooks.py [--count 40] [--topic conv]`.

    plain     `nbgrader autograde` as it comes: every notebook in a kernel, where `grader.check` gives the points it can
    ours      `nbgrader autograde` with the grader's preprocessors, as `grader release --nbgrader` sets it up
    nothing   `nbgrader autograde` with its own preprocessors but the kernel: nothing is graded; no preprocessor can take less
    fast      `grader grade submitted --gradebook URL`

Each is a process of its own, from its start to its end, with a gradebook that has no submissions yet. Every student hands in the solution.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.processes import measured  # noqa: E402
from benchmarks.results import Results  # noqa: E402

# As a user has it: compiled modules are kept from one run to the next.
KEPT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # nbgrader calls alembic by its name
ENVIRONMENT = {**KEPT, "PATH": PATH, "PYTHONPATH": str(ROOT)}
GRADER = [sys.executable, "-m", "grader"]
NBGRADER = [sys.executable, "-m", "nbgrader", "autograde"]
TARGETS = {"ours": 10.0, "fast": 50.0}
WAYS = ("plain", "ours", "nothing", "fast")
_PLAIN = "c = get_config()\n"
_NOTHING = f"""{_PLAIN}c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


def main() -> None:
    """Measure the ways and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="submissions (default: 40)")
    parser.add_argument("--topic", default="conv", help="(default: conv)")
    parser.add_argument("--way", action="append", choices=WAYS, help="this one (may be repeated; default: all)")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    results = Results("engine")
    results.keeping = options.keep
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        released = _release(folder / "released", options.topic, options.count)
        taken = {way: _measured(way, released, folder / way, options.topic) for way in options.way or WAYS}
    print(f"{options.count} notebooks of {options.topic}, {len(os.sched_getaffinity(0))} cores")
    print(f"{'':40} {'wall s':>8} {'s each':>8} {'times faster':>13} {'CPU s':>8} {'times less':>11}")
    for way, (wall, cpu) in taken.items():
        if "fast" in taken:
            each = {"ms": round(1000 * wall / options.count, 1), "ours_ms": round(1000 * taken["fast"][0] / options.count, 1)}
            results.keep({"table": "notebooks", "figure": _NAMES[way]}, each)
        slowest = next(iter(taken.values()))
        faster, less = slowest[0] / wall, slowest[1] / cpu
        target = f" (expected: at least {TARGETS[way]:g} times faster)" if way in TARGETS else ""
        print(f"{_NAMES[way]:40} {wall:8.1f} {wall / options.count:8.3f} {faster:13.1f} {cpu:8.1f} {less:11.1f}{target}")


_NAMES = {
    "plain": "nbgrader autograde, plain",
    "ours": "nbgrader autograde, our preprocessor",
    "nothing": "nbgrader autograde, no kernel, no grades",
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
    if way in ("plain", "nothing"):
        (folder / "nbgrader_config.py").write_text(_PLAIN if way == "plain" else _NOTHING)
    url = f"sqlite:///{folder / 'gradebook.db'}"
    fast = [*GRADER, "grade", "submitted", "--topic", topic, "--gradebook", url, "--course", str(ROOT)]
    command = fast if way == "fast" else [*NBGRADER, topic]
    took = measured(command, folder, ENVIRONMENT, folder / "log")
    if took.code:
        sys.exit(f"{' '.join(command)} failed:\n{took.output}{took.errors}")
    with closing(sqlite3.connect(folder / "gradebook.db")) as gradebook:
        lacking = gradebook.execute(_LACKING).fetchone()[0]
        graded = gradebook.execute("select count(*) from submitted_assignment").fetchone()[0]
    if (lacking and way != "nothing") or graded != len(list((folder / "submitted").iterdir())):
        sys.exit(f"{way}: {graded} graded, {lacking} exercises without points: a measurement of something else")
    return took.seconds, took.cpu


# An optional exercise has none to give.
_LACKING = """
select count(*) from grade join grade_cells on grade.cell_id = grade_cells.id
where grade_cells.max_score > 0 and (grade.auto_score is null or grade.auto_score <= 0)
"""


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
