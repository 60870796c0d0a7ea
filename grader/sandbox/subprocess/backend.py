"""The backend for any system: a plain child process, with time limits and little else. For one's own code only.

    supervisor (this)                                child: a clean interpreter running `worker.main`
        sender thread  ── frames ────► stdin pipe
        reader thread  ◄─ replies ──── stdout pipe
        listener thread ◄─ output ──── stderr pipe   (its stdout and stderr)

Threads and queues, because not every system can poll pipes. The clock is the wall's; memory and CPU are limited where the system has
rlimits. Files and network are open to the child: see `probe` for what that means.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from grader.errors import SandboxError
from grader.sandbox import launch
from grader.sandbox.backend import Limits, Session, Source, Usage
from grader.sandbox.control import Reaped
from grader.sandbox.exit_status import broke_protocol, outcome_of_exit
from grader.sandbox.linux import lockdown
from grader.sandbox.outcome import Died, Outcome, OutOfMemory, TimedOut, without_addresses
from grader.sandbox.values import WireError
from grader.sandbox.wire import HEADER, LOAD_SEQ, Load, body_length, decode_reply, frame
from grader.text.language import marked

_START_SECONDS = 60.0
_ENDING_SECONDS = 0.5  # between the closing of a child's pipes and its end


class SubprocessBackend:
    """Opens sessions in child processes of their own."""

    name = "subprocess"

    def start(self) -> None:
        """Nothing to start: every session has its own interpreter."""

    def open(self, source: Source, limits: Limits) -> Session:
        """A new child that has executed `source` (see `Session.loaded`)."""
        try:
            request = frame(Load(LOAD_SEQ, source.main, source.modules, source.rules))
        except WireError as error:
            raise SandboxError(f"the submission cannot be sent: {error}") from None
        return SubprocessSession(request, limits)

    def close(self) -> None:
        """Nothing to end."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class _ClosedError(Exception):
    """The child closed its end."""


class SubprocessSession:
    """One live child. See `backend.Session`."""

    def __init__(self, request: bytes, limits: Limits) -> None:
        self._limits = limits
        self._output = bytearray()
        self._printed = 0
        self._end: Outcome | None = None
        self._reaped: Reaped | None = None
        self._ready = False
        self._passed = 0.0
        cpu = lockdown.cpu_limit(limits.budget_seconds)
        try:
            self._process = subprocess.Popen(
                launch.command("grader.sandbox.child.worker", str(cpu), str(limits.memory)),
                env=launch.environment(),
                cwd=Path(sys.executable).anchor,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
            )
        except OSError as error:
            raise SandboxError(f"a child process could not be started: {error}") from error
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._frames: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._send_all, args=(process.stdin,), daemon=True),
            threading.Thread(target=self._read_all, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        try:
            self._loaded = self._exchange(LOAD_SEQ, request, limits.load_seconds)
        except BaseException:
            self.close()
            raise

    @property
    def loaded(self) -> Outcome:
        """`Returned` when the module executed, else what happened."""
        return self._loaded

    @property
    def alive(self) -> bool:
        """Whether another step can be sent."""
        return self._end is None

    def call(self, seq: int, frame: bytes, seconds: float) -> Outcome:
        """Send step `seq` and wait for its outcome. A dead child answers with what ended it."""
        return self._exchange(seq, frame, seconds) if self._end is None else self._end

    def wall(self) -> float:
        """Seconds that its steps took so far."""
        return self._passed

    def close(self) -> Usage:
        """End the child, reap it, and say what it used."""
        if self._end is None:
            self._end = Died(marked("the session was closed"))
        self._stop()
        ended = self._reaped or Reaped(0, 0.0, 0)
        return Usage(
            ended.cpu_seconds,
            ended.peak_kib,
            without_addresses(self._output.decode("utf-8", "replace")),
            self._printed,
            self._passed,
        )

    def _exchange(self, seq: int, request: bytes, seconds: float) -> Outcome:
        started = time.monotonic()
        try:
            return self._ask(seq, request, seconds)
        finally:
            self._passed += time.monotonic() - started

    def _ask(self, seq: int, request: bytes, seconds: float) -> Outcome:
        wall = max(self._limits.wall_factor * seconds, self._limits.wall_floor)
        try:
            if not self._ready:
                if self._frames_get(_START_SECONDS):
                    raise WireError(marked("it spoke before it was asked"))
                self._ready = True
            if not self._frames.empty():
                self._frames_get(0)
                raise WireError(marked("it spoke before it was asked"))
            self._to_send.put(request)
            reply = decode_reply(self._frames_get(wall))
            if reply.seq != seq:
                raise WireError(f"it answered request {reply.seq} when asked {seq}")
        except WireError as error:
            return self._finish(broke_protocol(error))
        except queue.Empty:
            if not self._ready:
                self._finish(Died(marked("it did not start")))
                raise SandboxError(f"a child process did not start within {_START_SECONDS:g} s") from None
            return self._finish(TimedOut(wall, "wall"))
        except _ClosedError:
            self._wait(_ENDING_SECONDS)
            closed = broke_protocol(marked("it closed its channel")) if self._reaped is None else None
            self._finish(closed or Died(marked("it ended")))
            self._end = closed or self._exit_outcome()
            return self._end
        return OutOfMemory(self._limits.memory) if isinstance(reply.outcome, OutOfMemory) else reply.outcome

    def _exit_outcome(self) -> Outcome:
        assert self._reaped is not None
        printed = self._output.decode("utf-8", "replace")
        return outcome_of_exit(self._reaped, self._limits, ready=self._ready, locked_down=False, output=printed)

    def _frames_get(self, seconds: float) -> bytes:
        frame = self._frames.get(timeout=seconds)
        if isinstance(frame, Exception):
            raise frame
        return frame

    def _finish(self, outcome: Outcome) -> Outcome:
        self._end = outcome
        self._stop()
        return outcome

    def _stop(self) -> None:
        """Kill the child, reap it and let the threads run out. Does nothing the second time."""
        if self._reaped is None:
            self._kill()
            self._wait(_START_SECONDS)
        self._to_send.put(None)
        for thread in self._threads:
            thread.join(1.0)  # a grandchild that outlived the child may hold the pipes open

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
        else:  # not Popen.kill, which may reap it before its usage is read
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def _wait(self, seconds: float) -> None:
        """Reap the child if it ends within `seconds`, and note what it used where the system says."""
        deadline = time.monotonic() + seconds
        if sys.platform == "win32":
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._reaped = Reaped(self._process.wait(seconds), 0.0, 0)
            return
        while True:
            pid, status, used = os.wait4(self._process.pid, os.WNOHANG)
            if pid and not os.WIFSTOPPED(status):
                self._process.returncode = os.waitstatus_to_exitcode(status)
                peak = used.ru_maxrss // 1024 if sys.platform == "darwin" else used.ru_maxrss
                self._reaped = Reaped(self._process.returncode, used.ru_utime + used.ru_stime, peak)
                return
            if time.monotonic() >= deadline:
                return
            time.sleep(0.001)

    # --- threads --------------------------------------------------------------------------------------------------------------------

    def _send_all(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:
            while (data := self._to_send.get()) is not None:
                rest = memoryview(data)
                while rest:
                    rest = rest[pipe.write(rest) :]

    def _read_all(self, pipe: IO[bytes]) -> None:
        with pipe:
            try:
                while True:
                    self._frames.put(_exactly(pipe, body_length(_exactly(pipe, HEADER.size))))
            except (WireError, _ClosedError) as error:
                self._frames.put(error)
            except OSError:
                self._frames.put(_ClosedError())

    def _listen(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError), pipe:
            while data := pipe.read(1 << 16):
                self._printed += len(data)
                self._output += data[: max(0, self._limits.output - len(self._output))]


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    parts = []
    while count > 0:
        parts.append(pipe.read(min(count, 1 << 20)))
        if not parts[-1]:
            raise _ClosedError
        count -= len(parts[-1])
    return b"".join(parts)
