"""Schedulers and workers of Dask as forks of one process that has imported what they need: each is a process, and starts at once.

To import Dask is most of what such a process does in a test. What begins with another command, as on a host of a network of its own,
starts by itself (see `machines.py`).
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

REPO = Path(__file__).resolve().parents[2]
PROGRAMS = ("dask_scheduler", "dask_worker")
IMPORTED_LATER = (  # by what runs in them
    *("distributed.http.proxy", "distributed.http.statics", "distributed.http.scheduler.info", "distributed.http.scheduler.json"),
    *("distributed.http.scheduler.prometheus.core", "distributed.http.worker.prometheus.core", "prometheus_client"),
    *("grader.engine.cluster_worker", "grader.sandbox.linux.backend", "grader.sandbox.probe", "grader.sandbox.child.execute"),
)


class Forked:
    """A process of the nursery's, with what tests need of a `Popen`."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self.pid, self._nursery = pid, nursery
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, the negative of a signal's number, or None while it is there."""
        return self._ended("poll")

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, however long it takes."""
        code = self._ended("wait")
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """Nothing happens where it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, how: str) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ask(how, self.pid)
        return self.returncode


class Nursery:
    """The process that has imported everything. It ends, with all that it began, when nobody needs it any more."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env={**os.environ, "PYTHONPATH": str(REPO)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        weakref.finalize(self, _close, self._process)

    def start(
        self, program: str, arguments: Sequence[str], log: Path, environment: Mapping[str, str], without: Collection[str]
    ) -> Forked:
        """Begin a program.

        Args:
            log: where everything that it prints goes.
            without: what its kernel does not have (see `attacks/launcher.py`).
        """
        log.write_bytes(b"")  # it is there at once
        return Forked(self, self.ask("start", program, list(arguments), str(log), dict(environment), list(without)))

    def ask(self, *request: object) -> Any:
        """What it answers."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _close(process: "subprocess.Popen[bytes]") -> None:
    process.communicate()


def _serve() -> None:
    """Answer until nobody asks any more."""
    programs = {name: import_module(f"distributed.cli.{name}") for name in PROGRAMS}
    for name in IMPORTED_LATER:
        import_module(name)
    sys.path.insert(0, str(REPO / "tests" / "attacks"))
    replies, running = os.fdopen(os.dup(1), "w"), set[int]()
    os.dup2(2, 1)
    for line in sys.stdin:
        kind, *given = json.loads(line)
        if kind == "start":
            pid = os.fork()
            if not pid:
                replies.close()
                _become(programs[given[0]], *given)
            running.add(pid)
            answer: int | None = pid
        else:
            ended, status = os.waitpid(given[0], os.WNOHANG if kind == "poll" else 0)
            answer = os.waitstatus_to_exitcode(status) if ended else None
            running -= {ended}
        print(json.dumps(answer), file=replies, flush=True)
    for pid in running:
        os.kill(pid, signal.SIGKILL)


def _become(module: Any, name: str, arguments: list[str], log: str, environment: dict[str, str], without: list[str]) -> None:
    """In the fork: what `python -m distributed.cli.…` would do."""
    import dask
    from launcher import take_away

    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for fd in (1, 2):
        os.dup2(written, fd)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    dask.config.refresh()
    take_away(set(without))
    sys.argv = [name, *arguments]
    module.main()
    raise AssertionError("it exits")


if __name__ == "__main__":
    _serve()
