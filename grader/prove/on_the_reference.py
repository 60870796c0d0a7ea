"""Before anything else is proved: every check passes on the reference's own outcomes. Where one does not, a file of the course is wrong.

What follows from such a fault (prices, misconceptions without a name, a solution that is rejected) would only hide it.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from grader.checks.slips import several
from grader.course.rubric import solution_namespace
from grader.engine.prepare import Prepared
from grader.errors import RubricError
from grader.judge.calls import call_text
from grader.judge.evidence import evidence_on, for_check
from grader.judge.faults import located
from grader.judge.judge import judge
from grader.judge.oracle import Oracle, run_trusted
from grader.judge.results import same_outcome
from grader.plan import PlannedCheck, PlannedExercise
from grader.prove.drawn_again import hold_the_draws
from grader.run import Run
from grader.sandbox.outcome import Raised, Returned, Unimplemented
from grader.sandbox.values import decode
from grader.sandbox.wire import Step

LAW = "correct the law: it takes (case, results), and returns None where it holds, else a text for the student"


def hold_on_the_reference(ready: Prepared, oracle: Oracle) -> None:
    """Nothing, if the rubric and the reference go together.

    Raises:
        RubricError: cases or the reference differ from run to run, the reference raises or returns other results than are named, a law
            fails by itself, or a check rejects what the reference returns.
    """
    hold_the_draws(ready.plan)
    _hold_results(ready, oracle)
    _hold_forms(ready, oracle)
    for planned in ready.plan.exercises:
        for item in planned.checks:
            _hold_calls(ready, oracle, planned, item)
            _hold_check(ready, oracle, planned, item)
    for file, exercise, problem, advice in _rejected(ready, oracle):
        raise RubricError(file, exercise, problem, advice)


def _hold_calls(ready: Prepared, oracle: Oracle, planned: PlannedExercise, item: PlannedCheck) -> None:
    """The reference returns in every call that it need not refuse."""
    rubric, assignment = ready.plan.rubric, ready.plan.rubric.assignment
    for seq in item.seqs[:-1] if item.check.kind == "raises" else item.seqs:
        outcome, step = oracle.outcome(seq), ready.plan.steps[seq]
        if isinstance(outcome, Returned):
            continue
        where = f"check {item.check.name!r}"
        if lacking := _lacking(ready, step):
            problem = f"{where}: a case has no {lacking[0]!r}, which {step.target} needs"
            raise RubricError(assignment.rubric, planned.exercise.name, problem, f"yield dict(…, {lacking[0]}=…)")
        if isinstance(outcome, Unimplemented) and outcome.missing:
            problem = f"{where}: it uses {outcome.message!r}, which the reference does not define"
            raise RubricError(
                assignment.rubric, planned.exercise.name, problem, f"correct the name, or define it in {assignment.reference}"
            )
        found = f"{outcome.name}: {outcome.message}" if isinstance(outcome, Raised) else type(outcome).__name__
        line = f" (line {outcome.line})" if isinstance(outcome, Raised) and outcome.line else ""
        problem = f"{where}: the reference does not return from {call_text(step, rubric.parameters)}: {found}{line}"
        advice = "correct the reference, or the case; what should be refused is `raises(…)`"
        if isinstance(outcome, Raised) and outcome.name in ("IndexError", "TypeError") and item.check.kind == "example":
            advice += '. Numbers in examples.toml are floats: whole ones are `dtype.<parameter> = "int64"`'
        raise RubricError(assignment.reference, planned.exercise.name, problem, advice)


def _lacking(ready: Prepared, step: Step) -> list[str]:
    """The parameters of the stub's function that have no default and are not in the call."""
    signature = ready.plan.rubric.signatures.get(step.target)
    if signature is None or step.op == "get":
        return []
    given = {*signature.names[: len(step.args)], *(name for name, _value in step.kwargs)}
    return [name for name in signature.names if name not in given and name not in signature.optional]


def _hold_check(ready: Prepared, oracle: Oracle, planned: PlannedExercise, item: PlannedCheck) -> None:
    """Judging what the reference does raises nothing."""
    outcomes = [oracle.outcome(step.seq) for step in ready.plan.steps]
    rubric = ready.plan.rubric.assignment.rubric
    try:
        with np.errstate(all="ignore"):
            item.check.judge(for_check(evidence_on(ready.plan, planned, outcomes, oracle), item))
    except Exception as error:
        problem = f"check {item.check.name!r} fails by itself on the reference's results: {located(error, rubric)}"
        advice = LAW if item.check.kind == "property" else "correct the check, or its cases"
        raise RubricError(rubric, planned.exercise.name, problem, advice) from error


def _rejected(ready: Prepared, oracle: Oracle) -> Iterator[tuple[Any, str, str, str]]:
    """The checks that the reference fails: as the arguments of an error."""
    assignment = ready.plan.rubric.assignment
    outcomes = tuple(oracle.outcome(step.seq) for step in ready.plan.steps)
    for exercise in judge(ready.plan, Run(Returned(), outcomes), oracle, "the reference", hints=False).exercises:
        for check in exercise.checks:
            if check.verdict == "passed" or check.by_hand:
                continue
            file, advice = assignment.reference, "correct the reference, or the check"
            if check.kind == "example":
                file, advice = assignment.examples, f"correct the numbers of the example, or {assignment.reference}"
            elif check.kind == "property":
                file, advice = assignment.rubric, LAW
            elif check.kind == "raises":
                file, advice = assignment.rubric, f"correct the check, or {assignment.reference}"
            yield file, exercise.name, f"check {check.name!r} rejects what the reference does: {check.message}", advice


def _hold_results(ready: Prepared, oracle: Oracle) -> None:
    """The reference returns the same again, and as many results as `returns` names."""
    assignment = ready.plan.rubric.assignment
    again = run_trusted(ready.plan, oracle.reference, range(len(ready.plan.steps)))
    for planned in ready.plan.exercises:
        exercise, names = planned.exercise, planned.exercise.returns
        for seq in planned.seqs:
            step, outcome = ready.plan.steps[seq], oracle.outcome(seq)
            if not isinstance(outcome, Returned) or not step.reply:
                continue
            if not same_outcome(step, outcome, again[seq]):
                problem = f"the reference returns something else each time from {call_text(step, ready.plan.rubric.parameters)}"
                advice = "let it draw from a generator, or a seed, among its arguments"
                raise RubricError(assignment.reference, exercise.name, problem, advice)
            value = decode(outcome.value)
            if len(names) > 1 and ready.plan.targets[seq] == exercise.name and not (several(value) and len(value) == len(names)):
                found = f"{len(value)} results" if several(value) else _form(value)
                problem = f"returns= names {', '.join(names)}, but the reference returns {found}"
                raise RubricError(assignment.rubric, exercise.name, problem, "name each result, in the order in which they come")


def _hold_forms(ready: Prepared, oracle: Oracle) -> None:
    """Reference and solution return the same kind of thing: an array, a list, a number."""
    assignment = ready.plan.rubric.assignment
    try:
        made = run_trusted(ready.plan, solution_namespace(assignment), range(len(ready.plan.steps)))
    except (RubricError, OSError):  # the proof of the solution says so
        return
    for planned in ready.plan.exercises:
        for seq in planned.seqs:
            right, own = oracle.outcome(seq), made[seq]
            if not isinstance(right, Returned) or not isinstance(own, Returned) or not ready.plan.steps[seq].reply:
                continue
            kinds = [_form(decode(outcome.value)) for outcome in (right, own)]
            if kinds[0] == "a list" != kinds[1]:
                problem = f"it returns {kinds[0]}, where the solution returns {kinds[1]}"
                raise RubricError(assignment.reference, planned.exercise.name, problem, "let both return the same")


def _form(value: Any) -> str:
    return "a list" if isinstance(value, list) else "an array" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"
