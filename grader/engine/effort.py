"""The budgets of `within`, and what is quick: the solution takes the same steps in the same sandbox, measured from outside.

They depend on the machine. Therefore they are not part of the plan or its hash, and the stored outcomes are judged again without them.
"""

import functools
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from grader.checks.effort import Within
from grader.course.folder import Assignment
from grader.course.several import solution_text
from grader.course.source import as_submission
from grader.errors import RubricError
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.run import run
from grader.sandbox.backend import Backend, Limits, Session, Source
from grader.sandbox.outcome import Outcome, Returned, word

FLOOR = 0.1  # seconds of CPU time that nobody is too slow for: naive loops over such arrays need a fifth of it (see `floor`)
ROUNDS, USUAL = 50_000, 0.0012  # of a loop in Python, and the seconds of CPU time that they took where `FLOOR` was chosen
CAP = 5.0
IN_TURNS = 5  # times that the solution and a function that does nothing are measured, where loops are told from whole arrays


class Budgets:
    """The CPU seconds of each step whose time counts, measured when they are first needed, once for a class."""

    def __init__(self, assignment: Assignment, plan: Plan) -> None:
        self._assignment, self._plan = assignment, plan
        self._found: Mapping[int, float] | None = None
        self._pace: float | None = None
        self._lock = threading.Lock()

    def of(self, plan: Plan) -> "Budgets":
        """The same budgets for the plan of one student, whose arrays to be measured are everybody's."""
        return _SameBudgets(self, plan)

    def seconds(self, backend: Backend) -> Mapping[int, float]:
        """The budgets by step.

        Raises:
            RubricError: neither the solution nor the reference takes these steps.
        """
        with self._lock:  # the threads of a class share it
            if self._found is None:
                self._found = {
                    seq: budget(used, times, handed, floor())
                    for seq, (handed, used, times) in measured(self._assignment, self._plan, backend).items()
                }
            return self._found

    @property
    def are_known(self) -> bool:
        """Whether they have been measured, or there is nothing to measure."""
        return self._found is not None or not any(_counted(self._plan))

    def at_least(self) -> Mapping[int, float]:
        """What each of these steps may use however fast the solution is: who needs no more than that is measured against nothing."""
        least = floor()
        return {seq: least for _planned, item, _times in _counted(self._plan) for seq in item.seqs}

    def pace(self, backend: Backend) -> float:
        """CPU seconds of the whole solution, measured once for a class."""
        budgets = self.seconds(backend)
        with self._lock:
            if self._pace is None:
                self._pace = run(self._plan, _solution(self._assignment, self._plan), backend, budgets=budgets).usage.cpu_seconds
            return self._pace


class _SameBudgets(Budgets):
    """Those of the class's plan, by the places that its steps have in another one."""

    def __init__(self, budgets: Budgets, plan: Plan) -> None:
        self._budgets, self._plan = budgets, plan
        pairs = zip(_counted(budgets._plan), _counted(plan), strict=True)
        self._places = {
            seq: place for (_, own, _), (_, other, _) in pairs for seq, place in zip(own.seqs, other.seqs, strict=True)
        }

    @property
    def are_known(self) -> bool:
        """Whether the class's are."""
        return self._budgets.are_known

    def seconds(self, backend: Backend) -> Mapping[int, float]:
        """The budgets by step."""
        return {self._places[seq]: seconds for seq, seconds in self._budgets.seconds(backend).items()}

    def pace(self, backend: Backend) -> float:
        """CPU seconds of the whole solution, with the class's inputs."""
        return self._budgets.pace(backend)


def _file(assignment: Assignment) -> Path:
    """The solution, or the reference where there is none."""
    return assignment.solution if assignment.has_solution else assignment.reference


def _solution(assignment: Assignment, plan: Plan) -> Source:
    text = solution_text(assignment) if assignment.has_solution else ""
    return plan.source(Source(plan.name, as_submission(_file(assignment), plan.name, text)))


def budget(used: float, times: float, handed: float, least: float = FLOOR) -> float:
    """The CPU seconds of a step: what it takes to hand arguments over, and so many times what the solution `used` beyond that."""
    return min(CAP, handed + max(least, times * (used - handed)))


@functools.cache
def floor() -> float:
    """`FLOOR` where loops in Python are as fast as usual; on a slower machine, more CPU seconds in proportion."""
    return floor_of(statistics.median(_loop() for _ in range(3)))


def floor_of(seconds: float) -> float:
    """The least budget on a machine where `ROUNDS` of a loop take so many CPU seconds."""
    return FLOOR * max(1.0, seconds / USUAL)


def _loop() -> float:
    started, total = time.thread_time(), 0
    for number in range(ROUNDS):
        total += number
    return time.thread_time() - started


def is_vectorised(item: PlannedCheck) -> bool:
    """Whether a check asks for whole arrays, and not for a formula on which others depend."""
    return isinstance(item.check, Within) and item.check.gate is False


def _seconds(session: Session, seq: int, frame: bytes) -> tuple[Outcome, float]:
    """The outcome of a step, and the CPU seconds that it used; the clock's, where these are not known."""
    before, started = session.cpu(), time.monotonic()
    outcome = session.call(seq, frame, CAP)
    after, passed = session.cpu(), time.monotonic() - started
    return outcome, passed if before is None or after is None else after - before


def measured(assignment: Assignment, plan: Plan, backend: Backend) -> dict[int, tuple[float, float, float]]:
    """By step, the CPU seconds of handing its arguments over and of the solution (or of the reference), and how many times that is allowed.

    To numpy, a million numbers are as much work to receive as to work on; loops in Python are slow beside either alone. Where loops are
    told from whole arrays, a function that does nothing is therefore measured beside the solution, in turns: each in a child that has
    not touched so much memory before, as a submission's, and the least of a few times, which a busy machine disturbs least.
    """
    checks = list(_counted(plan))
    if not checks:
        return {}
    found: dict[int, tuple[float, float, float]] = {}
    source = _solution(assignment, plan)
    session = backend.open(source, Limits())
    try:
        for planned, item, times in checks:
            for case in plan.cases(item):
                in_turns = is_vectorised(item) and len(case) == 1  # a step that needs others is measured after them
                for seq in case:
                    handed, outcome, used = (
                        _in_turns(plan, seq, source, backend) if in_turns else (0.0, *_seconds(session, seq, plan.frames[seq]))
                    )
                    if not isinstance(outcome, Returned):
                        problem = f"its time for «{item.check.name}» cannot be measured in the sandbox: {word(outcome)}"
                        advice = "it takes this step as a submission does; correct it"
                        raise RubricError(_file(assignment), planned.exercise.name, problem, advice)
                    found[seq] = (handed, used, times)
    finally:
        session.close()
    return found


def _in_turns(plan: Plan, seq: int, source: Source, backend: Backend) -> tuple[float, Outcome, float]:
    """The least CPU seconds of handing a step's arguments over, the outcome of the step, and its least CPU seconds."""
    name = plan.steps[seq].target
    idle = Source(plan.name, {plan.name: f"def {name}(*args, **kwargs):\n    pass\n"})
    tries = [[_alone(plan, seq, text, backend) for text in (idle, source)] for _ in range(IN_TURNS)]
    outcome, used = min((own for _idle, own in tries), key=lambda found: found[1])
    return min(seconds for (_outcome, seconds), _own in tries), outcome, used


def _alone(plan: Plan, seq: int, source: Source, backend: Backend) -> tuple[Outcome, float]:
    """The outcome of a step, and its CPU seconds, in a child of its own."""
    session = backend.open(source, Limits())
    try:
        return _seconds(session, seq, plan.frames[seq])
    finally:
        session.close()


def _counted(plan: Plan) -> Iterator[tuple[PlannedExercise, PlannedCheck, float]]:
    for planned in plan.exercises:
        for item in planned.checks:
            if isinstance(item.check, Within):
                yield planned, item, item.check.times
