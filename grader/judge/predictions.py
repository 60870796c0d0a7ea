"""What a known mistake predicts for an exercise: the steps and results in which it differs from right code, and what comes there.

Predicted is only what is wrong: a mistake that explains a submission's wrong results says nothing about its right ones.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from grader.course.misconceptions import Misconception
from grader.judge.evidence import evidence_on, for_check
from grader.judge.known import Known, KnownMistake, is_mark
from grader.judge.oracle import Oracle
from grader.judge.results import differing, same_exception, split, tolerance
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Raised, Returned

Mistake = Misconception | KnownMistake
Mistakes = Oracle | Known  # run with the reference, or read from a file where there is none


class Prediction(msgspec.Struct, frozen=True):
    """What a mistake does on some steps.

    Attributes:
        results: by result and step, the wrong value.
        raised: by step, the outcome that is not a result.
        accepted: by step, the outcome of a call that should have been refused.
    """

    results: Mapping[str, Mapping[int, Any]]
    raised: Mapping[int, Outcome]
    accepted: Mapping[int, Outcome]

    @property
    def refuses_only(self) -> bool:
        """Whether right code differs in what it refuses and nowhere else."""
        return bool(self.accepted) and not self.results and not self.raised


def cases(plan: Plan, planned: PlannedExercise) -> Iterator[tuple[range, bool]]:
    """Every case of the exercise, and whether it should be refused."""
    for check in planned.checks:
        for case in plan.cases(check):
            yield case, check.check.kind == "raises"


def predicted(
    plan: Plan, planned: PlannedExercise, item: Any, mistakes: Mistakes, found: Iterable[tuple[range, bool]]
) -> Prediction:
    """What `item` predicts for these cases of its exercise."""
    found = list(found)
    if len(found) == 1:
        return _on_case(plan, planned, item, mistakes, *found[0])
    together = Prediction({}, {}, {})
    for case, refusal in found:
        one = _on_case(plan, planned, item, mistakes, case, refusal)
        results = {name: {**together.results.get(name, {}), **steps} for name, steps in one.results.items()}
        together = Prediction(
            {**together.results, **results}, {**together.raised, **one.raised}, {**together.accepted, **one.accepted}
        )
    return together


def fails(plan: Plan, planned: PlannedExercise, check: PlannedCheck, item: Any, oracle: Oracle) -> bool:
    """Whether code with the mistake `item`, and no other, fails the check."""

    def compute() -> bool:
        outcomes = [oracle.outcome(step.seq) for step in plan.steps]
        for case in plan.cases(check):
            for seq, outcome in oracle.wrong(item, case).items():
                outcomes[seq] = outcome
        evidence = for_check(evidence_on(plan, planned, outcomes, oracle), check)
        with np.errstate(all="ignore"):
            return check.check.judge(evidence).verdict == "failed"

    found: bool = oracle.once(("fails", item.of, item.name, check.seqs), compute)
    return found


def _on_case(plan: Plan, planned: PlannedExercise, item: Any, mistakes: Mistakes, case: range, refusal: bool) -> Prediction:
    if isinstance(mistakes, Known):
        steps = plan.own(item.of, case)
        told = {seq: outcome for seq, outcome in mistakes.wrong(item, case).items() if outcome and mistakes.is_wrong(item, [seq])}
        return _prediction(plan, planned, {seq: (None, told[seq]) for seq in steps if seq in told}, case[-1] if refusal else None)
    oracle = mistakes

    def compute() -> Prediction:
        made = oracle.wrong(item, case)
        pairs = {seq: (oracle.outcome(seq), made[seq]) for seq in plan.own(item.of, case)}
        return _prediction(plan, planned, pairs, case[-1] if refusal else None)

    found: Prediction = oracle.once(("predicted", item.of, item.name, case), compute)
    return found


def _prediction(
    plan: Plan, planned: PlannedExercise, outcomes: Mapping[int, tuple[Outcome | None, Outcome]], refused: int | None
) -> Prediction:
    """The difference between the right outcome and the mistake's by step; where the right one is not known, everything is wrong.

    Args:
        refused: of a case that should be refused, the step that should be: its last.
    """
    if refused is not None:
        return Prediction(
            {}, {}, {seq: made for seq, (right, made) in outcomes.items() if seq == refused and _accepts(right, made)}
        )
    names = planned.exercise.returns
    results: dict[str, dict[int, Any]] = {}
    raised = {}
    for seq, (right, made) in outcomes.items():
        step = plan.steps[seq]
        if right is None:
            told = split(step, made, names)
            wrong: Mapping[str, Any] | None = told and {name: value for name, value in told.items() if not is_mark(value)}
        else:
            wrong = differing(step, tolerance(planned, step), right, made, names)
        if wrong is None:
            raised[seq] = made
        for name, value in (wrong or {}).items():
            if step.reply:
                results.setdefault(name, {})[seq] = value
    return Prediction(results, raised, {})


def _accepts(right: Outcome | None, made: Outcome) -> bool:
    return (
        right is None
        or not isinstance(made, Raised)
        or not (isinstance(right, Raised) and right.name in {made.name, *made.bases})
    )


def accepts_alike(expected: Outcome, got: Outcome) -> bool:
    """Whether a call that should be refused is let through in the same way: with any result, or with the same other exception."""
    return (isinstance(expected, Returned) and isinstance(got, Returned)) or same_exception(expected, got)


class Fit(msgspec.Struct, frozen=True):
    """What a mistake explains: `results` are those in which the submission equals it wherever it is wrong.

    Attributes:
        whole: whether these are all in which it is wrong, and what it raises is raised there and nowhere else.
        possible: whether the submission is right in no step in which the mistake raises.
    """

    prediction: Prediction
    results: frozenset[str]
    whole: bool
    possible: bool

    @property
    def weight(self) -> tuple[bool, int, int]:
        """What is better: everything that it predicts came; it explains many results, then many exceptions."""
        return self.whole, sum(len(self.prediction.results[name]) for name in self.results), len(self.prediction.raised)
