"""The evidence on an exercise, which all its checks and its diagnosis share: what one of them found out, none finds out again."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from grader.checks.evidence import Evidence
from grader.judge.oracle import Oracle
from grader.judge.results import differing, parts, split, tolerance, unlike
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.wire import Step


def evidence_on(plan: Plan, planned: PlannedExercise, outcomes: Sequence[Outcome], oracle: Oracle | None) -> Evidence:
    """What the outcomes of every step say of an exercise."""
    exercise = planned.exercise
    return Evidence(None, plan.steps, outcomes, oracle, exercise.returns, exercise.array_like, exercise.weights, exercise.slip)


def for_check(evidence: Evidence, item: PlannedCheck) -> Evidence:
    """The same evidence, for the check `item` of the exercise."""
    return msgspec.structs.replace(evidence, data=item.data)


def results_in(evidence: Evidence, planned: PlannedExercise, seq: int) -> dict[str, Any] | None:
    """The results of a step by name; None where it did not return."""
    key = ("results", seq)
    if key not in evidence.seen:
        evidence.seen[key] = split(evidence.steps[seq], evidence.outcomes[seq], planned.exercise.returns)
    found: dict[str, Any] | None = evidence.seen[key]
    return found


def right_parts(planned: PlannedExercise, oracle: Oracle, step: Step) -> dict[str, Any]:
    """The reference's results of a step by name; it must have returned."""

    def compute() -> dict[str, Any]:
        return parts(step, oracle.expected(step.seq), planned.exercise.returns)

    found: dict[str, Any] = oracle.once(("parts", planned.exercise.name, step.seq), compute)
    return found


def wrong_in(evidence: Evidence, planned: PlannedExercise, oracle: Oracle, seq: int) -> frozenset[str] | None:
    """The names of the results of a step that are not right; None where it has none and should have, or the other way round."""
    key = ("wrong", seq)
    if key not in evidence.seen:
        evidence.seen[key] = _wrong_in(evidence, planned, oracle, seq)
    found: frozenset[str] | None = evidence.seen[key]
    return found


def _wrong_in(evidence: Evidence, planned: PlannedExercise, oracle: Oracle, seq: int) -> frozenset[str] | None:
    step, right, made = evidence.steps[seq], oracle.outcome(seq), evidence.outcomes[seq]
    near = tolerance(planned, step)
    if isinstance(made, Returned) and isinstance(right, Returned) and not made.after:
        if evidence.is_right(seq, near):
            return frozenset()
        expected = right_parts(planned, oracle, step)
        found: Mapping[str, Any] | None = unlike(expected, results_in(evidence, planned, seq) or {}, near)
    else:
        found = differing(step, near, right, made, planned.exercise.returns)
    return None if found is None else frozenset(found)
