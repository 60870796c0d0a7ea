"""A Dask cluster of real processes on this machine: a scheduler, and workers that can be stopped, killed and weakened."""

import functools
import os
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Self

import msgspec
from classroom import scaling
from nursery import Forked, Nursery

ANSWERS = {  # of a class that is graded by a cluster
    "right": scaling("return x * factor"),
    "wrong": scaling("return x + factor"),
    "raises": scaling("raise ValueError('no')"),
    "broken": "def scale(x, c:\n",
    "endless": scaling("while True: pass"),
}
PATIENCE = 200  # seconds in which a worker has joined, on a very busy machine too
REPO = Path(__file__).resolve().parents[2]
QUIET = {
    "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "15s",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "10s",
    "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false",  # it looks at every thread a hundred times a second, also at idle ones
    "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "500ms",  # not fifty times a second
}
Process = subprocess.Popen[bytes] | Forked


@functools.cache
def nursery() -> Nursery:
    """The one of this process."""
    return Nursery()


class Machines:
    """A scheduler and its workers. Use as a context manager."""

    def __init__(self, folder: Path, *, before: tuple[str, ...] = (), host: str = "", **settings: str) -> None:
        """What the scheduler's command begins with, at which address it listens, and variables of all their environments."""
        folder.mkdir(exist_ok=True)
        self.folder, self.processes, self.settings = folder, list[Process](), settings
        self.scratch = folder / "scratch"  # of the workers
        self._file, self._before, self._host = folder / "scheduler.json", before, host

    def __enter__(self) -> Self:
        options = ("--port", "0", "--scheduler-file", self._file, *(("--host", self._host) if self._host else ()))
        self.scheduler = self._start("dask_scheduler", *options, before=self._before)
        while not self._file.is_file() or not self._file.read_text().strip():
            assert self.scheduler.poll() is None, (self.folder / "0.log").read_text()
            time.sleep(0.05)
        self.address: str = msgspec.json.decode(self._file.read_bytes())["address"]
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()

    def worker(self, *before: object, wait: bool = True, reached_at: str = "", without: Collection[str] = ()) -> Process:
        """One more worker, with one thread, which has joined (unless nobody waits).

        Args:
            before: what its command begins with.
            reached_at: the address that it gives the others.
            without: what its kernel does not have.
        """
        log = self.folder / f"{len(self.processes)}.log"
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", self.scratch)
        options += ("--listen-address", "tcp://127.0.0.1:0", "--contact-address", reached_at) if reached_at else ()
        process = self._start("dask_worker", self.address, *options, before=before, without=without)
        deadline = time.monotonic() + PATIENCE
        while wait and "Registered to" not in log.read_text():
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
        return process

    def weak_worker(self) -> Process:
        """A worker on a kernel without system call filters: student code cannot be locked down there."""
        return self.worker(without=("seccomp",))

    def _start(self, program: str, *arguments: object, before: tuple[object, ...] = (), without: Collection[str] = ()) -> Process:
        log = self.folder / f"{len(self.processes)}.log"
        words = [*map(str, arguments), "--no-dashboard"]
        variables = {**os.environ, **QUIET, "PYTHONPATH": str(REPO), **self.settings}
        process: Process
        if before:
            assert not without
            command = [*map(str, before), sys.executable, "-m", f"distributed.cli.{program}", *words]
            with log.open("wb") as file:
                process = subprocess.Popen(command, stdout=file, stderr=file, env=variables)
        else:
            process = nursery().start(program, words, log, variables, without)
        self.processes.append(process)
        return process
