"""What a child has used, measured from outside: times that the child reports itself could be forged.

pidfd ─► its pid in this process's namespace ─┬─► its CPU clock             how long it computed
                                              └─► /proc/<pid>/schedstat     how long it was ready to run and had no CPU
"""

import time
from pathlib import Path

LATE = 0.05  # a wake-up that is later than this, in seconds, means that this process did not get a CPU
SOON = 0.002  # the minimum of seconds between two looks
FIRST = 0.02  # seconds until the first look; who waits shorter is not noticed


class Meter:
    """The clocks of the process behind `pidfd`, readable until it is reaped; `delay_seen` is the last result of `delay`."""

    def __init__(self, pidfd: int) -> None:
        self.delay_seen = 0.0
        self._pid = _host_pid(pidfd)

    def cpu(self) -> float | None:
        """CPU seconds since its start; None if unknown."""
        return cpu_seconds(self._pid)

    def delay(self) -> float | None:
        """Seconds that it was ready to run while others had the CPU; None if unknown."""
        try:
            self.delay_seen = int(Path(f"/proc/{self._pid}/schedstat").read_bytes().split()[1]) / 1e9
        except (OSError, IndexError, ValueError):
            return None
        return self.delay_seen

    def runnable(self) -> bool:
        """Whether it is running or ready to run."""
        return self._state() == b"R"

    def stopped(self) -> bool:
        """Whether it is stopped by a signal."""
        return self._state() in (b"T", b"t")

    def cpu_limit(self) -> float | None:
        """The CPU seconds at which the kernel kills it, also once it has ended and is not reaped; None if unknown or unlimited."""
        try:
            lines = Path(f"/proc/{self._pid}/limits").read_bytes().splitlines()
            return next(float(line.split()[4]) for line in lines if line.startswith(b"Max cpu time"))
        except (OSError, IndexError, ValueError, StopIteration):
            return None

    def _state(self) -> bytes:
        try:
            return Path(f"/proc/{self._pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
        except (OSError, IndexError):
            return b""


class Stopwatch:
    """Times one step of a child: `seconds` of CPU, and `wall` seconds in which it neither had a CPU nor wanted one.

    The time that it waited for a CPU counts only against `patience`, the total of seconds. Time in which this process was itself stopped
    or without a CPU does not count at all.

    `look` is called from time to time, and this process sleeps between two looks. The next look is due no later than the remaining CPU
    time, since a child cannot use more CPU time than time passes, and than twice the time so far: an answer that this process, without a
    CPU, finds later than that was not late.

    Attributes:
        seen: how long it had waited when a look last found it waiting; 0 if none has.
    """

    def __init__(self, meter: Meter, seconds: float, wall: float, patience: float) -> None:
        self._meter, self.seconds, self.wall, self.patience = meter, seconds, wall, patience
        self._start = self._noticed = time.monotonic()
        self._cpu = meter.cpu()
        self._delay = meter.delay_seen
        self.seen = 0.0
        self.next_look = self._start + min(seconds, wall, FIRST)

    def rest(self) -> float:
        """Seconds until the next look."""
        return max(0.0, self.next_look - self._noticed)

    def notice(self) -> float:
        """The current time; called when the wait of `rest` is over, or sooner."""
        now = time.monotonic()
        self._start += max(0.0, now - self._noticed - self.rest() - LATE)
        self._noticed = now
        return now

    def extend(self, seconds: float) -> None:
        """Allow so much more time."""
        self.seconds += seconds
        self.wall += seconds
        self.patience += seconds

    def passed(self) -> float:
        """Seconds since the start, without those in which this process was itself stopped or without a CPU."""
        return time.monotonic() - self._start

    def look(self, now: float, answered: bool = False) -> str:
        """`cpu` or `wall` if that limit is used up, `starved` if patience is, otherwise the empty string.

        Args:
            answered: whether it has begun to answer: then it was this process that came late, and the child that waited for it.
        """
        used = self._used()
        if used is not None and used >= self.seconds:
            return "cpu"
        passed = now - self._start
        idle = self.idle(passed)
        waits = not answered and idle >= min(self.wall, FIRST / 2)
        if waits and not self._meter.runnable():  # what it waits for a CPU now is in no account yet
            self.seen = idle
            if idle >= self.wall:
                return "wall"
        if passed >= self.patience:
            return "starved"
        left = self.seconds - used if used is not None else self.wall
        self.next_look = min(now + max(min(left, self.wall - idle, passed), SOON), self._start + self.patience)
        return ""

    def idle(self, passed: float) -> float:
        """Of the seconds that `passed`, those in which it neither had a CPU nor waited for one."""
        rest = passed - (self._used() or 0.0)
        return rest - self._waited(rest)

    def _used(self) -> float | None:
        cpu = self._meter.cpu()
        return None if cpu is None or self._cpu is None else cpu - self._cpu

    def _waited(self, most: float) -> float:
        """How long the child waited for a CPU in this step. Waiting since the last look is counted in its favour."""
        delay = self._meter.delay()
        return 0.0 if delay is None else min(delay - self._delay, most)


def cpu_seconds(pid: int) -> float | None:
    """CPU seconds of a living process since its start; None if unknown."""
    if pid <= 0 or not hasattr(time, "clock_gettime"):
        return None
    try:
        return time.clock_gettime((~pid << 3) | 2)  # Linux's encoding of "CPU time of this process"
    except OSError:
        return None


def _host_pid(pidfd: int) -> int:
    """The pid behind `pidfd` in this process's own pid namespace; 0 if unknown."""
    try:
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_bytes().splitlines()
    except OSError:
        return 0
    return next((int(line[4:]) for line in lines if line.startswith(b"Pid:")), 0)
