"""From verdicts to points: checks that are right and do not pay, because nothing in their exercise shows any work, or its gradients are
found by trying; and checks that are wrong and pay something, because their exercise would else lose more than its mistake is worth."""

from collections.abc import Sequence

import msgspec

from grader.checks.effort import Within, too_long, withheld
from grader.checks.slip_text import FEW_DIGITS
from grader.judge import messages
from grader.judge.proven import MOST
from grader.judge.verdicts import Verdict
from grader.plan import PlannedExercise
from grader.sandbox.outcome import Outcome
from grader.text.language import gettext as _


def withhold(
    planned: PlannedExercise, verdicts: Sequence[Verdict], outcomes: Sequence[Outcome], proven: bool, worth: float
) -> tuple[Verdict, ...]:
    """The verdicts of an exercise, without the points of all if it is not `proven`, or of those that a failed `within` decides.

    Args:
        worth: the part of its points that its right results are worth at least (see `proven.part_right`).
    """
    if not proven:
        return _unproven(verdicts)
    slow = {
        item.check.name
        for item in planned.checks
        if isinstance(item.check, Within) and any(too_long(outcomes[seq]) for seq in item.seqs if seq < len(outcomes))
    }
    failed = {verdict.name for verdict in verdicts if verdict.verdict not in ("passed", "partly") and verdict.kind != "raises"}
    if any(result.slip in FEW_DIGITS for verdict in verdicts for result in verdict.results):
        failed &= slow  # the formula loses them, too
    because = withheld((item.check for item in planned.checks), failed, slow)
    if not because:
        return _at_least(planned, verdicts, worth)
    text = _("this counts only together with «{check}»")
    return tuple(
        _without_points(verdict, text.format(check=_(because[verdict.name]))) if verdict.name in because else verdict
        for verdict in verdicts
    )


def _at_least(planned: PlannedExercise, verdicts: Sequence[Verdict], worth: float) -> tuple[Verdict, ...]:
    """The verdicts, where their right results are worth more than they pay: the wrong ones of the drawn checks pay the rest."""
    lacking = {
        verdict.name: verdict.points - verdict.score
        for item, verdict in zip(planned.checks, verdicts, strict=True)
        if verdict.verdict in ("failed", "partly") and not item.check.published
    }
    points, score = planned.points, sum(verdict.score for verdict in verdicts)
    if not lacking or score >= MOST * points:
        return tuple(verdicts)
    part = min(1.0, max(0.0, worth * points - score) / sum(lacking.values()))
    return tuple(
        msgspec.structs.replace(verdict, verdict="partly", earned=round(verdict.score + part * lacking[verdict.name], 9))
        if part and verdict.name in lacking
        else verdict
        for verdict in verdicts
    )


def _unproven(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts where nothing shows any work; if another exercise is to be fixed first, that is why."""
    waiting = next((verdict for verdict in verdicts if verdict.waits_for), None)
    text, waits_for = (waiting.message, waiting.waits_for) if waiting else (_(messages.UNPROVEN), ())
    return tuple(_without_points(verdict, text, waits_for) for verdict in verdicts)


def _with(message: str, text: str) -> str:
    """A message and what is said after it; below one of several lines."""
    return f"{message}\n{text}" if "\n" in message else f"{message}; {text}"


def _without_points(verdict: Verdict, text: str, waits_for: tuple[str, ...] = ()) -> Verdict:
    if not verdict.score or verdict.verdict == "waits":
        return msgspec.structs.replace(verdict, earned=0.0) if verdict.score else verdict
    if verdict.verdict == "partly":
        results = tuple(msgspec.structs.replace(result, earned=0.0) for result in verdict.results)
        told = verdict.told and msgspec.structs.replace(verdict.told, message=_with(verdict.told.message, text))
        message = _with(verdict.message, text)
        return msgspec.structs.replace(verdict, verdict="failed", message=message, told=told, earned=0.0, results=results)
    return msgspec.structs.replace(verdict, verdict="waits", message=text, earned=0.0, waits_for=waits_for, public=True)
