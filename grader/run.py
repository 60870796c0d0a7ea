"""Running a plan against one submission: steps in, outcomes out."""

import itertools
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated

import msgspec

from grader.checks.effort import too_long
from grader.course.authoring import Exercise
from grader.plan import Plan
from grader.sandbox.backend import Backend, Limits, Source, Usage
from grader.sandbox.children import Sessions
from grader.sandbox.import_policy.rules import ForbiddenError
from grader.sandbox.import_policy.scan import Use
from grader.sandbox.offer import versions
from grader.sandbox.outcome import Died, NotRun, Outcome, Raised, Returned, Text, TimedOut, Unimplemented, word
from grader.sandbox.outcome import Name as Short
from grader.sandbox.signature import MOST, Name, Signature
from grader.sandbox.values import Value, decode
from grader.submissions.notebook.source import Note
from grader.submissions.pieces import Piece

TRIES = 3


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
        removed: notes on the lines of a notebook that were removed before it ran.
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
    removed: tuple[Note, ...] = ()

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
    measure: Callable[[int], float] | None = None,
    tries: int = TRIES,
) -> Run:
    """Send every step of `plan` to a child that has loaded `source`.

    Public checks come first: what a hidden one leaves behind in the child would show in their messages, which students read in full.

    The child is reused. If a step ends it, the exercise is run once more in a child of its own, unless it had that; if a step ends this one
    too, the remaining steps of that exercise are not run, and a new child continues with the next exercise while the submission's budget
    lasts.

    Args:
        budgets: CPU seconds of single steps, in place of their exercise's.
        measure: gives the budget of a step, where `budgets` has only what it is at least; asked for steps that need more.
        tries: of a step that has a budget of its own, until it is too slow.

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
                shared, alone = sessions.used, exercise.name not in ended
                found = _steps_of(plan, exercise, seqs, sessions, budgets, ended, measure, tries)
                if shared and alone and any(isinstance(outcome, Died) for outcome in found.values()):
                    ended.pop(exercise.name, None)
                    sessions.drop(found.values())
                    sessions.start_anew()  # what another exercise left behind may have ended it
                    found = _steps_of(plan, exercise, seqs, sessions, budgets, ended, measure, tries)
                outcomes |= found
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


def _steps_of(
    plan: Plan,
    exercise: Exercise,
    seqs: Sequence[int],
    sessions: Sessions,
    budgets: Mapping[int, float],
    ended: dict[str, Outcome],
    measure: Callable[[int], float] | None = None,
    tries: int = TRIES,
) -> dict[int, Outcome]:
    """The outcomes of an exercise's steps.

    Args:
        ended: by exercise, the outcome of its steps that are not run; one that ends its child is added.
    """
    outcomes: dict[int, Outcome] = {}
    for place, seq in enumerate(seqs):
        because = ended.get(exercise.name)
        if isinstance(because, NotRun) and _begins_anew(plan, seq) and (seq in budgets or because.because in budgets):
            del ended[exercise.name]  # how a case with a budget of its own ends says nothing of the others
        if exercise.name in ended:
            outcomes[seq] = ended[exercise.name]
            continue
        if (came := sessions.came(plan.steps[seq])) is not None:
            outcomes[seq] = came
            if not sessions.alive:
                ended[exercise.name] = NotRun(seq, word(came))
            continue
        seconds, exact = budgets.get(seq, exercise.seconds), seq in budgets
        then = _then(plan, seqs, place, budgets)
        outcome = sessions.step(plan.steps[seq], plan.frames[seq], seconds, exact=exact, then=then)
        if exact and measure and too_long(outcome) and (budget := measure(seq)) > seconds:
            seconds, outcome = budget, _again(plan, seq, sessions, budget, outcome)
        for _ in range(tries - 1):
            if exact and isinstance(outcome, TimedOut) and outcome.clock == "cpu":
                outcome = _again(plan, seq, sessions, seconds, outcome)
        outcomes[seq] = outcome
        if not sessions.alive:
            ended[exercise.name] = NotRun(seq, word(outcome))
    return outcomes


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


def _again(plan: Plan, seq: int, sessions: Sessions, seconds: float, late: Outcome) -> Outcome:
    """The outcome of a step that came late, in a child that takes its case from the start.

    The CPU time of the same work varies, twofold on a busy machine; only who is never quick enough is too slow.
    """
    sessions.start_anew()
    first = next(at for at in range(seq, -1, -1) if _begins_anew(plan, at))
    for before in range(first, seq):
        sessions.step(plan.steps[before], plan.frames[before], seconds, exact=False)
        if not sessions.alive:
            return late
    return sessions.step(plan.steps[seq], plan.frames[seq], seconds, exact=True)


def _begins_anew(plan: Plan, seq: int) -> bool:
    """Whether a step is the first one of its case."""
    return seq == 0 or plan.steps[seq].case != plan.steps[seq - 1].case
