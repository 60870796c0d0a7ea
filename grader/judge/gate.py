"""What a failed `within` takes along: checks that pay only for an analytic gradient (see `checks.effort`)."""

from collections.abc import Sequence

import msgspec

from grader.checks.effort import Within, too_long, withheld
from grader.judge.verdicts import Verdict
from grader.plan import PlannedExercise
from grader.sandbox.outcome import Outcome
from grader.text.language import gettext as _


def withhold(planned: PlannedExercise, verdicts: Sequence[Verdict], outcomes: Sequence[Outcome]) -> list[Verdict]:
    """The verdicts, with those failed that a failed `within` decides."""
    checks = [item.check for item in planned.checks]
    slow = {
        item.check.name
        for item in planned.checks
        if isinstance(item.check, Within) and any(too_long(outcomes[seq]) for seq in item.seqs if seq < len(outcomes))
    }
    failed = {verdict.name for verdict in verdicts if verdict.verdict not in ("passed", "partly")}
    because = withheld(checks, failed, slow)
    text = _("this counts only together with «{check}»")
    return [
        msgspec.structs.replace(verdict, verdict="failed", message=text.format(check=_(because[verdict.name])))
        if verdict.name in because and verdict.name not in failed
        else verdict
        for verdict in verdicts
    ]
