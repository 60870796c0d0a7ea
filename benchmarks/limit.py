"""What the grader itself costs: the CPU time of one more submission, as a multiple of what it would take without any grader.

    the limit     a bare fork of a warm numpy process, and the solution's own CPU time for being loaded and called with the same arguments
    one more      the CPU time of all processes of `grader grade --jobs 1`: the difference between a small class and a larger one

`python benchmarks/limit.py [TOPIC …] [--repeat N] [--more N]`. Each submission is the solution, with a comment of its own. A topic's limit
is measured right before and after its classes, so that both see the same machine.
"""

import argparse
import contextlib
import ctypes
import io
import itertools
import os
import random
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as in the sandbox

import numpy as np  # noqa: E402

from grader.course.folder import Course, find_course  # noqa: E402
from grader.engine.engine import Engine  # noqa: E402
from grader.plan import Plan  # noqa: E402
from grader.sandbox.backend import Source  # noqa: E402
from grader.sandbox.child.execute import Executor  # noqa: E402
from grader.sandbox.wire import LOAD_SEQ, Load  # noqa: E402

SMALL = 4  # submissions of the small class
TARGET, WORST = 1.5, 2.5
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
_PR_SET_CHILD_SUBREAPER = 36
_NUMBERS = struct.Struct("<dd")
_FORKS = """
import gc, os, resource
from grader.sandbox.child.preload import preload
preload(False)
gc.collect()
gc.freeze()
def used():
    found = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in found)
before = used()
for _ in range(200):
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
print((used() - before) / 200)
"""


def main() -> None:
    """Measure the topics and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*")
    parser.add_argument("--repeat", type=int, default=3, help="pairs of classes a topic, of which the median counts")
    parser.add_argument("--more", type=int, default=40, help="submissions by which the classes differ")
    asked = parser.parse_args()
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1))  # else their time would be lost
    course = find_course(ROOT, ROOT)
    engine = Engine(course)
    topics = asked.topics or [assignment.name for assignment in course.assignments]
    print(f"{'topic':12} {'calls':>5} {'fork ms':>8} {'own ms':>8} {'one more ms':>12} {'ours ms':>8}   × the limit")
    ratios = {}
    for topic in topics:
        plan = engine.prepare(topic).plan
        found = list(_measured(course, topic, plan, asked.repeat, asked.more))
        fork, own, more = (statistics.median(column) for column in zip(*found, strict=True))
        ratios[topic] = statistics.median(one / (forked + alone) for forked, alone, one in found)
        times = f"{1000 * fork:8.1f} {1000 * own:8.1f} {1000 * more:12.1f} {1000 * (more - fork - own):8.1f}"
        print(f"{topic:12} {len(plan.steps):5} {times} {ratios[topic]:13.2f}", flush=True)
    worst = max(ratios, key=lambda topic: ratios[topic])
    print(
        f"mean {statistics.mean(ratios.values()):.2f}, at most {TARGET:g}; worst {ratios[worst]:.2f} ({worst}), at most {WORST:g}"
    )


def _measured(course: Course, topic: str, plan: Plan, repeat: int, more: int) -> Iterator[tuple[float, float, float]]:
    """CPU seconds of a fork, of the solution's own work, and of one more submission."""
    files = course.assignment(topic).solution_files
    parts = tuple(file.stem for file in files)
    source = plan.source(
        Source(topic, {file.stem: file.read_text("utf-8") for file in files}, parts=parts if len(parts) > 1 else ())
    )
    with tempfile.TemporaryDirectory() as name:
        small, larger = (_class(Path(name, str(count)), source, count) for count in (SMALL, SMALL + more))
        for number in range(repeat):
            before = _fork(), _own(plan, source)
            seconds = _graded(larger, topic, Path(name, f"larger {number}")) - _graded(
                small, topic, Path(name, f"small {number}")
            )
            after = _fork(), _own(plan, source)
            fork, own = (statistics.mean(pair) for pair in zip(before, after, strict=True))
            yield fork, own, seconds / more


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


def _fork() -> float:
    """CPU seconds of a bare fork of a process that has imported what students may, and of its end."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", _FORKS], check=True, capture_output=True, text=True, env=environment)
    return float(done.stdout)


def _own(plan: Plan, source: Source) -> float:
    """CPU seconds of the solution alone, for its text and its calls: the best of a few rounds in a process of its own."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        with contextlib.redirect_stdout(io.StringIO()):
            os.write(writing, _NUMBERS.pack(*_loaded_and_called(plan, source)))
        os._exit(0)
    os.close(writing)
    data = os.read(reading, _NUMBERS.size)
    os.close(reading)
    os.waitpid(pid, 0)
    return float(sum(_NUMBERS.unpack(data)))


def _loaded_and_called(plan: Plan, source: Source) -> tuple[float, float]:
    executor = Executor()
    executor.load(Load(LOAD_SEQ, source.main, source.modules, source.rules, source.helpers, source.data, source.parts))
    loads = []
    for _ in range(5):
        started = time.process_time()
        for name in source.parts or (source.main,):
            exec(compile(source.modules[name], f"{name}.py", "exec"), {"__name__": name})
        loads.append(time.process_time() - started)
    return min(loads), min(sum(_called(plan, executor)) for _ in range(3))


def _called(plan: Plan, executor: Executor) -> Iterable[float]:
    case = -1
    for step in plan.steps:
        if step.case != case:
            case = step.case
            executor._handles.clear()
            np.random.seed(0)
            random.seed(0)
        target = executor._resolve(step.target)
        args = [executor._fill(value) for value in step.args]
        kwargs = {name: executor._fill(value) for name, value in step.kwargs}
        result = None
        started = time.process_time()
        with contextlib.suppress(Exception):  # what a refusal check asks for
            result = target if step.op == "get" else target(*args, **kwargs)
            if step.first is not None:
                result = list(itertools.islice(result, step.first))
        yield time.process_time() - started
        if step.save:
            executor._handles[step.save] = result


def _used(who: int) -> float:
    found = resource.getrusage(who)
    return found.ru_utime + found.ru_stime


if __name__ == "__main__":
    main()
