"""From the outcomes of a run to a grade. An exception in here is the grader's own fault: `grader_error`, and no points move."""

from collections.abc import Sequence
from typing import assert_never

import msgspec
import numpy as np

from grader.checks.evidence import Evidence, Finding, arrays_in
from grader.judge import messages
from grader.judge.diagnose import diagnose
from grader.judge.gate import withhold
from grader.judge.known import Known
from grader.judge.oracle import Oracle
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict, total
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.run import Run
from grader.sandbox.outcome import BadReturn, NotRun, Outcome, Returned, TimedOut, word
from grader.sandbox.values import Array, Complex, Items, Mapping, Ref, Value, decode
from grader.text.language import gettext as _

CALLS = 6  # of a script that are shown at most


def judge(plan: Plan, run: Run, oracle: Oracle | None, student: str, known: Known | None = None) -> Grade:
    """The grade of one submission for `plan`.

    Args:
        oracle: the reference's outcomes; None in a student's course, where checks that need them wait for the hand-in.
        known: what a student's course knows of the misconceptions.
    """
    exercises = tuple(_judge_exercise(plan, planned, run, oracle, known) for planned in plan.exercises)
    errors = [check.message for exercise in exercises for check in exercise.checks if check.verdict == "grader_error"]
    message = "" if isinstance(run.loaded, Returned) else _load_text(plan, run)
    return Grade(
        student=student,
        assignment=plan.name,
        status="grader_error" if errors else "graded",
        score=None if errors else total(exercises),
        max_score=plan.rubric.points,
        exercises=exercises,
        message=errors[0] if errors else message,
        printed=run.usage.output,
    )


def _judge_exercise(plan: Plan, planned: PlannedExercise, run: Run, oracle: Oracle | None, known: Known | None) -> ExerciseGrade:
    exercise = planned.exercise
    shares = sum(item.check.share for item in planned.checks)
    constant = isinstance(run.loaded, Returned) and (
        is_constant(plan, planned, run.outcomes) or (oracle is not None and ignores_inputs(plan, planned, run.outcomes, oracle))
    )
    verdicts = []
    for item in planned.checks:
        try:
            verdict = _judge_check(plan, planned, item, run, oracle, known, constant)
        except Exception as error:
            text = _("the check «{check}» of {exercise} failed itself: {error}; your file is not the cause")
            text = text.format(check=item.check.name, exercise=exercise.name, error=f"{type(error).__name__}: {error}")
            verdict = Verdict(item.check.name, item.check.kind, "grader_error", None, text)
        verdicts.append(msgspec.structs.replace(verdict, points=exercise.points * item.check.share / shares))
    verdicts = withhold(planned, verdicts, run.outcomes)
    score = sum(verdict.points for verdict in verdicts if verdict.verdict == "passed")
    return ExerciseGrade(exercise.name, _(exercise.title), round(score, 6), exercise.points, tuple(verdicts))


def _judge_check(
    plan: Plan, planned: PlannedExercise, item: PlannedCheck, run: Run, oracle: Oracle | None, known: Known | None, constant: bool
) -> Verdict:
    """The verdict, without its points."""
    check, exercise, mistakes = item.check, planned.exercise, oracle or known
    if item.at_hand_in:
        return Verdict(check.name, check.kind, "skipped", None, _(messages.AT_HAND_IN), at_hand_in=True)
    if not isinstance(run.loaded, Returned):
        return Verdict(check.name, check.kind, "failed", word(run.loaded), _load_text(plan, run))
    with np.errstate(all="ignore"):  # about numbers that students return
        finding = check.judge(Evidence(item.data, plan.steps, run.outcomes, oracle, exercise.returns, exercise.array_like))
    if finding.verdict == "passed" and check.vacuous and constant:
        finding = Finding("failed", message=_(messages.VACUOUS))
    outcome = run.outcomes[finding.seq] if finding.seq is not None else Returned()
    message, call = _message(plan, finding, outcome), _calls(plan, finding)
    verdict = Verdict(check.name, check.kind, finding.verdict, word(outcome), message, call=call, difference=finding.difference)
    if finding.verdict == "failed" and finding.seq is not None and mistakes is not None:
        mistake = diagnose(plan, planned, finding.seq, run.outcomes, mistakes, constant)
        if mistake is not None:
            return msgspec.structs.replace(verdict, misconception=mistake.name, hint=_(mistake.hint))
    return verdict


def _load_text(plan: Plan, run: Run) -> str:
    return messages.load_text(run.loaded, f"{plan.name}.py", plan.rubric.policy)


def _message(plan: Plan, finding: Finding, outcome: Outcome) -> str:
    because = _call(plan, outcome.because) if isinstance(outcome, NotRun) else ""
    texts = [finding.message]
    if finding.difference is not None:
        if not finding.message:
            texts.append(messages.difference_text(finding.difference))
        elif finding.difference.first:  # the message shows that element; for a single number that is all
            texts.append(messages.wrong_text(finding.difference))
    elif finding.seq is not None:
        if not (
            finding.message and isinstance(outcome, BadReturn | TimedOut)
        ):  # the message says what it should have done instead
            texts.append(messages.outcome_text(outcome, because, f"{plan.name}.py", plan.rubric.policy))
        if isinstance(outcome, Returned) and outcome.warnings and finding.verdict == "failed":
            texts.append(_("numpy warned: {warning}").format(warning=outcome.warnings[0]))
    return "; ".join(text for text in (*texts, finding.note) if text)


def _calls(plan: Plan, finding: Finding) -> str:
    """The call that shows the finding, or those of a script, one per line."""
    seqs = finding.calls or (() if finding.seq is None else (finding.seq,))
    texts = [_call(plan, seq) for seq in seqs[:CALLS]]
    return "\n".join(texts + (["…"] if len(seqs) > CALLS else []))


def _call(plan: Plan, seq: int) -> str:
    return messages.call_text(plan.steps[seq], plan.rubric.parameters)


def is_constant(plan: Plan, planned: PlannedExercise, outcomes: Sequence[Outcome]) -> bool:
    """Whether everything that the exercise's function returned is one and the same number (or nothing).

    False where only checks for exceptions were run, so that nothing could be returned yet.
    """
    run_now = [item.check.kind for item in planned.checks if item.seqs]
    if any(item.at_hand_in for item in planned.checks) and set(run_now) <= {"raises"}:
        return False
    others = plan.other_functions(planned.exercise.name)
    seen: set[object] = set()
    for seq in planned.seqs:
        outcome = outcomes[seq]
        if not isinstance(outcome, Returned) or plan.steps[seq].target.partition(".")[0] in others:
            continue
        value = decode(outcome.value)
        seen.update([value] if isinstance(value, str) else [])
        for array in arrays_in([value]):
            seen.update(np.unique(np.nan_to_num(array))[:2].tolist())
        if len(seen) > 1:
            return False
    return True


def ignores_inputs(plan: Plan, planned: PlannedExercise, outcomes: Sequence[Outcome], oracle: Oracle) -> bool:
    """Whether other numbers of the same shapes never changed the result, as they do the reference's (an `arange` of the right size)."""
    twins: list[tuple[int, int]] = oracle.once(("twins", planned.exercise.name), lambda: _twins(plan, planned, oracle))
    return bool(twins) and all(_value(outcomes[a]) is not None and _value(outcomes[a]) == _value(outcomes[b]) for a, b in twins)


def _twins(plan: Plan, planned: PlannedExercise, oracle: Oracle) -> list[tuple[int, int]]:
    """Pairs of calls of the exercise's function that differ in their numbers only, and whose results differ."""
    first: dict[object, int] = {}
    pairs = []
    for seq in planned.seqs:
        step = plan.steps[seq]
        if step.target == planned.exercise.name and _value(oracle.outcome(seq)) is not None:
            form = tuple(_form(value) for value in (*step.args, *(value for _name, value in step.kwargs)))
            twin = first.setdefault(form, seq)
            if _value(oracle.outcome(twin)) != _value(oracle.outcome(seq)):
                pairs.append((twin, seq))
    return pairs


def _form(value: Value) -> object:
    """An argument without its numbers, except integers."""
    match value:
        case Array(dtype, shape, _data):
            return dtype, shape
        case Items(kind, items):
            return kind, tuple(map(_form, items))
        case float():
            return float
        case None | bool() | int() | str() | Complex() | Mapping() | Ref():
            return value
        case _:
            assert_never(value)


def _value(outcome: Outcome) -> Value:
    return outcome.value if isinstance(outcome, Returned) else None
