"""The child's loop: read a request, let the `Executor` do it, write the reply.

    forked child      0 /dev/null   1, 2 output pipe   3 wire, both ways   another for the bell
    subprocess child  0 /dev/null   1, 2 output pipe   two more for the wire

Waking the supervisor takes both longer than most calls do: where several requests wait, it sleeps on while their answers gather in the
wire, until the bell, a pipe, rings. It rings before this process waits, and when something has lain there for `LONGEST` seconds.

Before it receives the student's code, it sends an empty frame, which means that it is locked down: if anything else comes first, the
sandbox itself has failed. Nothing that it sends later is trusted.
"""

import contextlib
import gc
import os
import random
import signal
import sys
from collections.abc import Sequence
from time import monotonic

import numpy as np

from grader.sandbox.child.execute import Executor
from grader.sandbox.child.offered import import_offered
from grader.sandbox.child.preload import preload
from grader.sandbox.child.printed import flush
from grader.sandbox.child.process import renew_streams, restrict_import_path
from grader.sandbox.control import EXIT_MEMORY
from grader.sandbox.linux.lockdown import limits, set_limits
from grader.sandbox.outcome import STOP, BadReturn, ChildOutcome, OutOfMemory, Raised
from grader.sandbox.values import UnsendableError
from grader.sandbox.wire import HEADER, MAX_FRAME, Load, Reply, Step, body_length, decode_request, frame

READY = HEADER.pack(0)
LONGEST = 0.005  # seconds
MOST = 1 << 16  # bytes that lie in the wire unannounced: far less than it holds, or writing would wait for a reader who sleeps
EACH = 1 << 10  # bytes that the kernel needs for an answer besides
_CHUNK = 1 << 16
_waiting = bytearray()  # requests that have come, and are not yet answered


class _Bell:
    """Wakes the supervisor; without a descriptor, every answer does."""

    fd: int | None = None
    unheard = 0  # bytes in the wire since it last rang
    rang = 0.0


def main() -> None:
    """Run as the subprocess backend's child: the wire is stdin and stdout, printed text goes to stderr.

    Arguments: limits on CPU time in seconds and on memory in bytes, and what the course offers (see `launch.given`).
    """
    cpu_seconds, memory = map(int, sys.argv[1:3])
    source, sink = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        for fd in (source, sink):
            msvcrt.setmode(fd, os.O_BINARY)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    import_offered(sys.argv[3])
    renew_streams()
    restrict_import_path()
    with contextlib.suppress(ImportError):  # no rlimits on this system
        set_limits(limits(cpu_seconds, memory))
    np.random.seed(0)
    gc.enable()
    serve(source, sink)
    os._exit(0)


def prepare(everything: bool, _arguments: list[str]) -> None:
    """In the zygote: import what children would import."""
    preload(everything)


def serve(source: int, sink: int, given: Sequence[int] = ()) -> None:
    """Answer requests from descriptor `source` on descriptor `sink` until `source` closes.

    Args:
        given: the descriptor of the bell, where there is one.
    """
    _Bell.fd = next(iter(given), None)
    executor = Executor()
    if STOP is not None:
        signal.signal(STOP, executor.stop)
    streams = (sys.stdout, sys.stderr)
    random.seed(0)  # Python has a fork draw its own
    _write(sink, READY)
    try:
        while (request := _read(source)) is not None:
            answer = _answer(request, _run(executor, request))
            for stream in streams:
                flush(stream)
            for stream, own in zip((sys.stdout, sys.stderr), streams, strict=True):
                if stream is not own:  # the student's, who may have put others in their place
                    flush(stream)
            _write(sink, answer)
    except MemoryError:
        os._exit(EXIT_MEMORY)


def _run(executor: Executor, request: Load | Step) -> ChildOutcome:
    try:
        return executor.load(request) if isinstance(request, Load) else executor.run(request)
    except MemoryError:
        return OutOfMemory()
    except BaseException:
        return Raised("BaseException", ("BaseException",), "an exception that cannot be shown")


def _answer(request: Load | Step, outcome: ChildOutcome) -> bytes:
    try:
        return frame(Reply(request.seq, outcome))
    except MemoryError:
        return frame(Reply(request.seq, OutOfMemory()))
    except UnsendableError as error:
        return frame(Reply(request.seq, BadReturn(error.reason, error.values)))
    except BaseException as error:  # text that is not valid Unicode
        return frame(Reply(request.seq, BadReturn("unknown", (type(error).__name__[:100],))))


def _read(source: int) -> Load | Step | None:
    """The next request; None at the end."""
    while len(_waiting) < HEADER.size:
        _announce()
        if not (data := os.read(source, _CHUNK)):
            return None
        _waiting.extend(data)
    end = HEADER.size + body_length(_waiting[: HEADER.size], MAX_FRAME)
    while len(_waiting) < end:
        _announce()
        if not (data := os.read(source, min(max(end - len(_waiting), _CHUNK), 1 << 20))):
            return None
        _waiting.extend(data)
    with memoryview(_waiting) as waiting, waiting[HEADER.size : end] as body:
        request = decode_request(body)
    del _waiting[:end]
    return request


def _write(sink: int, data: bytes) -> None:
    sent = 0
    if _Bell.unheard + len(data) + EACH > MOST:
        # whoever is woken finds that an answer has begun, and waits for the rest without a bell
        sent = os.write(sink, data[: HEADER.size])
        _ring()
    while sent < len(data):
        sent += os.write(sink, memoryview(data)[sent:])
    _Bell.unheard += len(data) + EACH
    if monotonic() - _Bell.rang > LONGEST:
        _ring()


def _announce() -> None:
    """Ring, if something was written since."""
    if _Bell.unheard:
        _ring()


def _ring() -> None:
    if _Bell.fd is not None:
        os.write(_Bell.fd, b"\0")
    _Bell.unheard, _Bell.rang = 0, monotonic()
