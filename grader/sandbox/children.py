"""The children of one submission, one after the other, within the limits of the whole submission."""

import time
from collections.abc import Iterable

import msgspec

from grader.errors import SlowError
from grader.sandbox.backend import Backend, Limits, Session, Source, Usage
from grader.sandbox.outcome import BadReturn, Outcome, Returned, TimedOut
from grader.sandbox.price import price
from grader.sandbox.wire import Step

SHORTEST_IDLE = 0.1  # seconds; more than the grader itself may need to notice an answer
STEPS_IDLE = 5  # times as long as one step may wait, all together may


class Sessions:
    """The children of one submission, one after the other, and their total usage.

    Attributes:
        used: whether the present child has taken a step.
    """

    def __init__(self, source: Source, backend: Backend, limits: Limits) -> None:
        self._source, self._backend, self._limits = source, backend, limits
        self._session: Session | None = None
        self._used = Usage()
        self.used = False
        self._opened = self._dropped = 0
        self._idled = 0.0
        self._started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether there is a child that has loaded the submission, or some of it, and accepts another step."""
        return self._session is not None and self._session.alive

    def ready(self) -> Outcome:
        """Make sure that there is such a child: how loading ended, or why there is no child (it was ended, or the budget is used up)."""
        # the exact answer costs more, and is not needed before the wall clock says so too
        limits = self._limits
        wall = time.monotonic() - self._started
        spent = (wall > limits.wall_factor * limits.budget_seconds and self._budget_left() <= 0) or self._only_waits()
        if self._session is not None and self._session.alive and not spent:
            return self._session.loaded
        self.close()
        left = self._budget_left()
        if spent or left <= 0:
            if limits.trial:
                raise SlowError("waits" if self._only_waits() else "computes")
            return TimedOut(limits.budget_seconds, "budget")
        load_seconds = min(limits.load_seconds, limits.call_seconds)
        idle = limits.idle_seconds / 2**self._opened  # who makes one child after the other wait, waits no longer than twice
        of_child = msgspec.structs.replace(
            limits,
            load_seconds=load_seconds,
            budget_seconds=max(left, 1.0),
            idle_seconds=idle if limits.trial else max(idle, SHORTEST_IDLE),
            returned=limits.returned - self._used.returned + self._dropped,
            received=limits.received - self._used.received,
        )
        self._opened += 1
        self.used = False
        self._session = self._backend.open(self._source, of_child)
        self._try(self._session.loaded, cut=load_seconds < limits.load_seconds)
        return self._session.loaded

    def drop(self, outcomes: Iterable[Outcome]) -> None:
        """Take back outcomes that are not kept: their size is not held against those that follow."""
        self._dropped += sum(price(msgspec.msgpack.encode(outcome)) for outcome in outcomes if isinstance(outcome, Returned))

    def start_anew(self) -> None:
        """End the child, which is not a step's fault: the next one may wait as long as this one."""
        self.close()
        self._opened -= 1

    def step(self, step: Step, frame: bytes, seconds: float, exact: bool, then: Iterable[bytes] = ()) -> Outcome:
        """Send a step to a child that has loaded the submission.

        Args:
            then: the frames of the steps that are sent after it, if it does not end the child.
            exact: whether a result that came after `seconds` of CPU time is too late, also where the sandbox keeps to the wall clock.
        """
        ready = self.ready()
        if not self.alive:
            return ready
        assert self._session is not None
        self.used = True
        before = self._session.cpu() if exact else None
        allowed = min(seconds, self._limits.call_seconds)
        outcome = self._session.call(step.seq, frame, allowed, then)
        self._try(outcome, cut=allowed < seconds)
        if before is not None and isinstance(outcome, Returned) and (self._session.cpu() or 0.0) - before > seconds:
            self.drop([outcome])
            return TimedOut(seconds, "cpu")
        return _proper(step, outcome)

    def came(self, step: Step) -> Outcome | None:
        """The outcome of a step that was sent along with an earlier one, if it is there already."""
        outcome = self._session.came(step.seq) if self._session is not None else None
        return None if outcome is None else _proper(step, outcome)

    def _try(self, outcome: Outcome, *, cut: bool) -> None:
        """Where the limits are a trial, end it if a step (whose own limit was `cut`), or all of them together, exceeded it.

        Raises:
            SlowError: they did.
        """
        limits = self._limits
        if not limits.trial:
            return
        if isinstance(outcome, TimedOut) and (cut or outcome.clock != "cpu"):
            raise SlowError("waits" if outcome.clock == "wall" else "computes")
        assert self._session is not None
        passed = time.monotonic() - self._started  # no child has used more CPU time than that
        if passed > limits.budget_seconds and self._used.cpu_seconds + (self._session.cpu() or 0.0) > limits.budget_seconds:
            raise SlowError("computes")
        if self._only_waits():
            raise SlowError("waits")

    def _budget_left(self) -> float:
        """Seconds of CPU time left in the budget, or of wall time divided by `wall_factor` if that is less."""
        wall = self._used.wall_seconds + (self._session.wall() if self._session is not None else 0.0)
        return self._limits.budget_seconds - max(self._used.cpu_seconds, wall / self._limits.wall_factor)

    def _only_waits(self) -> bool:
        """Whether all steps together have waited too long."""
        idle = self._idled + (self._session.idle if self._session is not None else 0.0)
        return idle > STEPS_IDLE * self._limits.idle_seconds

    def close(self) -> Usage:
        """End the live child; returns the total usage of all children."""
        if self._session is not None:
            self._idled += self._session.idle
            used, self._session = self._session.close(), None
            self._used = Usage(
                self._used.cpu_seconds + used.cpu_seconds,
                max(self._used.peak_kib, used.peak_kib),
                (self._used.output + used.output)[: self._limits.output],
                self._used.printed + used.printed,
                self._used.wall_seconds + used.wall_seconds,
                self._used.returned + used.returned,
                self._used.received + used.received,
            )
        return self._used


def _proper(step: Step, outcome: Outcome) -> Outcome:
    """An outcome, or what it is where the child sends other arguments than it was given."""
    if isinstance(outcome, Returned) and len(outcome.after) != (len(step.args) + len(step.kwargs) if step.after else 0):
        return BadReturn("unknown", ("other arguments than it was given",))
    return outcome
