"""Injects faults into a cluster that grades a class, at random moments, and counts what is lost.

    python tests/faults/cluster_faults.py                        50 faults into runs over 80 submissions; prints a report
    python tests/faults/cluster_faults.py --faults 5 --seed 3    fewer, others

`cluster_kinds.py` explains the kinds of faults. The workers are on hosts of their own where namespaces can be made (see
`tests/cluster/hosts.py`). The scheduler gives up a worker that has been silent for five seconds, so that some outages are longer than that
and some are not. When a run has ended, the workers may keep no sandbox; when the class is graded, every record must be, timings apart, byte
for byte that of one undisturbed machine, and made once.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from cluster_bench import PATIENCE, WORKERS, Bench, Grid
from cluster_kinds import CODES, ENDING, PASSING
from hosts import Hosts
from processes import below, comm, end, known, started
from record_contents import count, look, whole

STRICT = ("lost", "doubled", "different", "grader_error", "made again", "processes left", "sandboxes kept", "courses left")


class Report:
    """What was injected, and what was found."""

    def __init__(self) -> None:
        self.injected: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.runs = self.classes = self.records = 0

    @property
    def total(self) -> int:
        """How many faults were injected."""
        return sum(self.injected.values())

    @property
    def clean(self) -> bool:
        """Whether nothing was found that may not be."""
        return not any(self.found.values())

    def __str__(self) -> str:
        kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(self.injected.items()))
        found = ", ".join(f"{name} {self.found[name]}" for name in (*STRICT, *sorted({*self.found} - {*STRICT})))
        return (
            f"{self.total} faults ({kinds}) in {self.runs} runs over {self.classes} classes, {self.records} records compared with those "
            f"of one machine: {found}"
        )


class Grids:
    """The cluster that there is, and another one where its scheduler was killed. Use as a context manager."""

    def __init__(self, bench: Bench, report: Report) -> None:
        self._bench, self._report = bench, report

    def __enter__(self) -> "Grids":
        self.now = self._bench.grid().__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.now.__exit__()
        self._report.found["processes left"] += _left(self.now)

    def renew(self) -> None:
        """Another cluster in place of this one."""
        self.__exit__()
        self.now = self._bench.grid().__enter__()


def one_class(bench: Bench, grids: Grids, kinds: list[str], rng: random.Random, report: Report) -> None:
    """One class graded on a cluster with these faults, with as many runs as that takes."""
    out = bench.folder / f"out{bench.classes}"
    bench.classes += 1
    before: dict[tuple[str, str], float] = {}
    while True:
        grid = grids.now
        run, ended = bench.start(out, grid.machines.address), ""
        family: set[tuple[int, str]] = set()
        report.runs += 1
        while kinds and not ended:
            moment = count(out) + rng.uniform(0, 0.5) * (bench.submissions - count(out)) / len(kinds)
            if not _until(lambda moment=moment: count(out) >= moment, grid, run) or count(out) == bench.submissions:  # type: ignore[misc]
                kinds = []  # there is nothing to hit any more
                break
            kind = kinds.pop(0)
            family |= known((run.pid, *below(run.pid)))
            (PASSING | ENDING)[kind](grid, run, rng)
            report.injected[kind] += 1
            ended = kind if kind in ENDING else ""
            grid.replace_ended()
        hangs = not _until(lambda: False, grid, run) and run.poll() is None
        run.kill() if hangs else None
        said = run.communicate()[1]
        rows = look(out)
        report.found["made again"] += sum(key in rows and rows[key].made != made for key, made in before.items())
        before = {key: row.made for key, row in rows.items() if row.graded}
        codes = (*CODES[ended], 0) if len(before) == bench.submissions else CODES[ended]  # it may have come too late
        if hangs or run.returncode not in codes or ("Traceback" in said and run.returncode != 1):
            report.found["runs that ended otherwise"] += 1
            print(f"after {ended or 'no end'}: code {run.returncode}\n{said}\n{grid.folder}", file=sys.stderr, flush=True)
        report.found["processes left"] += 0 if end(family, 30) else 1
        if not grid.whole:
            grids.renew()
        else:
            _look_for_rests(grid, ended, report)
        if (not ended and not kinds) or hangs:
            break
    _compare(bench, out, report)


def _look_for_rests(grid: Grid, ended: str, report: Report) -> None:
    """Sandboxes of workers that were told that it is over, and copies of the course; those of a killed one go when the next one begins."""
    _soon(lambda: not any(worker.poll() is None and "Registered" not in grid.said(worker) for worker in grid.workers))
    for name, rests in (("sandboxes kept", grid.sandboxes), ("courses left", grid.courses)):
        if not _soon(lambda rests=rests: not rests()):  # type: ignore[misc]
            report.found[name] += 1
            print(f"{name}: {rests()} after {ended or 'the end'}", file=sys.stderr, flush=True)


def _until(happened: Callable[[], bool], grid: Grid, run: "subprocess.Popen[str]") -> bool:
    """Wait until something has happened, replacing workers that end; whether it did before the run ended."""
    deadline = time.monotonic() + PATIENCE
    while run.poll() is None and time.monotonic() < deadline:
        if happened():
            return True
        grid.replace_ended()
        time.sleep(0.05)
    return False


def _soon(happened: Callable[[], bool], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.05)
    return happened()


def _left(grid: Grid) -> int:
    """How many processes of a cluster that ended are there yet."""
    if end(grid.family, 30):
        return 0
    left = [(pid, comm(pid)) for pid, since in grid.family if started(pid) == since]
    print(f"left {left}", file=sys.stderr, flush=True)
    return len(left)


def _compare(bench: Bench, out: Path, report: Report) -> None:
    try:
        rows = look(out)
    except AssertionError:
        report.found["doubled"] += 1
        return
    report.classes += 1
    report.records += len(rows)
    report.found["lost"] += len(bench.expected.keys() - rows.keys())
    report.found["doubled"] += 0 if whole(out) and len(rows) <= len(bench.expected) else 1
    failed = {key for key, row in rows.items() if not row.graded}
    report.found["grader_error"] += len(failed)
    wrong = [key for key, row in rows.items() if key not in failed and row.content != bench.expected.get(key)]
    report.found["different"] += len(wrong)
    for key in [*failed, *wrong]:
        print(f"{key}: {rows[key].grade.message or 'differs'}", file=sys.stderr, flush=True)


def campaign(bench: Bench, faults: int, rng: random.Random, report: Report, kinds: tuple[str, ...] = (*PASSING, *ENDING)) -> None:
    """Classes with some faults each until so many were injected."""
    with Grids(bench, report) as grids:
        while report.total < faults:
            chosen = [rng.choice(kinds) for _ in range(min(rng.randrange(1, 5), faults - report.total))]
            one_class(bench, grids, chosen, rng, report)
            print(report, file=sys.stderr, flush=True)


def main() -> None:
    """Run the campaign and print its report; exit code 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=50)
    parser.add_argument("--submissions", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", default=[*PASSING, *ENDING], choices=[*PASSING, *ENDING])
    given = parser.parse_args()
    report, began = Report(), time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grader-faults-")))
        hosts = stack.enter_context(Hosts(WORKERS, (folder,))) if os.geteuid() == 0 else None
        print(f"workers on {'hosts of their own' if hosts else 'this host: a partition is a stop'}", file=sys.stderr, flush=True)
        bench = Bench(folder / "bench", given.submissions, hosts)
        campaign(bench, given.faults, random.Random(given.seed), report, tuple(given.kinds))
    print(f"{report}; {time.monotonic() - began:.0f} s")
    sys.exit(0 if report.clean else 1)


if __name__ == "__main__":
    main()
