"""What it costs to judge a wrong submission, as a multiple of a right one: `python benchmarks/diagnosis.py [TOPIC …]`.

Every wrong submission that the rubrics are proved with is run once; so is every misconception, made in the whole solution. All are then
judged from their outcomes, as in a class whose other members have made the same mistakes before. Each time is the CPU time of one
judgement, the best of a few; right submissions are the solution and the accepted variants.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from grader.course.folder import PUBLIC_SEED, Assignment, read_course  # noqa: E402
from grader.course.misconceptions import TITLED, whole_submissions  # noqa: E402
from grader.engine.grade_one import run_one  # noqa: E402
from grader.engine.lockdown import open_sandbox  # noqa: E402
from grader.engine.prepare import Prepared, prepare  # noqa: E402
from grader.judge.judge import judge  # noqa: E402
from grader.run import Run  # noqa: E402
from grader.sandbox.backend import Backend, Source  # noqa: E402
from grader.submissions.own_work import read_file  # noqa: E402
from grader.submissions.submission import Submission  # noqa: E402

TARGET = 3.0  # times a right submission
BEST_OF = 3


def main() -> None:
    """Measure the topics and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*")
    chosen = parser.parse_args().topics
    course = read_course(ROOT)
    print(f"{'topic':12} {'right ms':>9} {'wrong ms':>9} {'dearest':>9}   ratio  dearest   (targets: mean {TARGET:g})")
    ratios = []
    with open_sandbox(weak=True) as backend:
        for assignment in course.assignments:
            if chosen and assignment.name not in chosen:
                continue
            ready = prepare(assignment, PUBLIC_SEED)
            right = [_seconds(ready, run) for _name, run in _runs(ready, backend, right_ones(assignment, ready))]
            wrong = {name: _seconds(ready, run) for name, run in _runs(ready, backend, wrong_ones(assignment, ready))}
            unit, mean, most = statistics.median(right), statistics.mean(wrong.values()), max(wrong.values())
            dearest = max(wrong, key=lambda name: wrong[name])
            ratios.append(mean / unit)
            times = f"{1000 * unit:9.1f} {1000 * mean:9.1f} {1000 * most:9.1f} {mean / unit:7.1f} {most / unit:8.1f}"
            print(f"{assignment.name:12} {times}   {dearest}", flush=True)
    print(f"median of the topics: {statistics.median(ratios):.1f}, largest: {max(ratios):.1f}")


def right_ones(assignment: Assignment, ready: Prepared) -> Iterator[Submission]:
    """The solution and every accepted variant."""
    for path in (assignment.solution, *sorted(assignment.submissions.glob("accepted/*.py"))):
        yield read_file(path, ready.plan.name, alone=True)


def wrong_ones(assignment: Assignment, ready: Prepared) -> Iterator[Submission]:
    """Every wrong submission, and every misconception as one."""
    for path in sorted(assignment.submissions.glob("wrong/*.py")):
        yield read_file(path, ready.plan.name, alone=True)
    for file, texts in ((assignment.submissions / "wrong.toml", ()), (assignment.misconceptions, TITLED)):
        for name, text in whole_submissions(file, texts, assignment.solution):
            yield Submission(name, ready.plan.name, Source(ready.plan.name, {ready.plan.name: text}))


def _runs(ready: Prepared, backend: Backend, submissions: Iterator[Submission]) -> Iterator[tuple[str, Run]]:
    for submission in submissions:
        yield submission.student, run_one(submission, ready, backend)


def _seconds(ready: Prepared, run: Run) -> float:
    """CPU seconds of one judgement, once everything about the class is known."""
    judge(ready.plan, run, ready.oracle, "")
    times = []
    for _ in range(BEST_OF):
        started = time.process_time()
        judge(ready.plan, run, ready.oracle, "")
        times.append(time.process_time() - started)
    return min(times)


if __name__ == "__main__":
    main()
