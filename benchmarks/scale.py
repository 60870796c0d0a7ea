"""A class of any size, graded and read again: `python benchmarks/scale.py [--count 1000 --count 10000] [--way here --way local:2]`.

For each size a class of different files is made (see `crowd`) and graded by each way, on this machine or by a Dask cluster on it; or its
records are copied from the class of 1,000 that was graded here, which is enough for the commands that follow (`--way copied`). Then
come the commands that a term brings: the same again with nothing to do, the class's table, one student, an export, the pages of a report,
judging again. Of each: seconds, CPU seconds with all children, and the largest resident memory of each kind of process.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.copies import copy_records  # noqa: E402
from benchmarks.crowd import crowd_of  # noqa: E402
from benchmarks.processes import Measured, measured  # noqa: E402
from benchmarks.results import Results  # noqa: E402

KEPT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ENVIRONMENT = {**KEPT, "LANGUAGE": "en", "PYTHONPATH": str(ROOT)}
GRADER = [sys.executable, "-m", "grader"]
HERE, COPIED = "here", "copied"
MODELS = 1000  # records that are copied


def main() -> None:
    """Measure and print a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, action="append", help="submissions (default: 1000 and 10000)")
    parser.add_argument("--way", action="append", help=f"{HERE} (default), {COPIED}, or what --cluster takes")
    parser.add_argument("--topic", default="losses")
    parser.add_argument("--course", type=Path, default=ROOT)
    parser.add_argument("--folder", type=Path, help="where classes and records are kept (default: removed at the end)")
    parser.add_argument("--only", action="append", help="only these commands; the class was graded before")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    parser.add_argument("--name", default="scale", help="under which that is (default: scale)")
    options = parser.parse_args()
    results = Results(options.name)
    results.keeping = options.keep
    with tempfile.TemporaryDirectory() as removed:
        folder = options.folder or Path(removed)
        for count in options.count or (1000, 10000):
            for way in options.way or (HERE,):
                for name, taken in _all(folder, options.course, options.topic, count, way, options.only or ()):
                    results.keep({"topic": options.topic, "count": count, "way": way, "command": name}, _row(taken))
                    print(line(count, way, name, taken), flush=True)
                    if taken.code not in (0, 1):
                        sys.exit(f"{name} ended with {taken.code}:\n{taken.errors[-3000:]}")


def line(count: int, way: str, name: str, taken: Measured) -> str:
    """A command in one line."""
    peaks = ", ".join(f"{role} {peak:.0f} MiB" for role, peak in sorted(taken.peaks.items()))
    each = 1000 * taken.cpu / count
    times = f"{taken.seconds:8.1f} s, CPU {taken.cpu:8.1f} s ({each:.2f} ms each), its own {taken.own:.1f} s"
    return f"{count:7,} {way:8} {name:8} {times}; {peaks}"


def _row(taken: Measured) -> dict[str, object]:
    peaks = {role: round(peak) for role, peak in sorted(taken.peaks.items())}
    times = {"seconds": round(taken.seconds, 2), "cpu": round(taken.cpu, 2), "own_cpu": round(taken.own, 2)}
    return {**times, "mib": peaks, "load": round(os.getloadavg()[1], 1)}


def _all(folder: Path, course: Path, topic: str, count: int, way: str, only: Sequence[str]) -> Iterator[tuple[str, Measured]]:
    folder.mkdir(parents=True, exist_ok=True)
    class_, out = folder / f"class-{count}", folder / f"records-{count}-{way.replace(':', '')}"
    if not class_.exists():
        crowd_of(topic, course).write(class_, count)
    grade = ["grade", str(class_), "--course", str(course), "--out", str(out), "--topic", topic]
    if way == COPIED and not out.exists():
        copy_records(folder / f"records-{MODELS}-{HERE}", class_, topic, out, course)
    grade += [] if way in (HERE, COPIED) else ["--cluster", way]
    records = ["--course", str(course), "--out", str(out)]
    commands = {
        "grade": grade,
        "resume": grade,
        "show": ["show", *records],
        "show one": ["show", f"student{count // 2:06}", topic, *records],
        "export": ["export", topic, *records, "--to", str(folder / f"{count}.csv")],
        "rejudge": ["rejudge", topic, *records],
        "report": ["report", topic, *records, "--to", str(folder / f"report-{count}")],
    }
    for name, command in commands.items():
        if (only and name not in only) or (way == COPIED and name == "grade"):
            continue
        if name == "grade":
            shutil.rmtree(out, ignore_errors=True)
        if name == "report":
            shutil.rmtree(folder / f"report-{count}", ignore_errors=True)
        yield name, measured([*GRADER, *command], ROOT, ENVIRONMENT, folder / f"{count}-{way}-{name}.log", _role)


def _role(command: str) -> str:
    """What a process of ours does, from its command line; "" for one that passes."""
    for word, role in (("sandbox.linux.zygote", "zygote"), ("spawn_main", "worker"), ("multiprocessing", "worker")):
        if word in command:
            return role
    return ""


if __name__ == "__main__":
    main()
