"""The faults that a cluster may have while it grades a class.

kill_worker       SIGKILL to a worker; another one begins          the run goes on
partition         a worker's host loses its cable for some seconds the run goes on (not root: its processes are stopped)
starve            a worker gets a tenth of a processor             the run goes on
kill_scheduler    SIGKILL                                          ends the run; the same command is run on a new cluster
ctrl_c            SIGINT to the client                             ends the run; the same command is run
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from cluster_bench import TTL, WORKERS, Grid, Process
from processes import below, known, started


def kill_worker(grid: Grid, run: "subprocess.Popen[str]", rng: random.Random) -> None:
    """A machine that is switched off, or the kernel's out-of-memory killer."""
    rng.choice(grid.workers).kill()


def partition(grid: Grid, run: "subprocess.Popen[str]", rng: random.Random) -> None:
    """For less or for more time than the scheduler has patience."""
    place, seconds = rng.randrange(WORKERS), rng.uniform(0.5, 2.5) * TTL
    host = grid.hosts[place]
    if host is None:
        with _stopped(grid.workers[place]):
            time.sleep(seconds)
        return
    host.unplug()
    try:
        time.sleep(seconds)
    finally:
        host.unplug(pulled=False)


def starve(grid: Grid, run: "subprocess.Popen[str]", rng: random.Random) -> None:
    """Another program has the processor, again and again."""
    worker = rng.choice(grid.workers)
    for _ in range(rng.randrange(5, 25)):
        with _stopped(worker):
            time.sleep(0.27)
        time.sleep(0.03)


def kill_scheduler(grid: Grid, run: "subprocess.Popen[str]", rng: random.Random) -> None:
    """The machine that all others speak with."""
    grid.machines.scheduler.kill()


def ctrl_c(grid: Grid, run: "subprocess.Popen[str]", rng: random.Random) -> None:
    """Somebody has seen enough."""
    run.send_signal(signal.SIGINT)


@contextmanager
def _stopped(worker: Process) -> Iterator[None]:
    """It and all below it are stopped, and go on."""
    family = known((worker.pid, *below(worker.pid)))

    def tell(number: signal.Signals) -> None:
        for pid in [pid for pid, since in family if started(pid) == since]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    tell(signal.SIGSTOP)
    try:
        yield
    finally:
        tell(signal.SIGCONT)


Fault = Callable[[Grid, "subprocess.Popen[str]", random.Random], None]
PASSING: dict[str, Fault] = {fault.__name__: fault for fault in (kill_worker, partition, starve)}
ENDING: dict[str, Fault] = {fault.__name__: fault for fault in (kill_scheduler, ctrl_c)}
CODES = {"": (0,), "kill_scheduler": (2,), "ctrl_c": (130, -2, 1)}  # the last two: before main()
