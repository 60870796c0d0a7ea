"""Running a plan against one submission: steps in, outcomes out. The only caller of the sandbox."""

import itertools
import time
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

import msgspec

from grader.course.authoring import Exercise
from grader.errors import SlowError
from grader.plan import Plan
from grader.sandbox.backend import Backend, Limits, Session, Source, Usage
from grader.sandbox.import_policy.rules import ForbiddenError
from grader.sandbox.import_policy.scan import Use
from grader.sandbox.offer import versions
from grader.sandbox.outcome import BadReturn, NotRun, Outcome, Raised, Returned, Text, TimedOut, Unimplemented, word
from grader.sandbox.outcome import Name as Short
from grader.sandbox.signature import MOST, Name, Signature
from grader.sandbox.values import Value, decode
from grader.sandbox.wire import Step
from grader.submissions.pieces import Piece

SHORTEST_IDLE = 0.1  # seconds; more than the grader itself may need to notice an answer
STEPS_IDLE = 5  # times as long as one step may wait, all together may


class Run(msgspec.Struct, frozen=True):
    """The outcomes of a plan.

    Attributes:
        loaded: the outcome of executing the submission's file.
        outcomes: one for each step of the plan; none if nothing that the plan uses was defined.
        seconds: wall time of the whole run.
        defined: the signatures of the submission's functions and methods that the plan is about, by name.
        file, choice: of the submission (see `submissions.read.Submission`).
        libraries: numpy and the third-party modules that were there, with their versions.
        pieces: what was written for the functions that a person reads.
    """

    loaded: Outcome
    outcomes: tuple[Outcome, ...]
    usage: Usage = Usage()
    seconds: float = 0.0
    defined: dict[str, Signature] = {}
    file: str = ""
    choice: str = ""
    libraries: dict[str, str] = {}
    pieces: dict[str, Piece] = {}

    @property
    def judged(self) -> bool:
        """Whether there is something to judge."""
        return isinstance(self.loaded, Returned) or bool(self.outcomes)


def run(
    plan: Plan,
    source: Source,
    backend: Backend,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    budgets: Mapping[int, float] = MappingProxyType({}),
) -> Run:
    """Send every step of `plan` to a child that has loaded `source`.

    Public checks come first: what a hidden one leaves behind in the child would show in their messages, which students read in full.

    The child is reused. If a step ends it, the remaining steps of that exercise are not run, and a new child continues with the next
    exercise while the submission's budget lasts.

    Args:
        budgets: CPU seconds of single steps, in place of their exercise's.

    Raises:
        SandboxError: the sandbox itself failed.
        SlowError: the limits are a trial, and it exceeds them.
    """
    started = time.monotonic()
    report = Report()
    sessions = Sessions(plan.source(source), backend, limits)
    try:
        loaded = sessions.ready()
        outcomes: dict[int, Outcome] = {}
        if sessions.alive:
            report = report_of(loaded.value) if isinstance(loaded, Returned) else report
            ended: dict[str, Outcome] = {
                use.exercise: _refused(use) for use in report.uses if plan.rules and plan.rules.names(use.name)
            }
            for exercise, seqs in _in_order(plan):
                for place, seq in enumerate(seqs):
                    because = ended.get(exercise.name)
                    if isinstance(because, NotRun) and _begins_anew(plan, seq) and (seq in budgets or because.because in budgets):
                        del ended[exercise.name]  # how a case with a budget of its own ends says nothing of the others
                    if exercise.name in ended:
                        outcomes[seq] = ended[exercise.name]
                        continue
                    seconds, exact = budgets.get(seq, exercise.seconds), seq in budgets
                    then = _then(plan, seqs, place, budgets)
                    outcomes[seq] = outcome = sessions.step(plan.steps[seq], plan.frames[seq], seconds, exact=exact, then=then)
                    if not sessions.alive:
                        ended[exercise.name] = NotRun(seq, word(outcome))
        if isinstance(loaded, Returned):  # without the rest of the reply: it may be large, and nothing uses it
            loaded = Raised(*report.failed) if report.failed else Returned(warnings=loaded.warnings)
        nothing = all(isinstance(outcome, Unimplemented) and outcome.missing for outcome in outcomes.values())
        if nothing and not isinstance(loaded, Returned):
            outcomes = {}
        usage = sessions.close()
    finally:
        sessions.close()
    in_order = tuple(outcomes[seq] for seq in sorted(outcomes))
    return Run(loaded, in_order, usage, time.monotonic() - started, _of_plan(plan, report), libraries=versions(plan.offered))


Failure = tuple[Short, tuple[Short, ...], Text, Short, int, Short]  # the fields of `Raised`


class Report(msgspec.Struct, frozen=True, array_like=True):
    """What a child says of a submission that it has loaded; a submission gains nothing by a false report.

    Attributes:
        uses: the forbidden things that its exercises use.
        defined: the signatures of its functions.
        failed: the first statement of its file that failed.
    """

    uses: list[Use] = []
    defined: Annotated[list[tuple[Name, Signature]], msgspec.Meta(max_length=MOST)] = []
    failed: Failure | None = None


def report_of(found: Value) -> Report:
    """What a child's answer to `Load` says; nothing, if it says anything else."""
    try:
        return msgspec.convert(decode(found), Report)
    except (msgspec.ValidationError, UnicodeError):
        return Report()


def _of_plan(plan: Plan, report: Report) -> dict[str, Signature]:
    """The signatures of what has the name of a function or method of the stub, wherever it stands."""
    names = {name.rpartition(".")[2] for name in plan.rubric.signatures} | {"__init__"}
    return {name: signature for name, signature in report.defined if name.rpartition(".")[2] in names}


def _refused(use: Use) -> Outcome:
    """The outcome of every step of an exercise whose text uses something forbidden: it is not run, for it would not be available."""
    name = ForbiddenError.__name__
    return Raised(name, (name,), use.name, use.file, use.line, use.text)


def _in_order(plan: Plan) -> Iterator[tuple[Exercise, list[int]]]:
    """The steps of each exercise: first those of all public checks."""
    for public in (True, False):
        for planned in plan.exercises:
            yield planned.exercise, [seq for item in planned.checks if item.public is public for seq in item.seqs]


def _then(plan: Plan, seqs: Sequence[int], place: int, budgets: Container[int]) -> Iterator[bytes]:
    """The frames of the steps after one of an exercise, up to one whose time is measured from when it is sent."""
    ahead = (seqs[other] for other in range(place + 1, len(seqs)))
    return (
        plan.frames[seq] for seq in itertools.takewhile(lambda seq: seq not in budgets, () if seqs[place] in budgets else ahead)
    )


def _begins_anew(plan: Plan, seq: int) -> bool:
    """Whether a step is the first one of its case."""
    return seq == 0 or plan.steps[seq].case != plan.steps[seq - 1].case


class Sessions:
    """The children of one submission, one after the other, and their total usage."""

    def __init__(self, source: Source, backend: Backend, limits: Limits) -> None:
        self._source, self._backend, self._limits = source, backend, limits
        self._session: Session | None = None
        self._used = Usage()
        self._opened = 0
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
            returned=limits.returned - self._used.returned,
            received=limits.received - self._used.received,
        )
        self._opened += 1
        self._session = self._backend.open(self._source, of_child)
        self._try(self._session.loaded, cut=load_seconds < limits.load_seconds)
        return self._session.loaded

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
        before = self._session.cpu() if exact else None
        allowed = min(seconds, self._limits.call_seconds)
        outcome = self._session.call(step.seq, frame, allowed, then)
        self._try(outcome, cut=allowed < seconds)
        if before is not None and isinstance(outcome, Returned) and (self._session.cpu() or 0.0) - before > seconds:
            return TimedOut(seconds, "cpu")
        if isinstance(outcome, Returned) and len(outcome.after) != (len(step.args) + len(step.kwargs) if step.after else 0):
            return BadReturn("unknown", ("other arguments than it was given",))
        return outcome

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
