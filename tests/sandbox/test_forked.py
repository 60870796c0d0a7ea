"""The forked backend keeps the contract in all its modes, and measures time from outside."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest
from contract import Contract
from students import LIMITS, call, run, session, value

from grader.errors import OverloadedError
from grader.sandbox.backend import Backend
from grader.sandbox.forked import MODES, ForkedBackend
from grader.sandbox.meter import Meter, Stopwatch
from grader.sandbox.outcome import Returned, TimedOut


@pytest.fixture(scope="module", params=MODES)
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The backend in one mode."""
    with ForkedBackend(request.param) as backend:
        yield backend


class TestForked(Contract):
    """A locked-down fork, in every mode."""

    def test_cpu_time_is_what_counts(self, backend: Backend) -> None:
        """A loop is ended when it has used its CPU time, and told so."""
        assert run(backend, "def f():\n    while True: pass", seconds=0.2) == TimedOut(0.2, "cpu")

    def test_kernel_limit(self, backend: Backend) -> None:
        """Using up the whole budget is told as that, although it is the kernel that ends it."""
        limits = msgspec.structs.replace(LIMITS, budget_seconds=0.1)
        assert run(backend, "def f():\n    while True: pass", limits=limits, seconds=30.0) == TimedOut(0.1, "budget")


def test_time_of_each_call_is_its_own(forked: ForkedBackend) -> None:
    """Many short calls may together use more CPU than one of them may."""
    text = "import time\ndef f():\n    end = time.process_time() + 0.05\n    while time.process_time() < end: pass"
    with session(forked, text) as opened:
        for seq in range(8):
            assert isinstance(call(opened, "f", seq=seq, seconds=0.2), Returned)


def test_a_slow_machine_costs_nothing(forked: ForkedBackend) -> None:
    """Children that share too few CPUs are not timed out by the wall clock."""
    crowd = 3 * (os.cpu_count() or 1)
    text = "import time\ndef f():\n    end = time.process_time() + 0.3\n    while time.process_time() < end: pass\n    return 1"
    limits = msgspec.structs.replace(LIMITS, wall_factor=60.0)
    outcomes = []

    def work() -> None:
        with ForkedBackend() as own:
            outcomes.append(run(own, text, limits=limits, seconds=0.6))

    threads = [threading.Thread(target=work) for _ in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [value(outcome) for outcome in outcomes] == [1] * crowd


def test_overloaded_is_not_the_students_fault(forked: ForkedBackend) -> None:
    """A child that waited for a CPU until the wall clock ran out is the grader's fault."""
    command = [
        sys.executable,
        "-S",
        "-c",
        "while True: pass",
    ]  # each in a session of its own: schedulers share time among sessions
    busy = [subprocess.Popen(command, start_new_session=True) for _ in range(4 * (os.cpu_count() or 1))]
    try:
        limits = msgspec.structs.replace(LIMITS, wall_factor=1.2, wall_floor=0.0)
        with session(forked, "def f():\n    while True: pass", msgspec.structs.replace(limits, load_seconds=20.0)) as opened:
            with pytest.raises(OverloadedError):
                call(opened, "f", seconds=1.0)
            assert not opened.alive
    finally:
        for process in busy:
            process.kill()
            process.wait()


def test_clocks_from_outside() -> None:
    """The CPU clock of another process stands still while it sleeps; where it cannot be read, only the wall clock counts."""
    with subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE) as process:
        pidfd = os.pidfd_open(process.pid)
        meter = Meter(pidfd)
        time.sleep(0.2)
        first = meter.cpu()
        time.sleep(0.05)
        assert first is not None
        assert meter.cpu() == first
        assert not meter.runnable()
        assert meter.delay() is not None
        process.kill()
        os.close(pidfd)
    gone = Meter(-1)
    assert gone.cpu() is None
    watch = Stopwatch(gone, 0.1, 0.2)
    assert watch.look(time.monotonic() + 0.15) == ""
    assert watch.look(time.monotonic() + 0.25) == "wall"
