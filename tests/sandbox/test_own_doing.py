"""Whatever a child does to itself is its own outcome, and never an error of the sandbox."""

import signal
from collections.abc import Iterator

import msgspec
import pytest
from students import LIMITS, call, session, value

from grader.errors import SandboxError
from grader.sandbox.control import EXIT_MEMORY, EXIT_SETUP, Reaped
from grader.sandbox.exit_status import outcome_of_exit
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Died, Outcome, OutOfMemory, Returned, TimedOut

SPIN = "\n    while True: pass"
LOWER = "import resource as r\ndef f():\n    r.setrlimit(r.RLIMIT_{kind}, {limits})"
DEEDS = {
    "cpu time": LOWER.format(kind="CPU", limits="(1, 1)") + SPIN,
    "cpu time with a handler": "import signal\nsignal.signal(signal.SIGXCPU, lambda *_: None)\n"
    + LOWER.format(kind="CPU", limits="(1, 2)")
    + SPIN,
    "cpu time by its soft limit": LOWER.format(kind="CPU", limits="(1, 60)") + SPIN,
    "memory": LOWER.format(kind="AS", limits="(1, 1)") + "\n    return bytearray(1 << 22)",
    "stack": LOWER.format(kind="STACK", limits="(1 << 14, 1 << 14)") + "\n    return sorted([3, 1], key=lambda n: repr([[n]]))",
    "descriptors": LOWER.format(kind="NOFILE", limits="(0, 0)") + "\n    open('x')",
    "size of files": LOWER.format(kind="FSIZE", limits="(0, 0)") + "\n    return 1",
    "closes its wire": "import os\ndef f(): os.close(3)",
    "closes everything": "import os\ndef f(): os.closerange(0, 64)",
    "kills itself": "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGKILL)",
    "stops itself": "import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSTOP)",
    "another wire": "import os\ndef f():\n    os.dup2(1, 3)\n    return 1",
    "dies with its parent": "import ctypes\ndef f(): ctypes.CDLL(None).prctl(1, 9)",
    "a crash": "import ctypes\ndef f(): ctypes.string_at(0)",
    "gives up": "import os\ndef f(): os.abort()",
} | {f"exit code {code}": f"import os\ndef f(): os._exit({code})" for code in (0, 1, EXIT_SETUP, EXIT_MEMORY, 137, 255)}
BUDGET = msgspec.structs.replace(LIMITS, wall_floor=4.0, wall_factor=1.0)


@pytest.fixture(scope="module", params=["landlock", "rlimits-only"])
def backend(request: pytest.FixtureRequest) -> Iterator[LinuxBackend]:
    """The strongest and the weakest mode; what one child does to itself is nothing to the next one's."""
    with LinuxBackend(request.param) as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("deed", DEEDS)
def test_of_a_call(backend: LinuxBackend, deed: str) -> None:
    """A call that harms its own process has an outcome, and the next submission is run by the same zygote."""
    backend.facts()
    before = backend.zygote_pid
    with session(backend, DEEDS[deed], BUDGET) as opened:
        assert isinstance(call(opened, "f", seconds=6.0), Outcome)
    with session(backend, "def f(): return 1") as opened:
        assert value(call(opened, "f")) == 1
    assert backend.zygote_pid == before


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["exit code 70", "cpu time", "closes everything"])
def test_of_a_module(forked: LinuxBackend, deed: str) -> None:
    """So has a module that does it while it is executed."""
    with session(forked, f"{DEEDS[deed]}\nf()", BUDGET) as opened:
        assert isinstance(opened.loaded, Died | Returned)


def _ended(status: int, cpu: float, *, lowered: bool = False, locked_down: bool = True) -> Outcome:
    return outcome_of_exit(Reaped(status, cpu, 0), LIMITS, ready=True, locked_down=locked_down, lowered=lowered, output="")


def test_killed_at_its_own_limit() -> None:
    """A child that lowered its limit on CPU time has killed itself, however little of it the clock shows."""
    assert _ended(-signal.SIGKILL, 0.1, lowered=True) == Died(
        "signal {detail}: beyond the limit on CPU time that it set itself", "SIGKILL"
    )


def test_killed_at_the_end_of_its_budget() -> None:
    """The kernel counts in ticks: a child may be killed at its limit although the exact clock shows less."""
    assert _ended(-signal.SIGKILL, 0.8 * LIMITS.budget_seconds) == TimedOut(LIMITS.budget_seconds, "budget")


def test_killed_from_outside() -> None:
    """A locked-down child that was killed far from its limit was killed by somebody else."""
    with pytest.raises(SandboxError, match="killed from outside"):
        _ended(-signal.SIGKILL, 0.1)


def test_killed_where_it_can_kill_itself() -> None:
    """In a sandbox that lets it send signals, a child may have done it."""
    assert _ended(-signal.SIGKILL, 0.1, locked_down=False) == Died("signal {detail}", "SIGKILL")


@pytest.mark.parametrize(("code", "outcome"), [(EXIT_SETUP, Died), (EXIT_MEMORY, OutOfMemory), (1, Died)])
def test_codes_of_the_sandbox_are_no_proof(code: int, outcome: type) -> None:
    """Once the setup is complete, an exit code means what the student's code did."""
    assert isinstance(_ended(code, 0.1), outcome)
