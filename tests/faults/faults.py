"""Injects faults into runs of `grader grade` at random moments, and proves that nothing is lost.

    python tests/faults/faults.py                      200 faults into runs over 500 submissions; prints the results
    python tests/faults/faults.py --quick              a handful, into runs over 60
    python tests/faults/faults.py --kinds stop_child   only faults of this kind

    kill_supervisor   SIGKILL                                         ends the run
    ctrl_c            SIGINT, sometimes a second one                  ends the run
    full_disk         a file that fills the small disk of the results ends the run, sooner or later (no mount: RLIMIT_FSIZE)
    kill_zygote       SIGKILL to a zygote, or to what wraps it        the run goes on
    kill_child        SIGKILL to a process with a student's code      the run goes on
    stop_child        SIGSTOP to one                                  the run goes on
    busy              another program holds the records' file         the run goes on

After each fault, and again when the run has ended: every record can be read in full, those made before are still there as they
were, none is there twice. Then the next run completes with code 0, grades only what has no record, and every record is, timings apart,
byte for byte that of an undisturbed run. No process of the disturbed run is left.
"""

import argparse
import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "cli"), str(Path(__file__).parents[2])]

from classroom import command, environment  # noqa: E402
from crowd import answers, make_class, make_course  # noqa: E402
from processes import below, children, comm, end, known, started, state, students, zygotes  # noqa: E402
from record_contents import Key, Row, contents, count, look, whole  # noqa: E402

from grader.gradebook.sqlite import FILE  # noqa: E402

PATIENCE = 900  # seconds after which a run is taken to hang
TRIES = 400  # to find a process with a student's code: most of them live for milliseconds
DISK = 24 << 20


class Bench:
    """A class, its course, and the records of an undisturbed run. All is in `folder`, which is made, and for the caller to remove."""

    def __init__(self, folder: Path, submissions: int) -> None:
        folder.mkdir()
        self.folder, self.submissions = folder, submissions
        self.course = make_course(folder / "course")
        self.class_ = make_class(folder / "class", answers(submissions))
        started = time.monotonic()
        done = subprocess.run(self.command(folder / "undisturbed"), **self.options(), timeout=PATIENCE)
        self.seconds = time.monotonic() - started
        assert done.returncode == 0, done.stderr
        rows = look(folder / "undisturbed")
        assert len(rows) == submissions
        self.expected = contents(rows)
        self.disk = _mount(folder / "disk")

    def command(self, out: Path) -> list[str]:
        """The command that grades the class."""
        return command("grade", self.class_, "--course", self.course, "--out", out, "--jobs", 2)

    def options(self) -> dict[str, Any]:
        """How it is started."""
        return {
            "cwd": self.folder,
            "env": environment(LANGUAGE="en"),
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.PIPE,
            "encoding": "utf-8",
            "preexec_fn": _hear_ctrl_c,
        }

    def close(self) -> None:
        """Let go of the small disk."""
        if self.disk is not None:
            subprocess.run(["umount", self.disk], check=True)


def _hear_ctrl_c() -> None:
    """Also where this script itself was started in the background, so that Ctrl-C does not reach it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _mount(folder: Path) -> Path | None:
    """A small disk of its own, or None where that is not allowed."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", folder], capture_output=True, check=False)
    return folder if mounted.returncode == 0 else None


class Disturbed:
    """A run that is going on, and what was seen of its records so far."""

    def __init__(self, bench: Bench, out: Path) -> None:
        self.bench, self.out = bench, out
        self.process = subprocess.Popen(bench.command(out), **bench.options())
        self.seen: dict[Key, Row] = {}
        self.family: set[tuple[int, str]] = set()
        self.ballast = out.parent / "ballast"

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def wait_for(self, moment: float, rng: random.Random) -> bool:
        """Wait until a part `moment` of the class is graded (below 0: part of the way to the first); whether it still runs then."""
        if moment < 0:
            time.sleep(rng.uniform(0, 1.5))
        else:
            deadline = time.monotonic() + PATIENCE
            while self.runs and count(self.out) < moment * self.bench.submissions:
                assert time.monotonic() < deadline, "the run hangs"
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 0.02))
        return self.runs

    def check(self) -> dict[Key, Row]:
        """The records as they are now: all readable, none lost or doubled since the last look."""
        now = look(self.out)
        for key, row in self.seen.items():
            assert key in now, f"the record of {key} was lost"
            assert now[key] == row or not row.graded, f"the record of {key} was changed"
        self.seen = now
        self.family |= known(below(self.process.pid))
        return now

    def end(self) -> tuple[int, str]:
        """Wait until it has ended; its exit code and what it said."""
        _, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, said


# --- faults: whether there was something to hit ------------------------------------------------------------------------------------------


def kill_supervisor(run: Disturbed, rng: random.Random) -> bool:
    """Like the kernel's out-of-memory killer, or a machine that is switched off."""
    run.family |= known(below(run.process.pid))
    run.process.kill()
    return True


def ctrl_c(run: Disturbed, rng: random.Random) -> bool:
    """What somebody does who has seen enough; every third is impatient."""
    run.family |= known(below(run.process.pid))
    run.process.send_signal(signal.SIGINT)
    if rng.random() < 0.33:
        time.sleep(rng.uniform(0, 0.3))
        with contextlib.suppress(ProcessLookupError):
            run.process.send_signal(signal.SIGINT)
    return True


def full_disk(run: Disturbed, rng: random.Random) -> bool:
    """No room any more: a file that takes all of it, or a limit on what the supervisor may write to one file."""
    if run.bench.disk is None:
        sizes = [file.stat().st_size for file in run.out.glob(f"{FILE}*")]
        limit = max(sizes, default=0)
        resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        return True
    with contextlib.suppress(OSError), run.ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return True


def kill_zygote(run: Disturbed, rng: random.Random) -> bool:
    """The process that children are forked from, or the one that put it into namespaces."""
    found = [*zygotes(run.process.pid), *children(run.process.pid)]
    return bool(found) and _signal(rng.choice(found), signal.SIGKILL)


def kill_child(run: Disturbed, rng: random.Random) -> bool:
    """A process with a student's code."""
    return any(_signal(pid, signal.SIGKILL) for pid in _students(run, rng))


def stop_child(run: Disturbed, rng: random.Random) -> bool:
    """The same, stopped for good."""
    return any(_signal(pid, signal.SIGSTOP) and state(pid) == "T" for pid in _students(run, rng))


def busy(run: Disturbed, rng: random.Random) -> bool:
    """Another program has the records' file locked for a while, in one of the ways that there are."""
    if not (run.out / FILE).is_file():
        return False
    with contextlib.closing(sqlite3.connect(run.out / FILE, isolation_level=None, timeout=20)) as other:
        try:
            other.execute(rng.choice(("begin immediate", "begin exclusive")))
        except sqlite3.OperationalError:  # the run has just made the file, and nobody may look at it yet
            return False
        time.sleep(rng.uniform(0.05, 1.0))
        other.execute("rollback")
    return True


def _students(run: Disturbed, rng: random.Random) -> Iterator[int]:
    for _ in range(TRIES):
        if not run.runs:
            return
        found = students(run.process.pid)
        if found:
            yield rng.choice(found)
        time.sleep(0.002)


def _signal(pid: int, number: int) -> bool:
    """Send a signal to a process that still does something."""
    if state(pid) in ("", "Z", "X") or not comm(pid):
        return False
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


Fault = Callable[[Disturbed, random.Random], bool]
ENDING: dict[str, Fault] = {fault.__name__: fault for fault in (kill_supervisor, ctrl_c, full_disk)}
PASSING: dict[str, Fault] = {fault.__name__: fault for fault in (kill_zygote, kill_child, stop_child, busy)}
# 0, 3: ended by itself, without or with submissions that the grader failed to grade; 2: no room; 130, -2: Ctrl-C; 1: Ctrl-C before main()
CODES = {"kill_supervisor": {-9}, "ctrl_c": {130, -2, 1, 0}, "full_disk": {2, 3, 0}, "": {0, 3}}


class Report:
    """What was injected, and its result."""

    def __init__(self) -> None:
        self.injected: Counter[str] = Counter()
        self.codes: Counter[tuple[str, int]] = Counter()
        self.missed = self.errors = self.rounds = self.kept = self.regraded = 0

    @property
    def total(self) -> int:
        """How many faults were injected."""
        return sum(self.injected.values())

    def __str__(self) -> str:
        rows = [f"  {kind:16} {count:4}   {self._codes(kind)}" for kind, count in sorted(self.injected.items())]
        return "\n".join(
            [
                f"{self.total} faults in {self.rounds} runs ({self.missed} more had nothing to hit)",
                *rows,
                f"  runs that went on to their end: {self._codes('')}; submissions that they left as grader_error: {self.errors}",
                f"next runs: all {self.rounds} completed with code 0; {self.kept} records kept, {self.regraded} graded then",
                "records lost 0, doubled 0, halved 0, different from an undisturbed run 0; processes left 0",
            ]
        )

    def _codes(self, kind: str) -> str:
        return ", ".join(f"code {code}: {count}" for (key, code), count in sorted(self.codes.items()) if key == kind)


def one_round(bench: Bench, kinds: list[str], rng: random.Random, report: Report, *, startup: float = 0.15) -> None:
    """One run with faults of `kinds`, the last of which may be one that ends it; then the next run, and all the checks.

    Args:
        startup: how likely a fault comes before the first record.
    """
    on_disk = "full_disk" in kinds and bench.disk is not None
    folder = (bench.disk if on_disk and bench.disk else bench.folder) / "round"
    folder.mkdir()
    run = Disturbed(bench, folder / "out")
    try:
        moments = sorted(-1.0 if rng.random() < startup else rng.uniform(0.02, 0.9) for _ in kinds)
        ending = ""
        for kind, moment in zip(kinds, moments, strict=True):
            if not run.wait_for(moment, rng):
                report.missed += 1
                continue
            hit = (ENDING | PASSING)[kind](run, rng)
            report.injected[kind] += hit
            report.missed += not hit
            ending = kind if kind in ENDING else ending
            run.check()
        code, said = run.end()
        after = run.check()
        report.rounds += 1
        report.codes[ending, code] += 1
        report.errors += sum(not row.graded for row in after.values())
        assert code in CODES[ending], f"{kinds}: ended with code {code}\n{said}"
        assert ending == "ctrl_c" or "Traceback" not in said, f"{kinds}: {said}"
        if said.startswith("stopped: "):
            count = int(said.split()[1])
            assert count <= len(after) <= count + 1, f"it said {said!r}, and {len(after)} records are there"
        assert end(run.family), f"{kinds}: left {[(pid, comm(pid)) for pid, since in run.family if started(pid) == since]}"
        run.ballast.unlink(missing_ok=True)
        _next_run(bench, run, report, kinds)
    finally:
        run.process.kill()
        run.process.wait()
        if run.process.stderr is not None:
            run.process.stderr.close()
        shutil.rmtree(folder)


def _next_run(bench: Bench, run: Disturbed, report: Report, kinds: list[str]) -> None:
    """The same command again, undisturbed: it completes, and all is as if nothing had been."""
    before = {key: row for key, row in run.seen.items() if row.graded}
    again = subprocess.run(bench.command(run.out), **bench.options(), timeout=PATIENCE, check=False)
    assert again.returncode == 0, f"after {kinds} the next run ended with code {again.returncode}\n{again.stderr}"
    assert whole(run.out), f"after {kinds} the records' file is not in order"
    rows = look(run.out)
    wrong = {key for key in bench.expected if key not in rows or rows[key].content != bench.expected[key]}
    assert not wrong and len(rows) == len(bench.expected), f"after {kinds} {len(wrong)} records differ: {sorted(wrong)[:5]}"
    regraded = {key for key, row in before.items() if rows[key].made != row.made}
    assert not regraded, f"after {kinds} {len(regraded)} records were made again: {sorted(regraded)[:5]}"
    report.kept += len(before)
    report.regraded += len(rows) - len(before)


def campaign(bench: Bench, faults: int, minutes: float, kinds: list[str], rng: random.Random, report: Report) -> None:
    """Rounds until so many faults were injected, or so many minutes are over. Those that end no run come several in one."""
    ending, passing = [kind for kind in kinds if kind in ENDING], [kind for kind in kinds if kind in PASSING]
    deadline = time.monotonic() + 60 * minutes
    while report.total < faults and time.monotonic() < deadline:
        if ending and (not passing or rng.random() < 0.75):
            one_round(bench, [rng.choice(ending)], rng, report)
        else:
            one_round(bench, [rng.choice(passing) for _ in range(rng.randrange(2, 6))], rng, report)
        counts = ", ".join(f"{kind} {count}" for kind, count in sorted(report.injected.items()))
        print(f"{report.total} faults in {report.rounds} runs: {counts}", file=sys.stderr, flush=True)


def main() -> None:
    """Run the campaign and print its report; the first thing that is wrong ends it with a traceback."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--submissions", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=180.0, help="stop after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", nargs="*", default=[*ENDING, *PASSING], choices=[*ENDING, *PASSING])
    parser.add_argument("--quick", action="store_true", help="10 faults into runs over 60 submissions")
    given = parser.parse_args()
    faults, submissions = (10, 60) if given.quick else (given.faults, given.submissions)
    report, started = Report(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="grader-faults-") as folder:
        bench = Bench(Path(folder) / "bench", submissions)
        try:
            print(f"an undisturbed run over {submissions} submissions takes {bench.seconds:.1f} s")
            print(f"disk full: {'a tmpfs of ' + str(DISK >> 20) + ' MiB' if bench.disk else 'RLIMIT_FSIZE (no mount here)'}")
            campaign(bench, faults, given.minutes, given.kinds, random.Random(given.seed), report)
        finally:
            bench.close()
            print(report)
    print(f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
