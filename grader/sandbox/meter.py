"""What a child has used, read from outside: a clock that the child itself reported could be forged.

pidfd ─► its pid as this process sees it ─┬─► its CPU clock             how much it computed
                                          └─► /proc/<pid>/schedstat     how long it was ready to compute and had no CPU
"""

import time
from pathlib import Path


class Meter:
    """The clocks of the process behind `pidfd`. They stay readable until it is reaped."""

    def __init__(self, pidfd: int) -> None:
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
            return int(Path(f"/proc/{self._pid}/schedstat").read_bytes().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return None

    def runnable(self) -> bool:
        """Whether it runs or is ready to run at this moment."""
        try:
            return Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"R"
        except (OSError, IndexError):
            return False


class Stopwatch:
    """One step of a child against its limits: `seconds` of CPU, and `wall` seconds in all as a backstop.

    `look` is called now and then; between two looks nobody wakes up. A second look is needed no sooner than the CPU time that is
    left, since no child computes faster than the clock.
    """

    def __init__(self, meter: Meter, seconds: float, wall: float) -> None:
        self._meter, self.seconds, self.wall = meter, seconds, wall
        self._start = time.monotonic()
        self._cpu = meter.cpu()
        self._window: tuple[float, float, float] | None = None
        self.next_look = self._start + min(seconds, wall / 2)

    def look(self, now: float) -> str:
        """`cpu` or `wall` when that clock is used up, `starved` when the wall clock is and the child could not help it, else nothing."""
        cpu = self._meter.cpu()
        used = None if cpu is None or self._cpu is None else cpu - self._cpu
        if used is not None and used >= self.seconds:
            return "cpu"
        if now - self._start >= self.wall:
            return "starved" if self._starved(now, cpu) else "wall"
        delay = self._meter.delay() if self._window is None else None
        if cpu is not None and delay is not None:
            self._window = (now, cpu, delay)
        left = self.seconds - used if used is not None else self.wall
        self.next_look = min(now + max(left, 0.002), self._start + self.wall)
        return ""

    def _starved(self, now: float, cpu: float | None) -> bool:
        """Whether, since the first look, it waited for a CPU longer than it slept or blocked."""
        delay = self._meter.delay()
        if self._window is None or delay is None or cpu is None:
            return cpu is not None and self._meter.runnable()
        since, cpu_then, delay_then = self._window
        waited = delay - delay_then
        blocked = (now - since) - (cpu - cpu_then) - waited
        return waited > blocked


def _host_pid(pidfd: int) -> int:
    """The process number behind `pidfd` in this process's own pid namespace; 0 if it cannot be known."""
    try:
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_bytes().splitlines()
    except OSError:
        return 0
    return next((int(line[4:]) for line in lines if line.startswith(b"Pid:")), 0)
