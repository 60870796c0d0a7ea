"""Speed and memory, each as a ratio within one run: `python benchmarks/bench.py [--quick]`.

The unit is a cold `python -c "import numpy"` on the same machine in the same run. Nothing here is a test: machines are noisy, so the
figures are printed and the targets stand beside them.
"""

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.processes import grading  # noqa: E402
from benchmarks.results import Results  # noqa: E402

# As a user has it: compiled modules are kept from one run to the next.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
RESULTS = Results("engine")
GRADER = [sys.executable, "-m", "grader"]
MEASURED = """
import sys
from grader.cli.app import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    with open("/proc/self/status") as status:
        print(next(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
"""


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="classes of 200 at most instead of 2,000, fewer repetitions")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    quick = options.quick
    RESULTS.keeping = options.keep
    repeat = 3 if quick else 7
    print(f"machine: {platform.machine()}, {len(os.sched_getaffinity(0))} cores, {platform.system()} {platform.release()}, ")
    print(f"         Python {platform.python_version()}, numpy {_version('numpy')}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _say("unit: a cold `import numpy`", f"{1000 * _imports(repeat):.0f} ms", "")
        _cold_starts(_students(folder), repeat)
        _one_more(folder, repeat, 50 if quick else 100)
        _growth(folder, (20, 200) if quick else (20, 200, 2000))
        _rejudge(folder, 200 if quick else 2000)


def _imports(repeat: int) -> float:
    return statistics.median(_seconds([sys.executable, "-c", "import numpy"]) for _ in range(repeat))


def _students(folder: Path) -> Path:
    """What students get of conv, filled with the solution."""
    subprocess.run(
        [*GRADER, "release", "conv", "--bundle", str(folder / "students")], check=True, stdout=subprocess.DEVNULL, cwd=ROOT
    )
    shutil.copy(ROOT / "solutions" / "conv.py", folder / "students" / "assignments" / "conv" / "conv.py")
    return folder / "students"


def _cold_starts(students: Path, repeat: int) -> None:
    """Commands as processes of their own, and a check of `--watch` once it runs."""
    collect = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "-q",
        "assignments/conv",
    ]
    plain = [sys.executable, "-m", "pytest", "-p", "no:grader", "--collect-only", "-q", "wheels"]
    _seconds([*GRADER, "check", "conv"], students)  # compiles
    for name, command, less, target in (
        ("grader check conv, cold, a student's copy", [*GRADER, "check", "conv"], [], 2.5),
        ("grader --help, cold", [*GRADER, "--help"], [], 1.0),
        ("pytest --collect-only assignments/conv, more than pytest itself", collect, plain, 3.0),
    ):
        ratios = []
        for _ in range(repeat):  # the unit is measured beside each, since the machine's speed drifts
            seconds = _seconds(command, students) - (_seconds(less, students) if less else 0.0)
            ratios.append(seconds / _seconds([sys.executable, "-c", "import numpy"]))
        _line(name, statistics.median(ratios), target, "numpy imports")
    again = [_again(students) for _ in range(3)]
    _say("a check of --watch, from the save to the report", f"{1000 * statistics.median(again):.0f} ms", "300 ms")


def _again(students: Path) -> float:
    """Seconds from a save to the end of its report."""
    stub = students / "assignments" / "conv" / "conv.py"
    command = [*GRADER, "check", "conv", "--watch"]
    environment = ENVIRONMENT | {"PYTHONUNBUFFERED": "1", "LANGUAGE": "en"}
    with subprocess.Popen(command, cwd=students, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith("watching "))
        for _ in range(2):  # the first one still loads what only a second check needs
            started = time.perf_counter()
            stub.write_text(stub.read_text() + "\n")
            next(line for line in process.stdout if line.startswith("saved at "))
        seconds = time.perf_counter() - started
        process.kill()
    return seconds


def _one_more(folder: Path, repeat: int, more: int) -> None:
    """Wall time of one more submission of conv: the slope between a small class and one that has so many more."""
    small, larger = _class(folder / "small", 20), _class(folder / "larger", 20 + more)
    ratios, seconds = [], []
    for _ in range(repeat):
        unit = _imports(3)
        slope = (_grade(larger, folder / "out") - _grade(small, folder / "out")) / more
        ratios.append(slope / unit)
        seconds.append(slope)
    ours = statistics.median(seconds)
    _line("one more submission of conv, full rubric", statistics.median(ratios), 0.25, f"numpy imports ({1000 * ours:.1f} ms)")


def _growth(folder: Path, counts: Sequence[int]) -> None:
    """Linear time and flat memory from a small class to a large one."""
    before: tuple[int, float] | None = None
    base = 0
    for count in counts:
        seconds, peak = _grade_measured(_class(folder / f"class-of-{count}", count), folder / f"growth-{count}")
        line = f"{seconds:.1f} s, supervisor's peak {peak / 1024:.0f} MiB"
        if before:
            line += f", {1000 * (seconds - before[1]) / (count - before[0]):.1f} ms for each one more"
        _say(f"a class of {count}", line, f"{base / 1024 + 50:.0f} MiB" if before else "")
        base, before = base or peak, (count, seconds)


def _rejudge(folder: Path, large: int) -> None:
    seconds = _seconds([*GRADER, "rejudge", "--course", str(ROOT), "--out", str(folder / f"growth-{large}")])
    _say(
        f"rejudge of {large} records",
        f"{seconds:.2f} s, {1000 * seconds / large:.2f} s a thousand",
        "2 s a thousand" if large > 1000 else "",
    )


def _class(folder: Path, count: int) -> Path:
    for number in range(count):
        topic = folder / f"student{number:04d}" / "conv"
        topic.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "solutions" / "conv.py", topic / "conv.py")
    return folder


def _grade(submissions: Path, out: Path) -> float:
    shutil.rmtree(out, ignore_errors=True)
    return _seconds([*GRADER, *grading(submissions, ROOT, out)])


def _grade_measured(submissions: Path, out: Path) -> tuple[float, int]:
    command = [sys.executable, "-c", MEASURED, *grading(submissions, ROOT, out)]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=ENVIRONMENT)
    return time.perf_counter() - started, int(done.stderr.split()[-1])


def _seconds(command: Sequence[str], folder: Path = ROOT) -> float:
    environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
    started = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd=folder, env=environment)
    return time.perf_counter() - started


def _line(what: str, ratio: float, target: float, unit: str) -> None:
    _say(what, f"{ratio:.2f} {unit}", f"{target:g}")


def _say(what: str, value: str, aim: str) -> None:
    print(f"{what}: {value}{f', at most {aim}' if aim else ''}", flush=True)
    RESULTS.keep({"table": "engine", "figure": what}, {"value": value, "aim": aim})


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


if __name__ == "__main__":
    main()
