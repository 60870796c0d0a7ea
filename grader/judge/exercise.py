"""One exercise by itself: a verdict for each check from what its own steps gave, with hints where something is wrong."""

import re
from collections.abc import Mapping

import msgspec

from grader.checks.findings import ANY, PASSED, Finding, ResultFinding
from grader.judge import messages
from grader.judge.calls import call_text
from grader.judge.constant import is_constant
from grader.judge.diagnose import Hint, diagnose_exercise
from grader.judge.difference_text import difference_text, wrong_text
from grader.judge.evidence import evidence_on, for_check
from grader.judge.faults import unjudgeable
from grader.judge.known import Known
from grader.judge.oracle import Oracle
from grader.judge.proven import is_proven, part_right
from grader.judge.signatures import misplaced, signature_text
from grader.judge.told import is_public, steps_of, told
from grader.judge.verdicts import ResultVerdict, Verdict
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.run import Run
from grader.sandbox.import_policy.rules import ForbiddenError
from grader.sandbox.outcome import BadReturn, NotRun, Outcome, Raised, Returned, TimedOut, word
from grader.text.language import gettext as _

_RETURNED = word(Returned())
_FOLDERS = re.compile(r".*[/\\]", re.DOTALL)  # of the path of a file, on any system
_BRACKETS = re.compile(r"[()]")


class Judged(msgspec.Struct, frozen=True):
    """An exercise judged by itself.

    Attributes:
        carried: for each check the function with whose own results it agrees ("" for none).
        proven: whether anything in it shows some work.
        worth: the part of its points that its right results are worth at least (see `proven.part_right`).
    """

    name: str
    verdicts: tuple[Verdict, ...]
    carried: tuple[str, ...]
    proven: bool
    worth: float


def judge_exercise(
    plan: Plan, planned: PlannedExercise, run: Run, oracle: Oracle | None, known: Known | None, diagnosed: bool
) -> Judged:
    """The verdicts on an exercise, from the outcomes of its own steps only.

    Args:
        diagnosed: whether to look for mistakes.
    """
    exercise, evidence = planned.exercise, evidence_on(plan, planned, run.outcomes, oracle)
    shares = sum(item.check.share for item in planned.checks)
    verdicts, findings, unlike = list[Verdict](), list[Finding](), set[int]()
    for item in planned.checks:
        finding = Finding("skipped")
        points = planned.points * item.check.share / shares
        try:
            if item.at_hand_in:
                text = _(messages.AT_HAND_IN)
                verdict = Verdict(
                    item.check.name, item.check.kind, "skipped", None, text, points=points, at_hand_in=True, public=True
                )
            elif not run.judged:
                text = load_text(plan, run)
                verdict = Verdict(item.check.name, item.check.kind, "failed", word(run.loaded), text, points=points, public=True)
            else:
                finding = item.check.judge(for_check(evidence, item))
                verdict = _verdict(plan, item, finding, points, run)
                if differs := _differs(plan, finding, run):  # no number says more, and no hint would be true
                    seen = verdict.told and msgspec.structs.replace(
                        verdict.told, message=differs
                    )  # known before anything is called
                    verdict = msgspec.structs.replace(verdict, message=differs, told=seen, difference=None, results=())
                    unlike.add(len(verdicts))
        except Exception as error:
            own = [oracle.outcome(step.seq) for step in plan.steps] if oracle else None
            right = for_check(evidence_on(plan, planned, own, oracle), item) if own else None
            verdict = unjudgeable(plan, planned, item, points, error, right)
        place = plan.rubric.places.get(item.check.name, "") if item.check.kind == "example" and not item.alias else ""
        verdicts.append(msgspec.structs.replace(verdict, place=place, alias=item.alias))
        findings.append(finding)
    mistakes, wrong = oracle or known, any(finding is not PASSED for finding in findings)
    drawn = any(not item.check.published for item in planned.checks)  # else nothing could prove it
    constant = run.judged and (wrong or not (oracle and drawn)) and is_constant(plan, planned, run.outcomes)
    if diagnosed and mistakes is not None and run.judged and wrong:
        hints = diagnose_exercise(plan, planned, findings, evidence, mistakes, constant)
        verdicts = [
            _silently(verdict, place, hints) if place in unlike else _with_hints(verdict, place, hints)
            for place, verdict in enumerate(verdicts)
        ]
    if run.judged and oracle and drawn:
        proven = is_proven(plan, planned, findings, evidence, oracle)
    else:  # at home: a few examples may have one and the same right result
        copied = [item for item, finding in zip(planned.checks, findings, strict=True) if finding.verdict == "passed"]
        proven = not constant or any(item.check.kind == "example" for item in copied)
    lacks = any(verdict.verdict in ("failed", "partly") for verdict in verdicts)
    worth = part_right(plan, planned, evidence, oracle) if run.judged and oracle and lacks else 0.0
    return Judged(exercise.name, tuple(verdicts), tuple(finding.carried for finding in findings), proven, worth)


def _verdict(plan: Plan, item: PlannedCheck, finding: Finding, points: float, run: Run) -> Verdict:
    """The verdict on a finding."""
    if finding is PASSED:
        return Verdict(item.check.name, item.check.kind, "passed", _RETURNED, points=points, public=item.public)
    message, call, outcome = _said(plan, item, finding, run)
    return Verdict(
        item.check.name,
        item.check.kind,
        finding.verdict,
        outcome,
        message,
        call=call,
        points=points,
        difference=finding.difference,
        earned=round(points * finding.credit, 9),
        results=tuple(_result(plan, item, result, points, run) for result in finding.results),
        steps=steps_of(plan, item, finding),
        public=is_public(item, finding),
        told=told(plan, item, finding, run.outcomes),
    )


def _result(plan: Plan, item: PlannedCheck, result: ResultFinding, points: float, run: Run) -> ResultVerdict:
    """The verdict on one result."""
    is_right = result.verdict == "passed"
    message, call = ("", "") if is_right and not result.slip else _said(plan, item, result, run)[:2]
    worth = points * result.weight
    return ResultVerdict(
        result.name,
        "partly" if is_right and result.slip else result.verdict,
        round(worth, 9),
        round(worth * result.credit, 9),
        result.slip,
        message,
        call=call,
        difference=result.difference,
        steps=() if is_right and not result.slip else steps_of(plan, item, result),
        told=told(plan, item, result, run.outcomes),
    )


def _with_hints(verdict: Verdict, place: int, hints: Mapping[tuple[int, str], Hint]) -> Verdict:
    """The verdict on check number `place` with the hints for it and its results; a check has that of its first wrong result."""

    def told(hint: Hint) -> dict[str, str | None]:
        return {"misconception": hint.mistake or None, "hint": hint.text}

    results = tuple(
        msgspec.structs.replace(result, **told(hints[place, result.name])) if (place, result.name) in hints else result
        for result in verdict.results
    )
    worst = next((result.name for result in results if result.verdict != "passed"), ANY)
    hint = hints.get((place, worst), Hint("", ""))
    return msgspec.structs.replace(verdict, results=results, **told(hint))


def _silently(verdict: Verdict, place: int, hints: Mapping[tuple[int, str], Hint]) -> Verdict:
    """The verdict with the name alone: the instructor sees it, the student reads what the signature lacks.

    What a call raised whose arguments stand in other places is no sign of a mistake in the code: it has no name.
    """
    if verdict.outcome != _RETURNED:
        return verdict
    name = next((hint.mistake for (check, _result), hint in hints.items() if check == place and hint.mistake), None)
    return msgspec.structs.replace(verdict, misconception=name)


def _said(plan: Plan, item: PlannedCheck, finding: Finding | ResultFinding, run: Run) -> tuple[str, str, str]:
    """Message, call and outcome of a finding."""
    outcome = run.outcomes[finding.seq] if finding.seq is not None else Returned()
    name = "" if _BRACKETS.search(run.file) else other_name(plan, run)  # a place stands in brackets, and is found by these
    message = "; ".join(filter(None, (_message(plan, finding, _renamed(plan, outcome, name)), misplaced(run, outcome))))
    return message, _calls(plan, item, finding), word(outcome)


def _differs(plan: Plan, finding: Finding, run: Run) -> str:
    """What is wrong with a signature, if a call that is not right could not go well for it ("" for nothing)."""
    parts: list[Finding | ResultFinding] = [finding, *finding.results]
    found = [item.seq for item in parts if item.verdict != "passed" and item.seq is not None]
    return next(filter(None, (signature_text(plan, run, seq) for seq in found)), "")


def _message(plan: Plan, finding: Finding | ResultFinding, outcome: Outcome) -> str:
    because = _call(plan, outcome.because) if isinstance(outcome, NotRun) else ""
    banned = isinstance(outcome, Raised) and outcome.name == ForbiddenError.__name__
    texts = ["" if banned else finding.message]  # the same words for every check: they are read once
    if finding.difference is not None:
        if not finding.message:
            texts.append(difference_text(finding.difference))
        elif finding.difference.first:  # the message shows that element; for a single number that is all
            texts.append(wrong_text(finding.difference))
    elif finding.seq is not None:
        if not (
            finding.message and isinstance(outcome, BadReturn | TimedOut)
        ):  # the message says what it should have done instead
            texts.append(
                messages.outcome_text(
                    outcome,
                    because,
                    plan.file_of(plan.steps[finding.seq].target),
                    plan.rubric.policy,
                    plan.given,
                    [planned.exercise.name for planned in plan.exercises],
                )
            )
        if isinstance(outcome, Returned) and outcome.warnings and finding.verdict == "failed":
            texts.append(_("numpy warned: {warning}").format(warning=outcome.warnings[0]))
    return "; ".join(text for text in (*texts, finding.note) if text)


def _calls(plan: Plan, item: PlannedCheck, finding: Finding | ResultFinding) -> str:
    """The call that shows the finding, or those of a script, one per line."""
    seqs = steps_of(plan, item, finding)
    texts = [_call(plan, seq) for seq in seqs[: messages.CALLS]]
    return "\n".join(texts + (["…"] if len(seqs) > messages.CALLS else []))


def _call(plan: Plan, seq: int) -> str:
    return call_text(plan.steps[seq], plan.rubric.parameters)


def load_text(plan: Plan, run: Run) -> str:
    """What is wrong with a file that could not be loaded."""
    loaded, main = _renamed(plan, run.loaded, other_name(plan, run)), _FOLDERS.sub("", run.file) or plan.file_of("")
    return messages.load_text(loaded, main, plan.rubric.policy, run.judged, plan.given)


def other_name(plan: Plan, run: Run) -> str:
    """The name of the file that was handed in, where it is not the stub's ("" where it is, and for a notebook, whose cells are named)."""
    name = _FOLDERS.sub("", run.file)
    return name if name.endswith(".py") and name != plan.file_of("") else ""


def _renamed(plan: Plan, outcome: Outcome, name: str) -> Outcome:
    """The outcome with its place in the file called by this name ("": as it is): in the sandbox, the file is called like the topic."""
    if name and isinstance(outcome, Raised | TimedOut) and outcome.file == f"{plan.name}.py":
        return msgspec.structs.replace(outcome, file=name)
    return outcome
