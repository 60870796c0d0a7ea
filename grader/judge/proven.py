"""Nothing for nothing: an exercise pays once one of its results is right for an input that was never published, and telling."""

from collections.abc import Iterator, Sequence

import numpy as np

from grader.checks.evidence import Evidence, Finding
from grader.checks.property import Property
from grader.checks.slips import several
from grader.judge.oracle import Oracle
from grader.judge.trivial import Program, Telling, answers, in_form_of, results_of
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import Value, encode


def is_proven(
    plan: Plan, planned: PlannedExercise, findings: Sequence[Finding], outcomes: Sequence[Outcome], oracle: Oracle
) -> bool:
    """Whether a right result of the exercise is telling; where only laws are checked, whether one holds that none of the programs obeys."""
    telling: Telling = oracle.once(("telling", planned.exercise.name), lambda: Telling(plan, planned, oracle))
    by_values = [item for item in planned.checks if not item.check.published and not isinstance(item.check, Property)]
    passed = [
        item
        for item, finding in zip(planned.checks, findings, strict=True)
        if finding.verdict == "passed" and not finding.carried and not item.check.published
    ]
    for item in passed:
        if isinstance(item.check, Property):
            if not by_values and _is_telling_law(plan, planned, item, oracle):
                return True
            continue
        seqs = [seq for seq in item.seqs if seq in telling.own]
        if any(telling.is_telling(seq, place) for seq in seqs for place in range(len(results_of(oracle.expected(seq))))):
            return True
    evidence = Evidence(None, plan.steps, outcomes, oracle, planned.exercise.returns, planned.exercise.array_like)
    if any(telling.is_telling(seq, place) for seq in telling.steps for place in _right(evidence, seq)):
        return True
    sure = [item for item in passed if item in by_values]
    return bool(sure) and telling.is_telling_together([seq for item in sure for seq in item.seqs if seq in telling.own])


def _right(evidence: Evidence, seq: int) -> Iterator[int]:
    """The numbers of the right results of a step."""
    if not isinstance(evidence.outcomes[seq], Returned):
        return
    expected = evidence.expected(seq)
    found = evidence.compared(seq, evidence.tolerance(seq))
    if several(expected) and len(found) != len(expected):
        return
    for place, item in enumerate(found):
        if item.difference is None:
            yield place


def _is_telling_law(plan: Plan, planned: PlannedExercise, item: PlannedCheck, oracle: Oracle) -> bool:
    """Whether no trivial program obeys a law."""
    found: bool = oracle.once(("law", item.seqs), lambda: _obeyed_by_none(plan, planned, item, oracle))
    return found


def _obeyed_by_none(plan: Plan, planned: PlannedExercise, item: PlannedCheck, oracle: Oracle) -> bool:
    seqs = [seq for seq in item.seqs if plan.steps[seq].reply and isinstance(oracle.outcome(seq), Returned)]
    seqs = [seq for seq in seqs if oracle.expected(seq) is not None]
    by_program = {seq: dict(_results(plan, seq, oracle)) for seq in seqs}
    everywhere = set.intersection(*map(set, by_program.values())) if seqs else set[Program]()
    for program in everywhere:
        outcomes: list[Outcome] = [oracle.outcome(step.seq) for step in plan.steps]
        for seq in seqs:
            outcomes[seq] = Returned(by_program[seq][program])
        evidence = Evidence(item.data, plan.steps, outcomes, oracle, planned.exercise.returns, planned.exercise.array_like)
        with np.errstate(all="ignore"):
            try:
                if item.check.judge(evidence).verdict != "failed":
                    return False
            except Exception:  # a law may expect what such a program does not return
                continue
    return bool(seqs)


def _results(plan: Plan, seq: int, oracle: Oracle) -> Iterator[tuple[Program, Value]]:
    """What each program returns for a step: that in every result."""
    expected = oracle.expected(seq)
    made = [answers(plan.steps[seq], result) for result in results_of(expected)]
    for program in set.intersection(*map(set, made)) if made else ():
        values = [in_form_of(want, found[program]) for found, want in zip(made, results_of(expected), strict=True)]
        yield program, encode(tuple(values) if several(expected) else values[0])
