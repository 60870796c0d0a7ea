"""What a second worker gives, on a machine of two cores: `python benchmarks/workers.py [--topic delta_rule] [--share 0.3]` (as root).

Workers on the machine that also runs the client and the scheduler share its cores with them, and the second one gets what is left. So that
each is as good as a machine of its own, a control group gives every worker the same share of a core, and the others have the rest. What
starting costs falls out: the rate is that of the submissions by which one class is larger than another.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.crowd import crowd_of  # noqa: E402
from benchmarks.processes import measured  # noqa: E402
from benchmarks.results import Results  # noqa: E402
from benchmarks.scale import ENVIRONMENT, GRADER  # noqa: E402

GROUPS = Path("/sys/fs/cgroup")
PERIOD = 100_000  # microseconds
RESULTS = Results("workers")


def main() -> None:
    """Measure with one worker and with two, and print how much faster two are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--topic", default="delta_rule")
    parser.add_argument("--share", type=float, default=0.3, help="of a core for each worker (default: 0.3)")
    parser.add_argument("--small", type=int, default=40, help="submissions of the smaller class (default: 40)")
    parser.add_argument("--large", type=int, default=240, help="and of the larger one (default: 240)")
    parser.add_argument("--keep", action="store_true", help="in benchmarks/results")
    options = parser.parse_args()
    RESULTS.keeping = options.keep
    rates = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in (options.small, options.large):
            crowd_of(options.topic, ROOT).write(folder / f"class-{count}", count)
        for workers in (1, 2):
            with ExitStack() as stack:
                address = stack.enter_context(_cluster(folder, workers, options.share))
                seconds = [_seconds(folder, options.topic, count, address) for count in (options.small, options.large)]
            rates[workers] = (options.large - options.small) / (seconds[1] - seconds[0])
            print(f"workers: {workers}, {options.share:g} of a core each: {rates[workers]:.2f} submissions a second", flush=True)
    print(f"two workers are {rates[2] / rates[1]:.2f} times as fast as one")
    RESULTS.keep(
        {"topic": options.topic, "share": options.share},
        {"one": round(rates[1], 2), "two": round(rates[2], 2), "times": round(rates[2] / rates[1], 2)},
    )


def _seconds(folder: Path, topic: str, count: int, address: str) -> float:
    out = folder / "out"
    command = [*GRADER, "grade", str(folder / f"class-{count}"), "--course", str(ROOT), "--topic", topic, "--out", str(out)]
    took = measured([*command, "--force", "--same-class", "--cluster", address], ROOT, ENVIRONMENT, folder / "log")
    if took.code not in (0, 1):
        sys.exit(f"it ended with {took.code}:\n{took.errors}")
    return took.seconds


@contextlib.contextmanager
def _cluster(folder: Path, workers: int, share: float) -> Iterator[str]:
    """A scheduler and workers with a share of a core each; gives the scheduler's address."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    with ExitStack() as stack:
        stack.enter_context(_process("dask_scheduler", "--port", "0", "--scheduler-file", str(file)))
        while not file.exists() or not file.read_text():
            time.sleep(0.1)
        for number in range(workers):
            before = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"', str(stack.enter_context(_group(number, share)))]
            options = ("--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--local-directory", str(folder))
            stack.enter_context(_process("dask_worker", *options, before=before))
        yield str(json.loads(file.read_text())["address"])


@contextlib.contextmanager
def _process(program: str, *options: str, before: list[str] | None = None) -> Iterator[None]:
    command = [*(before or []), sys.executable, "-m", f"distributed.cli.{program}", *options, "--no-dashboard"]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def _group(number: int, share: float) -> Iterator[Path]:
    """A control group of either version, whose processes together get a share of a core."""
    old = (GROUPS / "cpu" / "cpu.cfs_quota_us").exists() or (GROUPS / "cpu" / "cgroup.procs").exists()
    group = (GROUPS / "cpu" if old else GROUPS) / f"grader-worker-{number}"
    group.mkdir(exist_ok=True)
    try:
        if old:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD))
            (group / "cpu.cfs_quota_us").write_text(str(int(share * PERIOD)))
        else:
            (group / "cpu.max").write_text(f"{int(share * PERIOD)} {PERIOD}")
        yield group
    finally:
        for _ in range(100):  # the last processes are ending
            with contextlib.suppress(OSError):
                group.rmdir()
                break
            time.sleep(0.1)


if __name__ == "__main__":
    main()
