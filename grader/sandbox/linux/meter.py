"""What a child has used, read from outside: a clock that the child itself reported could be forged.

pidfd ─► its pid as this process sees it ─┬─► its CPU clock             how much it computed
                                          └─► /proc/<pid>/schedstat     how long it was ready to compute and had no CPU
"""

import time
from pathlib import Path

LATE = 0.25  # seconds after which somebody who wanted to wake up did not get a CPU
SOON = 0.002  # seconds between two looks, at least


class Meter:
    """The clocks of the process behind `pidfd`. They stay readable until it is reaped; `delay_seen` is what `delay` said last."""

    def __init__(self, pidfd: int) -> None:
        self.delay_seen = 0.0
        self._pid = _host_pid(pidfd)
        self._clock = (~self._pid << 3) | 2  # the kernel's encoding of «CPU time of this process»

    def cpu(self) -> float | None:
        """CPU seconds since its start; None where this system does not say."""
        if self._pid <= 0:
            return None
        try:
            return time.clock_gettime(self._clock)
        except OSError:
            return None

    def delay(self) -> float | None:
        """Seconds that it was ready to run while others had the CPU; None where this system does not say."""
        try:
            self.delay_seen = int(Path(f"/proc/{self._pid}/schedstat").read_bytes().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return None
        return self.delay_seen

    def runnable(self) -> bool:
        """Whether it runs or is ready to run at this moment."""
        return self._state() == b"R"

    def stopped(self) -> bool:
        """Whether it was stopped by a signal: it may be ready to run, and is not let."""
        return self._state() in (b"T", b"t")

    def _state(self) -> bytes:
        try:
            return Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
        except (OSError, IndexError):
            return b""


class Stopwatch:
    """One step of a child against its limits: `seconds` of CPU, and as a backstop `wall` seconds in which it had a CPU or wanted none.

    What it waited for a CPU counts only against `patience`, seconds in all. What this process itself did not notice in time counts
    for nothing: whoever was stopped, or had no CPU, cannot say that another was slow.

    `look` is called now and then; between two looks nobody wakes up. A second look is needed no sooner than the CPU time that is
    left, since no child computes faster than the clock.
    """

    def __init__(self, meter: Meter, seconds: float, wall: float, patience: float) -> None:
        self._meter, self.seconds, self.wall, self.patience = meter, seconds, wall, patience
        self._start = self._noticed = time.monotonic()
        self._cpu = meter.cpu()
        self._delay, self._blind = meter.delay_seen, False
        self.next_look = self._start + min(seconds, wall / 2)

    def rest(self) -> float:
        """Seconds until the next look."""
        return max(0.0, self.next_look - self._noticed)

    def notice(self) -> float:
        """What time it is; called when the wait of `rest` is over, or sooner."""
        now = time.monotonic()
        self._start += max(0.0, now - self._noticed - self.rest() - LATE)
        self._noticed = now
        return now

    def passed(self) -> float:
        """Seconds since it was started, without those in which this process noticed nothing."""
        return time.monotonic() - self._start

    def look(self, now: float) -> str:
        """`cpu` or `wall` when that clock is used up, `starved` when patience is, else nothing."""
        cpu = self._meter.cpu()
        used = None if cpu is None or self._cpu is None else cpu - self._cpu
        if used is not None and used >= self.seconds:
            return "cpu"
        passed = now - self._start
        spent = passed - self._waited(passed - (used or 0.0))
        if spent >= self.wall and not (self._blind and self._meter.runnable()):
            return "wall"
        if passed >= self.patience:
            return "starved"
        left = self.seconds - used if used is not None else self.wall
        self.next_look = min(now + max(min(left, self.wall - spent), SOON), self._start + self.patience)
        return ""

    def _waited(self, most: float) -> float:
        """How much of this step it waited for a CPU. What it waited since anybody looked is counted for it, not against it."""
        delay = self._meter.delay()
        self._blind = delay is None
        return 0.0 if delay is None else min(delay - self._delay, most)


def _host_pid(pidfd: int) -> int:
    """The process number behind `pidfd` in this process's own pid namespace; 0 if it cannot be known."""
    try:
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_bytes().splitlines()
    except OSError:
        return 0
    return next((int(line[4:]) for line in lines if line.startswith(b"Pid:")), 0)
