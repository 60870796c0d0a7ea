"""Steps that are sent along with an earlier one turn out as if each had been awaited before the next was sent."""

import random
import socket
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from classroom import eventually
from students import SHORT, session

from grader.sandbox.backend import Backend, Session, Usage
from grader.sandbox.child import worker
from grader.sandbox.child.worker import MOST
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.linux.frames import Frames
from grader.sandbox.outcome import Outcome, Raised, Returned, TimedOut
from grader.sandbox.subprocess.backend import SubprocessBackend
from grader.sandbox.wire import HEADER, Step, frame

pytestmark = pytest.mark.slow

STEPS, SECONDS = 30, 0.15
QUICK = ["value", "none", "raises", "prints", "unsendable", "missing"] * 4
SLOW = ["sleeps", "computes", "medium", "medium", "large", "huge", "memory"]
ENDS = ["exits", "crashes", "endless", "closes", "for ever"]
TEXT = f"""
import ctypes, os, sys, time
import numpy as np
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def f(n, kind):
    match kind:
        case "value": return n
        case "none": return
        case "raises": raise ValueError(n)
        case "prints": print("step", n)
        case "unsendable": return object()
        case "missing": return missing
        case "sleeps": time.sleep(.03)
        case "computes": spin(.012)
        case "medium": return np.arange(float(n), n + 1000 + 100 * n)
        case "large": return np.arange(float(n), n + {MOST // 8})
        case "huge": return np.arange(float(n), n + 200_000)
        case "memory": return bytearray(1 << 40)
        case "exits": os._exit(3)
        case "crashes": ctypes.string_at(0)
        case "endless":
            while True: pass
        case "closes":
            os.closerange(3, 300)
            time.sleep(600)
        case "for ever": time.sleep(600)
"""


@pytest.fixture(scope="module")
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The backend of this class."""
    with request.param() as backend:
        yield backend


def mixed(seed: int) -> list[str]:
    """Mostly quick steps, some slow ones, and in most lists one that ends the child."""
    draw = random.Random(seed)
    kinds = [draw.choice(SLOW if draw.random() < 0.2 else QUICK) for _ in range(STEPS)]
    if draw.random() < 0.8:
        kinds[draw.randrange(STEPS)] = ENDS[seed % len(ENDS)]
    return kinds


def outcomes(backend: Backend, kinds: Sequence[str], together: str) -> tuple[list[Outcome], Usage]:
    """The outcomes of all steps, and what they used."""
    frames = [frame(Step(seq, seq, "call", "f", (seq, kind))) for seq, kind in enumerate(kinds)]

    def outcome(opened: Session, seq: int) -> Outcome:
        came = opened.came(seq) if together == "came" else None
        then = frames[seq + 1 :] if together else ()
        return came if came is not None else opened.call(seq, frames[seq], SECONDS, then)

    with session(backend, TEXT, SHORT) as opened:
        return [outcome(opened, seq) for seq in range(len(kinds))], opened.close()


class Delayed:
    """A supervisor that gets no CPU when it should wake, until the child has used so much."""

    def __init__(self, opened: Any, seconds: float) -> None:
        self._opened, self._seconds, self._poll = opened, seconds, opened._poll

    def __getattr__(self, name: str) -> Any:
        return getattr(self._poll, name)

    def poll(self, timeout: float) -> Any:
        """What is there at last."""
        found = self._poll.poll(timeout)
        if timeout:
            eventually(lambda: self._opened.cpu() > self._seconds)
        return found


def test_a_supervisor_that_wakes_late(forked: LinuxBackend) -> None:
    """A step whose answer is there is not ended for the time that the next ones have taken meanwhile."""
    frames = [frame(Step(seq, seq, "call", "f", (seq, "endless" if seq == 3 else "value"))) for seq in range(5)]
    with session(forked, TEXT) as opened:
        opened._poll = Delayed(opened, (opened.cpu() or 0.0) + 2 * SECONDS)  # type: ignore[attr-defined]
        found = [opened.call(seq, frames[seq], SECONDS, frames[seq + 1 :]) for seq in range(5)]
    assert found[:3] == [Returned(seq) for seq in range(3)]
    assert isinstance(found[3], TimedOut) and found[3] == found[4]


def test_a_large_answer_begins_before_the_bell() -> None:
    """Who is woken finds its beginning, and waits for the rest; otherwise, the child might wait for one who waits for a bell."""
    read, write = socket.socketpair()
    with read, write:
        worker._Bell.fd, worker._Bell.unheard = write.fileno(), 1  # the same, which shows the order
        try:
            worker._write(write.fileno(), bytes(range(100)) * (MOST // 100))
        finally:
            worker._Bell.fd = None
        assert read.recv(9) == bytes([0, 1, 2, 3, 0, 4, 5, 6, 7])


def test_answers_that_fill_what_is_read_at_once() -> None:
    """More may lie behind them, which no bell will announce."""
    one, rest = HEADER.pack((1 << 15) - HEADER.size) + bytes((1 << 15) - HEADER.size), HEADER.pack(1) + b"x"
    read, write = socket.socketpair()
    with read, write:
        read.setblocking(False)
        frames = Frames(read)
        write.sendall(one + one + rest)
        assert frames.read() and frames.take() and frames.take() and not frames.begun
        assert frames.unfinished
        assert frames.read() and frames.take() == b"x" and not frames.unfinished


@pytest.mark.parametrize(
    ("backend", "seed"),
    [
        *((LinuxBackend, seed) for seed in range(5)),
        (SubprocessBackend, 2),
        (SubprocessBackend, 3),
    ],  # which starts an interpreter each time
    indirect=["backend"],
)
def test_any_mix(backend: Backend, seed: int) -> None:
    """Each step has its own outcome, also the one that ends the child, and what was printed and returned is the same."""
    kinds = mixed(seed)
    alone, used = outcomes(backend, kinds, "")
    for how in ("called", "came"):
        found, also = outcomes(backend, kinds, how)
        assert found == alone, kinds
        assert (also.returned, also.received) == (used.returned, used.received)
        late = isinstance(alone[-1], TimedOut)  # once it is asked to stop, it goes on with what it has, until it is killed
        assert also.output.startswith(used.output) and (late or also.printed == used.printed)
    assert {type(outcome) for outcome in alone} >= {Returned, Raised}
