"""The backend for any system: a plain child process, with time limits and little else. For one's own code only.

    supervisor (this)                                child: a clean interpreter running `worker.main`
        sender thread  ── frames ────► stdin pipe
        reader thread  ◄─ replies ──── stdout pipe
        listener thread ◄─ output ──── stderr pipe   (its stdout and stderr)

It uses threads and queues, because not every system can poll pipes. Only wall time is measured; memory and CPU are limited if the system
has rlimits. The child can access files and the network: see `probe` for the consequences.
"""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING

from grader.errors import SandboxError
from grader.sandbox import launch
from grader.sandbox.backend import Backend, Limits, Session, Source, Usage
from grader.sandbox.child_session import GRACE, ChildSession, load_request
from grader.sandbox.control import Reaped
from grader.sandbox.exit_status import broke_protocol
from grader.sandbox.linux import lockdown
from grader.sandbox.linux.meter import cpu_seconds
from grader.sandbox.outcome import Died, Outcome, TimedOut
from grader.sandbox.values import WireError
from grader.sandbox.wire import HEADER, body_length
from grader.text.language import marked

if TYPE_CHECKING:
    from grader.sandbox.offer import Offer

_ENDING_SECONDS = 0.5  # between the closing of a child's pipes and its end


class SubprocessBackend(Backend):
    """Opens each session in a child process of its own; there is nothing to start or close."""

    name = "subprocess"

    def open(self, source: Source, limits: Limits) -> Session:
        """A new child that has executed `source` (see `Session.loaded`)."""
        from grader.sandbox.offer import offer_of  # it is read when a course offers something

        return SubprocessSession(load_request(source), limits, offer_of(source.offered) if source.offered else None)


class _ClosedError(Exception):
    """The child closed its end."""


class SubprocessSession(ChildSession):
    """One live child. See `backend.Session`."""

    def __init__(self, request: bytes, limits: Limits, offer: "Offer | None" = None) -> None:
        super().__init__(limits, locked_down=False)
        cpu = lockdown.cpu_limit(limits.budget_seconds)
        try:
            self._process = subprocess.Popen(
                launch.command("grader.sandbox.child.worker", str(cpu), str(limits.memory), launch.given(offer)),
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
        assert process.stdin and process.stdout and process.stderr
        self._to_send: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._frames: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._send_all, args=(process.stdin,), daemon=True),
            threading.Thread(target=self._read_all, args=(process.stdout,), daemon=True),
            threading.Thread(target=self._listen, args=(process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self._load(request)

    def cpu(self) -> float | None:
        """CPU seconds of the living child so far, on Linux."""
        return cpu_seconds(self._process.pid) if sys.platform == "linux" else None

    def wall(self) -> float:
        """Seconds that its steps took so far."""
        return self._passed

    def close(self) -> Usage:
        """End the child, reap it and return what it used."""
        self._finish(self._end or Died(marked("the session was closed")))
        return self._usage_of(self._reaped or Reaped(0, 0.0, 0), self._passed)

    def _exchange(self, seq: int, request: bytes, seconds: float, then: Iterable[bytes] = ()) -> Outcome:
        started = time.monotonic()
        try:
            return self._ask(seq, request, seconds)
        finally:
            self._passed += time.monotonic() - started

    def _ask(self, seq: int, request: bytes, seconds: float) -> Outcome:
        wall = max(self._limits.wall_factor * seconds, self._limits.wall_floor)
        self._late = None
        try:
            if not self._ready:
                self._set_ready(self._frames_get(launch.START_SECONDS))
            if not self._frames.empty():
                self._frames_get(0)
                raise WireError(marked("it spoke before it was asked"))
            self._to_send.put(request)
            try:
                body = self._frames_get(wall)
            except queue.Empty:
                self._ask_to_stop(TimedOut(wall, "wall"))
                body = self._frames_get(GRACE)
            return self._outcome(seq, body)
        except WireError as error:
            return self._finish(self._late or broke_protocol(error))
        except queue.Empty:
            if not self._ready:
                self._finish(Died(marked("it did not start")))
                raise SandboxError(f"a child process did not start within {launch.START_SECONDS:g} s") from None
            return self._finish(self._late or TimedOut(wall, "wall"))
        except _ClosedError:
            self._wait(_ENDING_SECONDS)
            if self._reaped is None:
                return self._finish(broke_protocol(marked("it closed its channel")))
            self._finish(Died(marked("it ended")))
            return self._exit_outcome()

    def _frames_get(self, seconds: float) -> bytes:
        frame = self._frames.get(timeout=seconds)
        if isinstance(frame, Exception):
            raise frame
        return frame

    def _stop(self) -> None:
        """Kill the child, reap it and let the threads finish. Idempotent."""
        if self._reaped is None:
            self._kill()
            self._wait(launch.START_SECONDS)
        self._to_send.put(None)
        for thread in self._threads:
            thread.join(1.0)  # a grandchild that outlived the child may hold the pipes open

    def _signal(self, number: int) -> None:
        os.kill(self._process.pid, number)

    def _kill(self) -> None:
        if sys.platform == "win32":
            self._process.kill()
        else:  # not Popen.kill, which may reap it before its usage is read
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)

    def _wait(self, seconds: float) -> None:
        """Reap the child if it ends within `seconds`, with its usage if the system reports it."""
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
                self._capture(data)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    parts = []
    while count > 0:
        parts.append(pipe.read(min(count, 1 << 20)))
        if not parts[-1]:
            raise _ClosedError
        count -= len(parts[-1])
    return b"".join(parts)
