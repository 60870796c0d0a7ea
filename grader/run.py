"""Running a plan against one submission: calls in, outcomes out. The only caller of the sandbox."""

import time

import msgspec

from grader.plan import Plan
from grader.sandbox.backend import Backend, Limits, Session, Source, Usage
from grader.sandbox.outcome import NotRun, Outcome, Returned, TimedOut, word


class Run(msgspec.Struct, frozen=True):
    """What came of a plan.

    Attributes:
        loaded: what came of executing the submission's file; `outcomes` is empty unless it returned.
        outcomes: one for each step of the plan.
        seconds: wall time of the whole run.
    """

    loaded: Outcome
    outcomes: tuple[Outcome, ...]
    usage: Usage = Usage()
    seconds: float = 0.0


def run(plan: Plan, source: Source, backend: Backend, limits: Limits = Limits()) -> Run:  # noqa: B008 - frozen
    """Send every step of `plan` to a child that has loaded `source`.

    The child is reused. When a step ends it, the other steps of that exercise are not run, and a new child goes on with the next
    exercise, as long as the submission's budget lasts.

    Raises:
        SandboxError: the sandbox itself failed.
    """
    started = time.monotonic()
    outcomes: list[Outcome] = []
    sessions = _Sessions(source, backend, limits)
    try:
        session = sessions.fresh()
        if not isinstance(session.loaded, Returned):
            return Run(session.loaded, (), sessions.close(), time.monotonic() - started)
        for planned in plan.exercises:
            if not planned.seqs:  # all of it waits for the hand-in
                continue
            ended: tuple[int, Outcome] | None = None
            if not session.alive:
                sessions.close()  # what it used counts
                left = sessions.budget_left()
                if left <= 0 or not (session := sessions.fresh()).alive:
                    ended = (planned.seqs.start, TimedOut(limits.budget_seconds, "budget"))
                    outcomes.append(ended[1])
            for seq in planned.seqs[1 if ended else 0 :]:
                if ended:
                    outcomes.append(NotRun(ended[0], word(ended[1])))
                    continue
                outcomes.append(session.call(seq, plan.frames[seq], planned.exercise.seconds))
                if not session.alive:
                    ended = (seq, outcomes[-1])
        usage = sessions.close()
    finally:
        sessions.close()
    return Run(Returned(), tuple(outcomes), usage, time.monotonic() - started)


class _Sessions:
    """The children of one submission, one after the other, and what they used together."""

    def __init__(self, source: Source, backend: Backend, limits: Limits) -> None:
        self._source, self._backend, self._limits = source, backend, limits
        self._session: Session | None = None
        self._used = Usage()
        self._started = time.monotonic()

    def fresh(self) -> Session:
        """A new child, with what is left of the budget."""
        self.close()
        left = msgspec.structs.replace(self._limits, budget_seconds=max(self.budget_left(), 1.0))
        self._session = self._backend.open(self._source, left)
        return self._session

    def budget_left(self) -> float:
        """Seconds of the budget that are left: CPU time, or wall time at the backstop's rate."""
        wall = (time.monotonic() - self._started) / self._limits.wall_factor
        return self._limits.budget_seconds - max(self._used.cpu_seconds, wall)

    def close(self) -> Usage:
        """End the live child; what all of them used."""
        if self._session is not None:
            used, self._session = self._session.close(), None
            self._used = Usage(
                self._used.cpu_seconds + used.cpu_seconds,
                max(self._used.peak_kib, used.peak_kib),
                (self._used.output + used.output)[: self._limits.output],
                self._used.printed + used.printed,
            )
        return self._used
