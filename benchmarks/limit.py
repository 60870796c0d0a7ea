"""What the grader itself costs: the CPU time of one more submission, as a multiple of what it would take without any grader.

    the limit     a bare fork of a warm numpy process, and the solution's own CPU time for being loaded and called with the same arguments
    in a fork     the least that a process of its own takes for the same: a bare fork that loads and calls once, from cold memory, and ends
    one more      the CPU time of all processes of `grader grade --jobs 1`: the difference between a small class and a larger one

`python benchmarks/limit.py [TOPIC …] [--repeat N] [--more N] [--keep]`. Each submission is the solution, with a comment of its own. A
topic's limit is measured right before and after its classes, so that both see the same machine.
"""

import argparse
import contextlib
import ctypes
import io
import os
import pickle
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the sandbox

from benchmarks import called_alone  # noqa: E402
from benchmarks.results import Results  # noqa: E402
from grader.course.folder import Course, find_course  # noqa: E402
from grader.engine.engine import Engine  # noqa: E402
from grader.plan import Plan  # noqa: E402
from grader.sandbox.backend import Source  # noqa: E402
from grader.sandbox.wire import LOAD_SEQ, Load  # noqa: E402

SMALL = 4  # submissions of the small class
TARGET, WORST = 1.5, 2.5
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_PR_SET_CHILD_SUBREAPER = 36
_NUMBERS = struct.Struct("<dd")


def main() -> None:
    """Measure the topics and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*")
    parser.add_argument("--repeat", type=int, default=3, help="pairs of classes a topic, of which the median counts")
    parser.add_argument("--more", type=int, default=40, help="submissions by which the classes differ")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    asked = parser.parse_args()
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))  # else their time would be lost
    course = find_course(ROOT, ROOT)
    engine = Engine(course)
    topics = asked.topics or [assignment.name for assignment in course.assignments]
    print(
        f"{'topic':12} {'calls':>5} {'fork ms':>8} {'own ms':>8} {'in a fork':>10} {'one more ms':>12}   × the limit: in a fork, one more"
    )
    results = Results("limit")
    results.keeping = asked.keep
    ratios, least = {}, {}
    for topic in topics:
        plan = engine.prepare(topic).plan
        found = list(_measured(course, topic, plan, asked.repeat, asked.more))
        fork, inside, own, more = (statistics.median(column) for column in zip(*found, strict=True))
        ratios[topic] = statistics.median(one / (forked + alone) for forked, _, alone, one in found)
        least[topic] = statistics.median(cold / (forked + alone) for forked, cold, alone, _ in found)
        times = f"{1000 * fork:8.1f} {1000 * own:8.1f} {1000 * inside:10.1f} {1000 * more:12.1f}"
        print(f"{topic:12} {len(plan.steps):5} {times} {least[topic]:23.2f} {ratios[topic]:9.2f}", flush=True)
        kept = {"fork_ms": fork, "own_ms": own, "inside_ms": inside, "more_ms": more}
        times_the_limit = {"inside": round(least[topic], 2), "more": round(ratios[topic], 2)}
        results.keep({"topic": topic}, {**{name: round(1000 * value, 1) for name, value in kept.items()}, **times_the_limit})
    print(f"in a fork: mean {statistics.mean(least.values()):.2f}, worst {max(least.values()):.2f}")
    worst = max(ratios, key=lambda topic: ratios[topic])
    print(
        f"mean {statistics.mean(ratios.values()):.2f}, at most {TARGET:g}; worst {ratios[worst]:.2f} ({worst}), at most {WORST:g}"
    )


def _measured(course: Course, topic: str, plan: Plan, repeat: int, more: int) -> Iterator[tuple[float, float, float, float]]:
    """CPU seconds of a fork, of one that does the work, of the solution's own work alone, and of one more submission."""
    files = course.assignment(topic).solution_files
    parts = tuple(file.stem for file in files)
    source = plan.source(
        Source(topic, {file.stem: file.read_text("utf-8") for file in files}, parts=parts if len(parts) > 1 else ())
    )
    with tempfile.TemporaryDirectory() as name:
        small, larger = (_class(Path(name, str(count)), source, count) for count in (SMALL, SMALL + more))
        for number in range(repeat):
            before = *_forks(plan, source), _own(plan, source)
            seconds = _graded(larger, topic, Path(name, f"larger {number}")) - _graded(
                small, topic, Path(name, f"small {number}")
            )
            after = *_forks(plan, source), _own(plan, source)
            fork, inside, own = (statistics.mean(pair) for pair in zip(before, after, strict=True))
            yield fork, inside, own, seconds / more


def _class(folder: Path, source: Source, count: int) -> Path:
    for number in range(count):
        place = folder / f"student{number:04d}" / source.main
        place.mkdir(parents=True)
        for name, text in source.modules.items():
            (place / f"{name}.py").write_text(f"{text}\n# {number}\n")
    return folder


def _graded(submissions: Path, topic: str, out: Path) -> float:
    """CPU seconds of all processes that grade a class one by one."""
    command = [sys.executable, "-m", "grader", "grade", str(submissions), "--course", str(ROOT), "--out", str(out)]
    before = _used(resource.RUSAGE_CHILDREN)
    environment = ENVIRONMENT | {"PYTHONPATH": str(ROOT)}
    subprocess.run([*command, "--topic", topic, "--jobs", "1"], check=True, capture_output=True, cwd=ROOT, env=environment)
    with contextlib.suppress(ChildProcessError):
        while True:  # those that ended after the command
            os.wait()
    return _used(resource.RUSAGE_CHILDREN) - before


def _forks(plan: Plan, source: Source) -> tuple[float, float]:
    """CPU seconds of a bare fork of a process that has imported what students may, and of its end; and of one that loads and calls."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    given = pickle.dumps((_load(source), plan.steps))
    done = subprocess.run([sys.executable, called_alone.__file__], input=given, check=True, capture_output=True, env=environment)
    empty, working = map(float, done.stdout.split())
    return empty, working


def _load(source: Source) -> Load:
    return Load(LOAD_SEQ, source.main, source.modules, source.rules, source.helpers, source.data, source.parts)


def _own(plan: Plan, source: Source) -> float:
    """CPU seconds of the solution alone, for its text and its calls: the best of a few rounds in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        with contextlib.redirect_stdout(io.StringIO()):
            os.write(writing, _NUMBERS.pack(*called_alone.loaded_and_called(_load(source), plan.steps)))
        os._exit(0)
    os.close(writing)
    data = os.read(reading, _NUMBERS.size)
    os.close(reading)
    os.waitpid(pid, 0)
    return float(sum(_NUMBERS.unpack(data)))


def _used(who: int) -> float:
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


if __name__ == "__main__":
    main()
