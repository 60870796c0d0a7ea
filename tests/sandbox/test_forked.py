"""The Linux backend keeps the contract in all its modes, and measures time from outside."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from classroom import eventually
from contract import Contract
from students import LIMITS, call, run, session, value

from grader.errors import OverloadedError, SandboxError
from grader.sandbox.backend import Backend
from grader.sandbox.linux.backend import MODES, LinuxBackend
from grader.sandbox.linux.meter import Meter, Stopwatch
from grader.sandbox.outcome import Returned, TimedOut
from grader.sandbox.wire import Step, frame

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=MODES)
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The backend in one mode."""
    with LinuxBackend(request.param) as backend:
        yield backend


class TestLinux(Contract):
    """A locked-down fork, in every mode."""

    def test_cpu_time_is_what_counts(self, backend: Backend) -> None:
        """A loop is ended when it has used its CPU time, and told so."""
        outcome = run(backend, "def f():\n    while True: pass", seconds=0.2)
        assert outcome == TimedOut(0.2, "cpu", "work.py", 2, "while True: pass")

    def test_kernel_limit(self, backend: Backend) -> None:
        """Using up the whole budget is told as that, although it is the kernel that ends it."""
        limits = msgspec.structs.replace(LIMITS, budget_seconds=0.1)
        assert run(backend, "def f():\n    while True: pass", limits=limits, seconds=30.0) == TimedOut(0.1, "budget")


def test_time_of_each_call_is_its_own(forked: LinuxBackend) -> None:
    """Many short calls may together use more CPU than one of them may."""
    text = "import time\ndef f():\n    end = time.process_time() + 0.05\n    while time.process_time() < end: pass"
    with session(forked, text) as opened:
        for seq in range(8):
            assert isinstance(call(opened, "f", seq=seq, seconds=0.2), Returned)


def test_time_of_each_call_is_its_own_where_they_are_sent_together(forked: LinuxBackend) -> None:
    """Calls that are quick by themselves are not late together; one that is not is told, with its line."""
    text = """
        import time
        def f(n):
            end = time.process_time() + (0.1 if n < 5 else 60)
            while time.process_time() < end: pass
            return n
    """
    frames = [frame(Step(seq, seq, "call", "f", (seq,))) for seq in range(6)]
    with session(forked, text) as opened:
        found = [opened.call(seq, frames[seq], 0.4, frames[seq + 1 :]) for seq in range(6)]
    assert found == [*map(Returned, range(5)), TimedOut(0.4, "cpu", "work.py", 5, "while time.process_time() < end: pass")]


def test_a_slow_machine_costs_nothing(forked: LinuxBackend) -> None:
    """Children that share too few CPUs are not timed out by the wall clock."""
    crowd = 3 * (os.cpu_count() or 1)
    text = "import time\ndef f():\n    end = time.process_time() + 0.3\n    while time.process_time() < end: pass\n    return 1"
    limits = msgspec.structs.replace(LIMITS, wall_factor=60.0)
    outcomes = []

    def work() -> None:
        outcomes.append(run(forked, text, limits=limits, seconds=0.6))

    threads = [threading.Thread(target=work) for _ in range(crowd)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [value(outcome) for outcome in outcomes] == [1] * crowd


@pytest.fixture
def crowd() -> Iterator[None]:
    """Four busy processes for each CPU, each in a session of its own: schedulers share time among sessions."""
    command = [sys.executable, "-S", "-c", "while True: pass"]
    busy = [subprocess.Popen(command, start_new_session=True) for _ in range(4 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for process in busy:
            process.kill()
            process.wait()


BUSY = msgspec.structs.replace(LIMITS, wall_factor=2.0, wall_floor=0.0, load_seconds=20.0, patience=200.0)


@pytest.mark.usefixtures("crowd")
def test_overloaded_is_not_the_students_fault(forked: LinuxBackend) -> None:
    """A child that waited for a CPU until patience ran out is the grader's fault."""
    limits = msgspec.structs.replace(BUSY, patience=1.0)
    with session(forked, "def f():\n    while True: pass", limits) as opened:
        with pytest.raises(OverloadedError):
            call(opened, "f", seconds=0.3)
        assert not opened.alive


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("text", "clock"), [("while True: pass", "cpu"), ("import time\n    time.sleep(600)", "wall")], ids=["loop", "sleep"]
)
def test_limits_on_a_busy_machine_are_the_same(forked: LinuxBackend, text: str, clock: str) -> None:
    """Waiting for a CPU is not counted: a loop is ended by its CPU time although the wall clock is far beyond, a sleeper by the wall's."""
    with session(forked, f"def f():\n    {text}", BUSY) as opened:
        outcome = call(opened, "f", seconds=0.3)
        assert isinstance(outcome, TimedOut)
        assert (outcome.seconds, outcome.clock) == (0.3 if clock == "cpu" else 0.6, clock)


@pytest.mark.usefixtures("crowd")
def test_work_within_its_cpu_time_on_a_busy_machine(forked: LinuxBackend) -> None:
    """What needs less CPU time than it may use is done, however long it waits for it."""
    text = "import time\ndef f():\n    end = time.process_time() + 0.25\n    while time.process_time() < end: pass\n    return 1"
    with session(forked, text, BUSY) as opened:
        assert value(call(opened, "f", seconds=0.3)) == 1


def test_a_supervisor_that_was_stopped_times_nobody_out() -> None:
    """What a child answered while the supervisor was stopped counts, however long that was (Ctrl-Z, a machine that froze)."""
    text = """
        from grader.sandbox.linux.backend import LinuxBackend
        from students import *
        limits = type(LIMITS)(wall_floor=0.0, wall_factor=2.0)
        with LinuxBackend() as backend, session(backend, "import time\\ndef f():\\n    time.sleep(0.3)\\n    return 1", limits) as opened:
            print("ready", flush=True)
            print(call(opened, "f", seconds=0.5), flush=True)
    """
    path = f"{Path(__file__).parents[2]}:{Path(__file__).parent}"
    command = [sys.executable, "-c", textwrap.dedent(text)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}, encoding="utf-8"
    ) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdout.readline() == "ready\n"
        time.sleep(0.1)
        supervisor.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        supervisor.send_signal(signal.SIGCONT)
        assert supervisor.stdout.read() == f"{Returned(1)}\n"


@pytest.mark.parametrize("mode", ["landlock", "closed-fs"])
def test_a_child_that_was_stopped_is_not_the_students_fault(mode: str) -> None:
    """A child that somebody stopped is the grader's fault: its own code cannot send signals."""
    with (
        LinuxBackend(mode) as backend,
        session(backend, "import time\ndef f():\n    time.sleep(0.3)\n    while True: pass") as opened,
    ):
        signal.pidfd_send_signal(opened._pidfd, signal.SIGSTOP)  # type: ignore[attr-defined]
        with pytest.raises(SandboxError, match="stopped from outside"):
            call(opened, "f", seconds=0.2)
        assert not opened.alive


def test_clocks_from_outside() -> None:
    """The CPU clock of another process stands still while it sleeps; where it cannot be read, only the wall clock counts."""
    command = [sys.executable, "-S", "-c", "print('here', flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        pidfd = os.pidfd_open(process.pid)
        meter = Meter(pidfd)
        assert process.stdout is not None and process.stdout.readline() == b"here\n"
        eventually(lambda: not meter.runnable())
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
    watch = Stopwatch(gone, 1000.0, 2000.0, 20000.0)
    assert watch.look(time.monotonic() + 1500.0) == ""
    assert watch.look(time.monotonic() + 2500.0) == "wall"


def test_answer_that_is_noticed_late_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the seconds in which this process had no CPU to read an answer, next to none count as the child's waiting."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    watch = Stopwatch(Meter(-1), 10.0, 12.0, 120.0)
    now = 0.02
    watch.look(watch.notice())
    now = 5.0
    watch.look(watch.notice())
    assert watch.seen < 0.1 and watch.passed() < 0.1


def test_an_answer_that_is_there_was_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late this process finds it; half of one is not enough."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    watch = Stopwatch(Meter(-1), 10.0, 0.025, 120.0)
    now = 0.06
    assert watch.look(watch.notice(), answered=True) == "" and watch.seen == 0.0
    assert watch.look(watch.notice()) == "wall"


def test_waiting_counts_however_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that sleeps is seen to sleep for as long as it does."""
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    watch = Stopwatch(Meter(-1), 10.0, 12.0, 120.0)
    looks = 0
    while watch.look(watch.notice()) != "wall":
        now, looks = watch.next_look, looks + 1
    assert 12.0 <= now < 12.1 and looks < 20
