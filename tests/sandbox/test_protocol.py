"""A hostile child that speaks for itself on the wire: always an outcome, never an exception, never a wait."""

import re
import select
import time
from collections.abc import Iterator

import msgspec
import pytest
from classroom import PATIENCE
from students import LIMITS, SHORT, call, session, source

from grader.sandbox.backend import Backend, Session
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Died, Raised, Returned, TimedOut
from grader.sandbox.wire import Step, frame

pytestmark = pytest.mark.slow

PRELUDE = """
import os, struct, sys
import numpy as np
from grader.sandbox.wire import Reply, frame, LOAD_SEQ
from grader.sandbox.outcome import *
from grader.sandbox.values import Array, Ref, Items

def say(data):
    while data: data = data[os.write(3, data):]

def answer(value=1, seq=0): say(frame(Reply(seq, Returned(value))))
"""


@pytest.fixture(scope="module", params=["landlock", "closed-fs"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    """The Linux backend in one mode."""
    with LinuxBackend(request.param) as backend:
        yield backend


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("answer(seq=7)", "answered request 7"),
        ("answer(Array('<f8', (3,), b'12345678'))", "8 bytes for shape"),
        ("answer(Array('<f8', (-1,), b'12345678'))", "shape"),
        ("answer(Array('<f8', (0, 1 << 62), b''))", "shape"),
        ("answer(Array('|O', (1,), b'12345678'))", "plain number"),
        ("answer(Ref('x'))", "reference"),
        ("say(struct.pack('<I', 0xFFFFFFFF))", "announced"),
        ("say(struct.pack('<I', 0))", "not a message"),
        ("say(struct.pack('<I', 5) + b'12345')", "not a message"),
        ("say(b'GET / HTTP/1.0' * 9)", "announced"),
        ("say(frame(Reply(0, Raised('E', ('E',), 'm')))[:-1] + b'\\xff')", "not a message"),
        ("os.close(3)", "the program that runs it|closed its channel"),  # the other one where it was slow to end
        ("os.close(3)\n    while True: pass", "closed its channel"),
    ],
)
def test_bad_answers(backend: Backend, body: str, reason: str) -> None:
    """An answer that is not one ends the child with the reason."""
    with session(backend, f"{PRELUDE}\ndef f():\n    {body}") as opened:
        assert isinstance(opened.loaded, Returned)
        outcome = call(opened, "f")
        assert isinstance(outcome, Died)
        assert outcome.reason.startswith("broke the pro") and re.search(reason, outcome.reason + outcome.detail)
        assert not opened.alive


def wait_for_more(opened: Session) -> None:
    """Wait until the child has said something that was not read yet."""
    assert opened._frames.begun or select.select([opened._ipc], [], [], PATIENCE)[0]  # type: ignore[attr-defined]


def test_an_answer_of_its_own(backend: Backend) -> None:
    """Answering by itself gains nothing but that the next step finds it out."""
    with session(backend, f"{PRELUDE}\ndef f(): answer(5)") as opened:
        assert call(opened, "f") == Returned(5)
        wait_for_more(opened)
        assert isinstance(call(opened, "f", seq=1), Died)


def test_an_answer_before_the_question(backend: Backend) -> None:
    """Answers written ahead, while the module loads, end the child."""
    with session(backend, f"{PRELUDE}\nanswer(None, LOAD_SEQ)\nfor n in range(9): answer(5, n)") as opened:
        wait_for_more(opened)
        assert isinstance(call(opened, "f"), Died)
    with session(backend, f"{PRELUDE}\nanswer(5, 0)") as opened:
        assert isinstance(opened.loaded, Died)


@pytest.mark.parametrize("said", ["answer(5, 1)", "answer(7, 0)", "answer(7, 0); answer(5, 1)"])
def test_answers_among_questions_that_were_sent_along(backend: Backend, said: str) -> None:
    """Answering by itself what waits is found out at the first answer that is one too many."""
    frames = [frame(Step(seq, seq, "call", "f", (seq,))) for seq in range(4)]
    with session(backend, f"{PRELUDE}\ndef f(n):\n    if n == 0: {said}\n    return n") as opened:
        found = [opened.call(seq, frames[seq], 5.0, frames[seq + 1 :]) for seq in range(4)]
    assert isinstance(found[-1], Died) and "it answered request" in found[-1].detail


def test_half_an_answer(backend: Backend) -> None:
    """An answer that never ends, or comes byte by byte for ever, is ended by the clock."""
    for rest in ("import time; time.sleep(600)", "\n    while True: say(b'x'); import time; time.sleep(.01)"):
        with session(backend, f"{PRELUDE}\ndef f():\n    say(struct.pack('<I', 1 << 20)); {rest}", SHORT) as opened:
            assert call(opened, "f", seconds=0.3) == TimedOut(1.0, "wall")


def test_never_reading(backend: Backend) -> None:
    """A child that does not read a large question is ended by the clock."""
    import numpy as np

    with session(backend, f"{PRELUDE}\nanswer(None, LOAD_SEQ)\nimport time\ntime.sleep(600)", SHORT) as opened:
        assert isinstance(call(opened, "f", np.zeros(3_000_000), seconds=0.3), TimedOut)


def test_stealing_the_next_question(backend: Backend) -> None:
    """A child that reads the wire itself only harms itself."""
    with session(backend, f"{PRELUDE}\ndef f():\n    answer(1)\n    os.read(3, 1 << 16)\n    answer(2, 1)") as opened:
        assert call(opened, "f") == Returned(1)
        assert call(opened, "f", seq=1) in (
            Returned(2),
            Died("broke the protocol: {detail}", "it answered request 0 when asked 1"),
        )
        assert isinstance(call(opened, "f", seq=2), Died | Returned)


def test_flood_of_answers(backend: Backend) -> None:
    """Answers without end do not fill the supervisor's memory or time."""
    with session(backend, f"{PRELUDE}\ndef f():\n    while True: answer(0)") as opened:
        call(opened, "f")
        assert isinstance(call(opened, "f", seq=1), Died)


@pytest.mark.parametrize("fd", [1, 2])
def test_flood_of_output(backend: Backend, fd: int) -> None:
    """Output without end is dropped, and the clock goes on."""
    opened = backend.open(source(f"import os\ndef f():\n    while True: os.write({fd}, b'x' * 65536)"), LIMITS)
    assert isinstance(call(opened, "f", seconds=0.3), TimedOut)
    usage = opened.close()
    assert len(usage.output) == LIMITS.output
    assert usage.printed > LIMITS.output


def test_closed_output(backend: Backend) -> None:
    """Closing stdout and stderr does not make the supervisor spin."""
    opened = backend.open(source("import os, time\nos.close(1); os.close(2)\ndef f(): time.sleep(.3); return 1"), LIMITS)
    before = time.process_time()
    assert call(opened, "f") == Returned(1)
    assert time.process_time() - before < 0.1
    opened.close()


def test_patched_worker(backend: Backend) -> None:
    """Code of the grader's that the child replaces is only replaced in the child."""
    text = f"{PRELUDE}\nimport grader.sandbox.child.sent as e\ne.encode = lambda x: 42\ndef f(): return 1"
    with session(backend, text) as opened:
        assert call(opened, "f") == Returned(42)
    with session(backend, "def f(): return 1") as opened:
        assert call(opened, "f") == Returned(1)


def test_tracing_the_worker(backend: Backend) -> None:
    """Exceptions thrown into the worker's own code by a trace function are an outcome."""
    text = """
        import sys
        def t(*a): raise SystemExit
        def f():
            frame = sys._getframe()
            while frame := frame.f_back: frame.f_trace = t
            sys.settrace(t)
    """
    with session(backend, text) as opened:
        assert isinstance(call(opened, "f"), Died | Raised | Returned)
        assert isinstance(call(opened, "f", seq=1), Died | Raised | Returned)


WORKER = "import os, sys\nworker = sys.modules['grader.sandbox.child.worker']\n"


@pytest.mark.parametrize("text", ["worker._ring = lambda: None", "worker._Bell.fd = None", "worker._Bell.fd = os.close(200)"])
def test_answers_that_no_bell_announces(backend: Backend, text: str) -> None:
    """A child that does not ring, or has closed the bell, is still heard."""
    frames = [frame(Step(seq, seq, "call", "f", (seq,))) for seq in range(4)]
    with session(backend, f"{WORKER}{text}\ndef f(n): return n") as opened:
        found = [opened.came(seq) or opened.call(seq, frames[seq], 5.0, frames[seq + 1 :]) for seq in range(4)]
    assert found == [Returned(seq) for seq in range(4)]


def test_answers_that_came_along(backend: Backend) -> None:
    """What was answered with an earlier step is there without waiting, and only then."""
    frames = [frame(Step(seq, seq, "call", "f", (seq,))) for seq in range(3)]
    with session(backend, "def f(n): return n") as opened:
        assert opened.came(0) is None
        assert opened.call(0, frames[0], 5.0, frames[1:]) == Returned(0)
        assert [opened.came(seq) or opened.call(seq, frames[seq], 5.0) for seq in (1, 2)] == [Returned(1), Returned(2)]
        assert opened.came(3) is None


def test_a_ring_without_an_answer(backend: Backend) -> None:
    """A child that rings for ever says nothing by it, and is ended by the clock."""
    with session(backend, "import os\ndef f():\n    while True: os.write(200, b'x' * 65536)", SHORT) as opened:
        assert isinstance(call(opened, "f", seconds=0.3), TimedOut)


def test_a_ring_now_and_then(backend: Backend) -> None:
    """A child that sleeps and rings is as idle as one that sleeps."""
    text = "import os, time\ndef f():\n    while True: time.sleep(0.005); os.write(200, b'x')"
    with session(backend, text, msgspec.structs.replace(SHORT, patience=60.0)) as opened:
        outcome = call(opened, "f", seconds=0.5)
    assert isinstance(outcome, TimedOut) and outcome.clock == "wall"
