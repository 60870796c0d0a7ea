"""The supervisor's side of one locked-down child.

    supervisor (this)  ── frames ────────► child        socketpair
                       ◄──────── reply ──
                       ◄───────── bell ──               pipe: replies are there to be read (see `child.worker`)
                       ◄──────── output ──              pipe: stdout and stderr, read all the time, kept up to a limit
                       ◄──── has ended ──               pidfd

The last three are polled until a deadline, when replies are looked for that no bell announced. Whatever the child sends, closes, floods
or withholds becomes an outcome. CPU time is measured here, never requested from the child; the wall clock is only a backstop for a child
that sleeps. How a child that is set up ends is its own outcome, except if it is killed or stopped from outside, which is a `SandboxError`:
its own code can do neither (see `exit_status`).
"""

import contextlib
import math
import os
import select
import signal
import socket
from collections.abc import Iterable
from typing import NoReturn

from grader.errors import OverloadedError, SandboxError
from grader.sandbox.backend import Limits, Usage
from grader.sandbox.child_session import GRACE, ChildSession
from grader.sandbox.control import ENDING_MS, Reaped
from grader.sandbox.exit_status import broke_protocol
from grader.sandbox.linux import lockdown
from grader.sandbox.linux.frames import ClosedError, Frames
from grader.sandbox.linux.meter import Meter, Stopwatch
from grader.sandbox.linux.spawn import Zygote
from grader.sandbox.outcome import Died, Outcome, TimedOut
from grader.sandbox.values import WireError
from grader.text.language import marked

_CHUNK = 1 << 16
_AHEAD = 1 << 16  # bytes of questions that may wait in a socket, which holds more: to send them never waits for the child
_LAST_CHUNKS = 32  # more than a pipe holds; in a weak mode the child may have left a process that goes on printing


class _GoneError(Exception):
    """The child has ended."""


class _TimeUpError(Exception):
    """A clock ran out; which one is the argument."""


class LinuxSession(ChildSession):
    """One live child. See `backend.Session`."""

    def __init__(self, zygote: Zygote, mode: str, request: bytes, limits: Limits) -> None:
        super().__init__(limits, locked_down=mode != "rlimits-only")
        self._zygote = zygote
        self._asked = 0  # questions that it has already, besides the one that it is to answer now
        self._polled = 0  # the event of the wire that was awaited last
        self._usage: Usage | None = None
        self._socket, ipc = socket.socketpair()
        self._out, output = os.pipe()
        self._bell, bell = os.pipe()
        try:
            self._cpu_limit = lockdown.cpu_limit(limits.budget_seconds)
            self._pid, self._pidfd = zygote.fork(ipc.fileno(), output, self._cpu_limit, limits.memory, [bell])
        except BaseException:
            self._socket.close()
            os.close(self._out)
            os.close(self._bell)
            raise
        finally:
            ipc.close()
            os.close(output)
            os.close(bell)
        self._socket.setblocking(False)
        os.set_blocking(self._out, False)
        os.set_blocking(self._bell, False)
        self._ipc, self._frames = self._socket.fileno(), Frames(self._socket)
        self._poll, self._lies_there = select.poll(), select.poll()
        for fd in (self._bell, self._out, self._pidfd):
            self._poll.register(fd, select.POLLIN)
        self._poll.register(self._ipc, 0)  # only whether it is closed
        self._lies_there.register(self._ipc, select.POLLIN)
        self._meter = Meter(self._pidfd)
        self._load(request)

    def cpu(self) -> float | None:
        """CPU seconds of the living child so far."""
        return self._meter.cpu()

    def wall(self) -> float:
        """Seconds that its steps took so far, without the time that it waited for a CPU."""
        return max(0.0, self._passed - (self._meter.delay() or 0.0)) if self._usage is None else self._usage.wall_seconds

    def close(self) -> Usage:
        """End the child, reap it and return what it used."""
        if self._usage is None:
            if self._end is None:
                self._end = Died(marked("the session was closed"))
            cpu, wall = self._meter.cpu() or 0.0, self.wall()
            with contextlib.suppress(SandboxError):  # the outcomes are complete, and the next open reports it
                self._stop()
            self._usage = self._usage_of(self._reaped or Reaped(0, cpu, 0), wall)
        return self._usage

    # --- one question, one answer ---------------------------------------------------------------------------------------------------

    def _exchange(self, seq: int, request: bytes, seconds: float, then: Iterable[bytes] = ()) -> Outcome:
        limits = self._limits
        wall = max(limits.wall_factor * seconds, limits.wall_floor)
        self._late = None
        self._watch = Stopwatch(self._meter, seconds, min(wall, limits.idle_seconds), limits.patience * wall)
        try:
            return self._ask(seq, request, then)
        finally:
            passed = self._watch.passed()
            self._passed += passed
            if self._watch.seen:
                self.idle += self._watch.idle(passed) if self.alive else self._watch.seen

    def _ask(self, seq: int, request: bytes, then: Iterable[bytes]) -> Outcome:
        try:
            if self._asked:
                self._asked -= 1
            else:
                self._expect_silence()
                self._send(self._together(request, then))
            if not self._ready:
                self._set_ready(self._receive())
            return self._outcome(seq, self._receive())
        except WireError as error:
            return self._finish(self._late or broke_protocol(error))
        except _TimeUpError as clock:
            return self._time_up(str(clock))
        except _GoneError:
            self._lowered = (self._meter.cpu_limit() or math.inf) < self._cpu_limit
            self._finish(Died(marked("it ended")))
            return self._exit_outcome()

    def came(self, seq: int) -> Outcome | None:
        """See `backend.Session`."""
        if not self._asked or self._end is not None or self._received > self._limits.received:
            return None
        try:
            body = self._frames.take()
            if body is None:
                return None
            self._asked -= 1
            return self._outcome(seq, body)
        except WireError as error:
            return self._finish(broke_protocol(error))

    def _expect_silence(self) -> None:
        """Check that the child has sent nothing since the last reply, apart from its first frame."""
        if self._frames.begun:
            raise WireError(marked("it said more than it was asked"))
        if not self._ready:
            return
        for fd, _ in self._poll.poll(0):
            if fd == self._out:
                self._drain()
            elif fd == self._bell:
                self._heard()
            elif fd == self._pidfd:
                self._closed()
        if self._read():
            raise WireError(marked("it spoke before it was asked"))

    def _together(self, request: bytes, then: Iterable[bytes]) -> bytes:
        """A question with those of the next that fit into its socket beside it."""
        frames, size = [request], len(request)
        for frame in then:
            size += len(frame)
            if size > _AHEAD:
                break
            frames.append(frame)
        self._asked = len(frames) - 1
        return b"".join(frames)

    def _send(self, request: bytes) -> None:
        rest = memoryview(request)
        while rest:
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                self._wait(select.POLLOUT)
            except OSError:
                self._closed()

    def _receive(self) -> bytes | bytearray:
        """The body of the next frame."""
        while (body := self._frames.take()) is None:
            self._wait(select.POLLIN if self._frames.unfinished else 0)
            self._read()
        return body

    def _read(self) -> bool:
        """Read what lies in the wire; whether that was anything."""
        try:
            return self._frames.read()
        except ClosedError:
            self._closed()

    def _heard(self) -> None:
        """Stop the bell, which the child may have closed, or in a weak mode emptied."""
        with contextlib.suppress(BlockingIOError):
            if not os.read(self._bell, _CHUNK):
                self._poll.unregister(self._bell)

    def _wait(self, event: int) -> None:
        """Wait for the bell, the end of the wire, or an `event` of it; meanwhile, read the child's output."""
        if event != self._polled:
            self._poll.modify(self._ipc, event)
            self._polled = event
        watch = self._watch
        while True:
            wire = gone = False
            for fd, _ in self._poll.poll(watch.rest() * 1000):
                if fd == self._bell:
                    self._heard()
                    wire = True
                elif fd == self._ipc:
                    wire = True
                elif fd == self._out:
                    self._drain()
                else:
                    gone = True
            now = watch.notice()
            if (gone or now >= watch.next_look) and event != select.POLLOUT:
                wire = bool(self._lies_there.poll(0))  # with or without a bell: who only rings does not answer
            if now >= watch.next_look:
                clock = watch.look(now, answered=wire and not self._frames.begun)
                if clock and self._is_of_a_later_one(wire):
                    return
                if clock:
                    if self._late or not self._ready or clock == "starved" or self._limits.trial:
                        raise _TimeUpError(clock)
                    self._ask_to_stop(TimedOut(watch.seconds, "cpu") if clock == "cpu" else TimedOut(watch.wall, "wall"))
                    watch.extend(min(GRACE, self._limits.idle_seconds))
                if self._locked_down and self._meter.stopped():
                    self._finish(Died(marked("it was stopped")))
                    raise SandboxError("a child was stopped from outside")
            if wire:
                return
            if gone:
                raise _GoneError

    def _is_of_a_later_one(self, wire: bool) -> bool:
        """Whether the time may be that of a step which was sent along: the answer to the present one is there already."""
        if not self._asked or self._late or self._polled == select.POLLOUT:
            return False
        if wire:
            self._read()
        return self._frames.whole

    def _closed(self) -> NoReturn:
        """The wire is closed: the child is ending, or closed it itself."""
        ending = select.poll()
        ending.register(self._pidfd, select.POLLIN)
        if ending.poll(ENDING_MS):
            raise _GoneError
        raise WireError(marked("it closed its channel"))

    # --- how it ends ----------------------------------------------------------------------------------------------------------------

    def _time_up(self, clock: str) -> Outcome:
        watch = self._watch
        if self._late:
            return self._finish(self._late)
        if clock == "cpu":
            return self._finish(TimedOut(watch.seconds, "cpu"))
        if clock == "wall" and self._limits.trial:
            return self._finish(TimedOut(watch.wall, "wall"))
        self._finish(Died(marked("the machine was overloaded")))
        got = f"a step got less than {watch.seconds:g} s of CPU in {watch.passed():.3g} s"
        raise OverloadedError(f"the machine was too busy: {got}")

    def _signal(self, number: int) -> None:
        signal.pidfd_send_signal(self._pidfd, number)

    def _stop(self) -> None:
        """Kill the child, reap it, read the rest of its output and close every descriptor. Idempotent.

        Raises:
            SandboxError: the zygote has ended.
        """
        if self._pidfd < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
        try:
            self._reaped = self._zygote.reap(self._pid)
            for _ in range(_LAST_CHUNKS):
                if not self._drain():
                    break
        finally:
            self._socket.close()
            os.close(self._out)
            os.close(self._bell)
            os.close(self._pidfd)
            self._pidfd = -1

    def _drain(self) -> int:
        """Read some of the child's output; returns the number of bytes."""
        try:
            data = os.read(self._out, _CHUNK)
        except BlockingIOError:
            return 0
        if not data:
            with contextlib.suppress(KeyError):
                self._poll.unregister(self._out)
        self._capture(data)
        return len(data)
