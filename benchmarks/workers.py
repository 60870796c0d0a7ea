"""What a second worker gives, and a third: `python benchmarks/workers.py [--topic delta_rule] [--share 0.25]` (as root).

Workers on the machine of the client and the scheduler share its processors with them and with each other: one already keeps more than one
of two busy, and the second gets what is left. So that each is like a machine of its own, a small one, a control group gives every worker
with all its children the same fixed share of a processor; client and scheduler are not limited. The rate is that of the records after the
first `--after`: what starting costs is not in it, nor the first submissions of a worker, which take longer because it knows no verdict yet.
Everybody's records must be the same.
"""

import argparse
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.control_group import Group, NoGroupsError, group  # noqa: E402
from benchmarks.crowd import crowd_of  # noqa: E402
from benchmarks.results import Results  # noqa: E402
from benchmarks.scale import ENVIRONMENT, GRADER  # noqa: E402
from grader.gradebook.open_store import open_store  # noqa: E402
from grader.gradebook.sqlite import FILE  # noqa: E402

DASK = [sys.executable, "-m", "dask"]
START_SECONDS = 120.0  # that the scheduler may take to begin, and a worker to join it
GRADE_SECONDS = 1500.0  # that a class may take
LEAVE_SECONDS = 10.0  # that a process may take to end by itself before it is killed
DEAR = (
    "hostile",
    "slow",
)  # families of which one may take as long as a hundred others: it would be all that counts in so small a class
EXPECTED = 1.8  # times as fast, with two


class Taken(msgspec.Struct, frozen=True):
    """One class with so many workers.

    Attributes:
        rate: submissions a second.
        used: of the shares of all workers, what they used while the records that count were made.
        records: what they hold but for what was measured, by student.
    """

    rate: float
    used: float
    records: Mapping[str, bytes]


def main() -> None:
    """Measure with each number of workers, and print how much faster they are than one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topic", default="delta_rule", help="(default: delta_rule)")
    parser.add_argument("--count", type=int, default=240, help="submissions (default: 240)")
    parser.add_argument("--after", type=int, default=80, help="records that do not count, at the beginning (default: 80)")
    parser.add_argument("--share", type=float, default=0.25, help="of a processor for each worker (default: 0.25)")
    parser.add_argument("--workers", type=int, action="append", help="so many (may be repeated; default: 1, 2 and 3)")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    results = Results("workers")
    results.keeping = options.keep
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    taken: dict[int, Taken] = {}
    with tempfile.TemporaryDirectory() as name:
        crowd_of(options.topic, ROOT).write(Path(name) / "class", options.count, without=DEAR)
        for workers in options.workers or (1, 2, 3):
            folder = Path(name) / str(workers)
            folder.mkdir()
            try:
                taken[workers] = found = _taken(folder, Path(name) / "class", options, workers)
            except NoGroupsError as error:
                sys.exit(f"no shares of the processors here, so that nothing can be measured: {error}")
            first, one = next(iter(taken.values())), taken.get(1)
            if found.records != first.records:
                differ = sorted(key for key in first.records if found.records.get(key) != first.records[key])
                sys.exit(f"the records of {workers} workers are others: {', '.join(differ[:5])}")
            times = f", {found.rate / one.rate:.2f} times as fast as one" if one and workers > 1 else ""
            expected = f" (expected: at least {EXPECTED:g})" if times and workers == 2 else ""
            shares = f"{workers} of {options.share:g}"
            print(f"{options.topic}, {shares}: {found.rate:.2f} a second, {found.used:.0%} used{times}{expected}", flush=True)
            figures = {"rate": round(found.rate, 3), "used": round(found.used, 2), "load": round(os.getloadavg()[0], 1)}
            if one:
                figures["times"] = round(found.rate / one.rate, 2)
            key = {"topic": options.topic, "share": options.share, "count": options.count, "workers": workers}
            results.keep(key, figures)


def _taken(folder: Path, class_: Path, options: argparse.Namespace, workers: int) -> Taken:
    """Grade the class with so many workers."""
    out = folder / "records"
    command = [*GRADER, "grade", str(class_), "--course", str(ROOT), "--topic", options.topic, "--out", str(out)]
    with ExitStack() as stack:
        address, groups = stack.enter_context(_cluster(folder, workers, options.share))
        client = stack.enter_context(group("grader-client"))
        log = folder / "client.log"
        process = stack.enter_context(_process(client, log, [*command, "--cluster", address]))
        _wait(lambda: len(_times(out)) >= options.after or process.poll() is not None, log, GRADE_SECONDS)
        begun, before = time.monotonic(), sum(one.seconds for one in groups)
        process.wait(GRADE_SECONDS)
        used = (sum(one.seconds for one in groups) - before) / (time.monotonic() - begun) / workers / options.share
    told = log.read_text(errors="replace")
    if process.returncode not in (0, 1) or told.count(" graded") < workers:
        sys.exit(f"it ended with {process.returncode}; did all {workers} take part?\n{told[-3000:]}")
    times = _times(out)
    return Taken((len(times) - options.after) / (times[-1] - times[options.after - 1]), used, _contents(out))


def _times(out: Path) -> list[float]:
    """When each record was made; none where there is no file yet."""
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True)) as records:
        return [made for (made,) in records.execute("select graded_at from attempt order by graded_at")]
    return []


def _contents(out: Path) -> dict[str, bytes]:
    """All that the records hold but times and memory."""
    with open_store(out, write=False) as store:
        found = {}
        for record in store.records():
            usage = msgspec.structs.replace(record.run.usage, cpu_seconds=0.0, wall_seconds=0.0, peak_kib=0)
            run = msgspec.structs.replace(record.run, usage=usage, seconds=0.0)
            found[record.student] = msgspec.msgpack.encode((record.source_hash, run, record.grade))
        return found


@contextlib.contextmanager
def _cluster(folder: Path, workers: int, share: float) -> Iterator[tuple[str, list[Group]]]:
    """A scheduler and workers that have joined it, each in a group of its own; gives the scheduler's address and the workers' groups."""
    file, log = folder / "scheduler.json", folder / "scheduler.log"
    with ExitStack() as stack:
        scheduler = [*DASK, "scheduler", "--port", "0", "--scheduler-file", str(file), "--no-dashboard"]
        stack.enter_context(_process(stack.enter_context(group("grader-scheduler")), log, scheduler))
        _wait(lambda: file.exists() and file.read_text().strip() != "", log, START_SECONDS)
        address = msgspec.json.decode(file.read_bytes())["address"]
        groups = []
        for number in range(workers):
            groups.append(stack.enter_context(group(f"grader-worker-{number}", share)))
            options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder)]
            log = folder / f"worker-{number}.log"
            stack.enter_context(_process(groups[-1], log, [*DASK, "worker", address, *options]))
        for number in range(workers):
            log = folder / f"worker-{number}.log"
            _wait(lambda joined=log: "Registered to" in joined.read_text(), log, START_SECONDS)  # type: ignore[misc]
        yield address, groups


@contextlib.contextmanager
def _process(where: Group, log: Path, command: Sequence[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that runs in a group; at the end it is asked to end, and what is left is killed with the group."""
    with log.open("wb") as said:
        process = subprocess.Popen(where.inside(command), env=ENVIRONMENT, stdout=said, stderr=said)
    try:
        yield process
    finally:
        where.limit(None)
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(LEAVE_SECONDS)
        process.kill()
        process.wait()


def _wait(ready: Callable[[], bool], log: Path, seconds: float) -> None:
    """Wait for something that a process does."""
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            sys.exit(f"nothing after {seconds:.0f} s:\n{log.read_text(errors='replace')[-3000:]}")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
