"""The expected outcomes: the reference, run once per plan in the trusted process; its misconceptions, run when suspected."""

import threading
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from grader.checks.methods import class_of, found_in, is_method, replaced
from grader.course.given import helper_modules
from grader.course.misconceptions import Misconception, combined
from grader.errors import RubricError
from grader.judge.calls import call_text
from grader.judge.coarse import Coarse
from grader.judge.endless import time_limited
from grader.plan import Plan
from grader.sandbox.given_files import present
from grader.sandbox.outcome import ChildOutcome, Raised, Returned
from grader.sandbox.values import decode, refers


class Oracle:
    """The reference's outcomes for every step of a plan, and those of each misconception, computed once for the whole class."""

    def __init__(
        self,
        plan: Plan,
        reference: Mapping[str, Any],
        misconceptions: Sequence[Misconception] = (),
        solution: Callable[[], dict[str, Any]] | None = None,
    ) -> None:
        """Run the reference.

        Args:
            solution: makes a new namespace of the solution, whose functions call each other.
        """
        self._plan, self.reference, self._solution = plan, reference, solution
        self.misconceptions = tuple(misconceptions)
        for planned in plan.exercises:
            own = planned.exercise.name
            for name in {getattr(item.check, "of", own) for item in planned.checks} | ({own} if planned.checks else set()):
                if found_in(reference, name) is None:
                    raise RubricError(plan.rubric.assignment.reference, name, f"the reference defines no {name!r}", "write it")
        for item in self.misconceptions:
            if found_in(reference, item.of) is None:
                raise RubricError(
                    item.file, item.of, f"{item.name} is of {item.of!r}, which the reference does not define", "correct of="
                )
        self._outcomes = run_trusted(plan, reference, range(len(plan.steps)))
        self._kept: dict[tuple[Any, ...], Any] = {}
        self._made: dict[tuple[str, str, str], dict[int, ChildOutcome]] = {}
        self._lock = threading.RLock()

    def outcome(self, seq: int) -> ChildOutcome:
        """What the reference does with step `seq`."""
        return self._outcomes[seq]

    def expected(self, seq: int) -> Any:
        """What the reference returns for step `seq`."""
        if (seq,) in self._kept:
            return self._kept[(seq,)]
        outcome = self._outcomes[seq]
        assert isinstance(outcome, Returned), f"the reference did not return: {outcome}"
        return self.once((seq,), lambda: decode(outcome.value))

    def once(self, key: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        """The result of `compute`, cached under `key` for the whole class; it may depend on the plan and the reference only."""
        if key in self._kept:  # once it is there, it stays
            return self._kept[key]
        with self._lock:  # the threads of a batch share it, and what is computed may use numpy's global state
            if key not in self._kept:
                self._kept[key] = compute()
            return self._kept[key]

    def function(self, name: str) -> Callable[..., Any]:
        """A reference function."""
        found: Callable[..., Any] = found_in(self.reference, name)
        return found

    def wrong(self, misconception: Misconception, seqs: range) -> dict[int, ChildOutcome]:
        """What the reference does with the steps `seqs`, which are whole cases, when `misconception` takes its function's place."""
        key = (misconception.of, misconception.name, seqs)

        def run() -> dict[int, ChildOutcome]:
            rest = "solution" if self._is_of_solution(misconception, seqs) else "reference"
            return self._run(misconception, seqs, rest, lambda: self.namespace(misconception, seqs))

        found: dict[int, ChildOutcome] = self.once(key, run)
        return found

    def composed(self, mistakes: Sequence[Misconception | Coarse], seqs: range) -> Mapping[int, ChildOutcome] | None:
        """What right code does with steps `seqs` where the functions that it calls make these mistakes.

        None without a solution, or where the mistakes are in methods of one class and cannot be made together.
        """
        if self._solution is None:
            return None
        key = ("composed", seqs, *((item.of, item.name) for item in mistakes))
        solution = self._solution
        rounding = [item for item in mistakes if isinstance(item, Coarse)]

        def namespace(made: Sequence[Misconception]) -> Mapping[str, Any]:
            found = solution()  # whose other functions call these now
            for item in made:
                found.update(replaced(found, item.of, item.function))
            for one in rounding:
                found[one.of] = one.around(found[one.of])
            return found

        def run() -> dict[int, ChildOutcome] | None:
            made = _together([item for item in mistakes if isinstance(item, Misconception)])
            if made is None:
                return None
            if rounding or len(made) > 1 or made[0].both:
                return run_trusted(self._plan, namespace(made), seqs)
            return self._run(made[0], seqs, "composed", lambda: namespace(made))

        found: dict[int, ChildOutcome] | None = self.once(key, run)
        return found

    def _run(
        self, misconception: Misconception, seqs: range, rest: str, namespace: Callable[[], Mapping[str, Any]]
    ) -> dict[int, ChildOutcome]:
        """The outcomes of the steps `seqs`, which are whole cases; those that are not known yet are run in the `namespace`.

        Args:
            rest: what stands beside the mistake in the namespace. To cases that use the mistake alone it makes no difference.
        """
        alone = self._alone(misconception)
        made = {
            seq: self._made.setdefault((misconception.of, misconception.name, "" if seq in alone else rest), {}) for seq in seqs
        }
        if missing := [seq for seq, known in made.items() if seq not in known]:
            for seq, outcome in run_trusted(self._plan, namespace(), missing).items():
                made[seq][seq] = outcome
        return {seq: known[seq] for seq, known in made.items()}

    def _alone(self, misconception: Misconception) -> frozenset[int]:
        """The steps of the cases that use the mistake and nothing else; none for a method, which stands in the class of others."""
        name = class_of(misconception.of)
        if is_method(misconception.of) and not isinstance(misconception.function, type):
            return frozenset()

        def compute() -> frozenset[int]:
            pairs = list(zip(self._plan.steps, self._plan.targets, strict=True))
            others = {step.case for step, target in pairs if class_of(target) != name}
            return frozenset(step.seq for step, _target in pairs if step.case not in others)

        found: frozenset[int] = self.once(("alone", name), compute)
        return found

    def namespace(self, misconception: Misconception, seqs: range) -> Mapping[str, Any]:
        """The reference with `misconception` in its function's place, for the steps `seqs`.

        Where one step hands its result on to another, an edit of the solution stands among the solution's functions: what a forward pass
        keeps for its backward pass may be anything, and the reference's is another thing than the solution's.
        """
        own = self._is_of_solution(misconception, seqs)
        rest = self._solution() if own and self._solution is not None else self.reference
        return replaced(rest, misconception.of, misconception.function)

    def _is_of_solution(self, misconception: Misconception, seqs: range) -> bool:
        """Whether the mistake stands among the solution's functions."""
        handed_on = any(refers((*step.args, *step.kwargs)) for step in self._plan.steps[seqs.start : seqs.stop])
        kept = handed_on or is_method(misconception.of)  # what other methods left in the object is the solution's
        return kept and bool(misconception.source) and self._solution is not None


def _together(misconceptions: Sequence[Misconception]) -> list[Misconception] | None:
    """The mistakes, of which those in methods of one class are made together: each is a whole class; None where they cannot be."""
    found: dict[str, Misconception] = {}
    for item in misconceptions:
        name = class_of(item.of)
        both = combined(found[name], item) if name in found else item
        if both is None:
            return None
        found[name] = both
    return list(found.values())


def run_trusted(plan: Plan, namespace: Mapping[str, Any], seqs: Iterable[int]) -> dict[int, ChildOutcome]:
    """The outcomes of the steps `seqs` with the course's own functions, in this process."""
    from grader.sandbox.child.execute import Executor  # a student's copy has no reference to run

    outcomes: dict[int, ChildOutcome] = {}
    with np.errstate(all="ignore"), warnings.catch_warnings(), present(plan.given.data), time_limited() as begin:
        warnings.simplefilter("ignore")  # numpy warns about wrong versions
        executor = Executor(namespace, helper_modules(tuple(plan.given.helpers.items())))
        for seq in seqs:
            begin(partial(call_text, plan.steps[seq], plan.rubric.parameters))
            outcomes[seq] = outcome = executor.run(plan.steps[seq])
            if isinstance(outcome, Raised) and outcome.name == "KeyboardInterrupt":
                raise KeyboardInterrupt  # the user's, not the reference's
    return outcomes
