"""Running a plan against one submission: steps in, outcomes out. The only caller of the sandbox."""

import time
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from grader.plan import Plan, PlannedExercise
from grader.sandbox.backend import Backend, Limits, Session, Source, Usage
from grader.sandbox.import_policy.rules import ForbiddenError
from grader.sandbox.import_policy.scan import Use
from grader.sandbox.outcome import BadReturn, NotRun, Outcome, Raised, Returned, TimedOut, word
from grader.sandbox.values import Value, bytes_in, decode, size_text


class Run(msgspec.Struct, frozen=True):
    """The outcomes of a plan.

    Attributes:
        loaded: the outcome of executing the submission's file; `outcomes` is empty unless it returned.
        outcomes: one for each step of the plan.
        seconds: wall time of the whole run.
    """

    loaded: Outcome
    outcomes: tuple[Outcome, ...]
    usage: Usage = Usage()
    seconds: float = 0.0


def run(
    plan: Plan,
    source: Source,
    backend: Backend,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    budgets: Mapping[int, float] = MappingProxyType({}),
) -> Run:
    """Send every step of `plan` to a child that has loaded `source`.

    The child is reused. If a step ends it, the remaining steps of that exercise are not run, and a new child continues with the next
    exercise while the submission's budget lasts.

    Args:
        budgets: CPU seconds of single steps, in place of their exercise's.

    Raises:
        SandboxError: the sandbox itself failed.
    """
    started = time.monotonic()
    sessions = _Sessions(msgspec.structs.replace(source, rules=plan.rules), backend, limits)
    try:
        loaded = sessions.ready()
        outcomes: list[Outcome] = []
        if isinstance(loaded, Returned):
            refused = _refused(loaded.value) if plan.rules else {}
            loaded = Returned(warnings=loaded.warnings)  # drop the rest of the reply: it may be large, and nothing uses it
            for planned in plan.exercises:
                refusal = refused.get(planned.exercise.name)
                outcomes += [refusal] * len(planned.seqs) if refusal else _run_exercise(plan, planned, sessions, budgets)
        usage = sessions.close()
    finally:
        sessions.close()
    return Run(loaded, tuple(outcomes), usage, time.monotonic() - started)


def _refused(found: Value) -> dict[str, Outcome]:
    """The outcomes of the exercises whose text uses something forbidden: they are not run.

    A submission gains nothing by a false report: what it would use is not available.
    """
    try:
        uses = msgspec.convert(decode(found), list[Use])
    except (msgspec.ValidationError, UnicodeError):
        return {}
    name = ForbiddenError.__name__
    return {use.exercise: Raised(name, (name,), use.name, use.file, use.line, use.text) for use in uses}


def _run_exercise(plan: Plan, planned: PlannedExercise, sessions: "_Sessions", budgets: Mapping[int, float]) -> Iterator[Outcome]:
    """The outcomes of one exercise's steps; those after a step that ended the child are not run.

    Cases with a budget of their own are run all the same, and so are the others after them: how one ends says nothing of the other.
    """
    ended: NotRun | None = None
    for seq in planned.seqs:
        if ended and plan.steps[seq].case != plan.steps[seq - 1].case and (seq in budgets or ended.because in budgets):
            ended = None
        if ended:
            yield ended
            continue
        outcome = sessions.ready()
        if isinstance(outcome, Returned):
            outcome = sessions.call(seq, plan.frames[seq], budgets.get(seq, planned.exercise.seconds), exact=seq in budgets)
        if not sessions.alive:
            ended = NotRun(seq, word(outcome))
        yield outcome


class _Sessions:
    """The children of one submission, one after the other, and their total usage."""

    def __init__(self, source: Source, backend: Backend, limits: Limits) -> None:
        self._source, self._backend, self._limits = source, backend, limits
        self._session: Session | None = None
        self._used = Usage()
        self._returned = 0
        self._started = time.monotonic()

    @property
    def alive(self) -> bool:
        """Whether there is a child that has loaded the submission and accepts another step."""
        return self._session is not None and self._session.alive and isinstance(self._session.loaded, Returned)

    def ready(self) -> Outcome:
        """Make sure that there is such a child: `Returned`, or why there is none (it does not load, or the budget is used up)."""
        # the exact answer costs more, and is not needed before the wall clock says so too
        wall = time.monotonic() - self._started
        spent = wall > self._limits.wall_factor * self._limits.budget_seconds and self._budget_left() <= 0
        if self.alive and not spent:
            return Returned()
        self.close()
        left = self._budget_left()
        if spent or left <= 0:
            return TimedOut(self._limits.budget_seconds, "budget")
        self._session = self._backend.open(self._source, msgspec.structs.replace(self._limits, budget_seconds=max(left, 1.0)))
        return self._session.loaded

    def call(self, seq: int, frame: bytes, seconds: float, exact: bool) -> Outcome:
        """Send a step to the live child. A result that exceeds the limit on all results together is not kept.

        Args:
            exact: whether a result that came after `seconds` of CPU time is too late, also where the sandbox keeps to the wall clock.
        """
        assert self._session is not None
        before = self._session.cpu() if exact else None
        outcome = self._session.call(seq, frame, seconds)
        if before is not None and isinstance(outcome, Returned) and (self._session.cpu() or 0.0) - before > seconds:
            return TimedOut(seconds, "cpu")
        if isinstance(outcome, Returned):
            size = sum(map(bytes_in, (outcome.value, *outcome.after)))
            if self._returned + size > self._limits.returned:
                return BadReturn("all_together", (size_text(self._limits.returned),))
            self._returned += size
        return outcome

    def _budget_left(self) -> float:
        """Seconds of CPU time left in the budget, or of wall time divided by `wall_factor` if that is less."""
        wall = self._used.wall_seconds + (self._session.wall() if self._session is not None else 0.0)
        return self._limits.budget_seconds - max(self._used.cpu_seconds, wall / self._limits.wall_factor)

    def close(self) -> Usage:
        """End the live child; returns the total usage of all children."""
        if self._session is not None:
            used, self._session = self._session.close(), None
            self._used = Usage(
                self._used.cpu_seconds + used.cpu_seconds,
                max(self._used.peak_kib, used.peak_kib),
                (self._used.output + used.output)[: self._limits.output],
                self._used.printed + used.printed,
                self._used.wall_seconds + used.wall_seconds,
            )
        return self._used
