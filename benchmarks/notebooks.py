"""Notebooks into nbgrader's gradebook, several ways in one run: `python benchmarks/notebooks.py [--count 40] [--topic conv]`.

    plain     `nbgrader autograde` as it comes: every notebook in a kernel, where `grader.check` gives the points it can
    ours      `nbgrader autograde` with the grader's preprocessors, as `grader release --nbgrader` sets it up
    nothing   `nbgrader autograde` with its own preprocessors but the kernel: nothing is graded; no preprocessor can take less
    fast      `grader grade submitted --gradebook URL`

Each is a process of its own, from its start to its end, with a gradebook that has no submissions yet. Every student hands in the solution.
What one more notebook takes is the difference of two classes: a quarter and the whole, or for the fast way the whole and five times that.
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

import msgspec

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
MANY = 5  # times as many for the fast way: one more takes it so little that a few could not be told from noise
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
        released = _release(folder / "released", options.topic, MANY * options.count)
        taken = {way: _taken(way, released, folder, options.topic, options.count) for way in options.way or WAYS}
    print(
        f"{options.count} notebooks of {options.topic}, {len(os.sched_getaffinity(0))} cores; times faster, by the wall clock and in CPU"
    )
    print(f"{'':42} {'ms each':>8} {'faster':>7} {'CPU':>7} {'one more, ms':>13} {'faster':>7} {'CPU':>7}")
    slowest, fast = next(iter(taken.values())), taken.get("fast")
    for way, found in taken.items():
        if fast:
            each = {"ms": round(found.each, 1), "ours_ms": round(fast.each, 1)}
            results.keep({"table": "notebooks", "figure": _NAMES[way]}, {**each, "more_ms": round(found.more, 1)})
        target = f" (expected: at least {TARGETS[way]:g} times faster)" if way in TARGETS else ""
        whole = f"{found.each:8.0f} {slowest.each / found.each:7.1f} {slowest.each_cpu / found.each_cpu:7.1f}"
        more = f"{found.more:13.0f} {slowest.more / found.more:7.1f} {slowest.more_cpu / found.more_cpu:7.1f}"
        print(f"{_NAMES[way]:42} {whole} {more}{target}")


_NAMES = {
    "plain": "`nbgrader autograde`, plain",
    "ours": "`nbgrader autograde`, our preprocessor",
    "nothing": "`nbgrader autograde`, no kernel, no grades",
    "fast": "`grader grade --gradebook`",
}


class Taken(msgspec.Struct, frozen=True):
    """Milliseconds of a notebook, from the start of the command to its end, and of one more; by the wall clock and of the processors."""

    each: float
    each_cpu: float
    more: float
    more_cpu: float


def _taken(way: str, released: Path, folder: Path, topic: str, count: int) -> Taken:
    few, many = (count, MANY * count) if way == "fast" else (max(1, count // 4), count)
    one, other = (_measured(way, released, folder / f"{way}-{size}", topic, size) for size in (few, many))
    whole = one if few == count else other
    wall, cpu = (1000 * (high - low) / (many - few) for low, high in zip(one, other, strict=True))
    return Taken(1000 * whole[0] / count, 1000 * whole[1] / count, wall, cpu)


def _release(folder: Path, topic: str, count: int) -> Path:
    """A course directory with `count` notebooks handed in."""
    folder.mkdir()
    _run([*GRADER, "release", topic, "--nbgrader", str(folder), "--course", str(ROOT)], folder)
    for number in range(count):
        place = folder / "submitted" / f"student{number:03d}" / topic
        place.mkdir(parents=True)
        shutil.copy(folder / "source" / topic / f"{topic}.ipynb", place)
    return folder


def _measured(way: str, released: Path, folder: Path, topic: str, count: int) -> tuple[float, float]:
    """Wall and CPU seconds of one way, on a copy of the course directory with so many students."""
    shutil.copytree(released, folder, ignore=shutil.ignore_patterns("submitted"))
    for student in sorted((released / "submitted").iterdir())[:count]:
        shutil.copytree(student, folder / "submitted" / student.name)
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
