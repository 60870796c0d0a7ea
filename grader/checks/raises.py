"""Invalid input is refused with the right exception."""

from collections.abc import Sequence
from typing import ClassVar

import msgspec

from grader.checks.draft import Arguments, Draft
from grader.checks.evidence import Evidence
from grader.checks.findings import PASSED, Finding
from grader.checks.uses import Use
from grader.checks.words import kind_of
from grader.sandbox.outcome import BadReturn, Raised, Returned, Unimplemented
from grader.text.language import gettext as _

SHARE = 0.25


class Raising(msgspec.Struct, frozen=True):
    """See `raises`."""

    kind: ClassVar[str] = "raises"
    needs_reference: ClassVar[bool] = False
    published: ClassVar[bool] = True
    exception: str
    name: str
    args: Arguments | None
    share: float
    steps: tuple[Use, ...] = ()

    def plan(self, draft: Draft) -> tuple[int, ...]:
        """One call, or steps of which the last one is refused; what the others return is not looked at."""
        draft.case()
        if self.args is not None:
            return (draft.call(draft.exercise, self.args),)
        *before, last = self.steps
        return (*(draft.use(msgspec.structs.replace(use, reply=False)) for use in before), draft.use(last))

    def judge(self, evidence: Evidence) -> Finding:
        """The exception or a subclass of it was raised by the last step, and by no other."""
        *others, seq = evidence.data
        before = [*others, *evidence.before(seq)]
        if trouble := evidence.trouble(before):
            return trouble
        finding = self._judge_last(evidence, seq)
        return finding if finding is PASSED or not before else msgspec.structs.replace(finding, calls=(*before, seq))

    def _judge_last(self, evidence: Evidence, seq: int) -> Finding:
        outcome = evidence.outcomes[seq]
        if isinstance(outcome, Raised) and self.exception in outcome.bases:
            return PASSED
        if isinstance(outcome, Unimplemented):
            return Finding("skipped", seq)
        if isinstance(outcome, Returned):
            text = _("it should raise {exception}, but it returned {what}")
            return Finding("failed", seq, message=text.format(exception=self.exception, what=kind_of(evidence.value(seq))))
        if isinstance(outcome, BadReturn):
            text = _("it should raise {exception}, but it raised nothing")
            return Finding("failed", seq, message=text.format(exception=self.exception))
        return Finding("failed", seq, message=_("it should raise {exception}").format(exception=self.exception))


def raises(
    exception: type[Exception],
    name: str,
    *,
    args: Arguments | None = None,
    steps: Sequence[Use] = (),
    share: float = SHARE,
) -> Raising:
    """The exercise's function called with `args`, or the last of the `steps`, raises `exception`.

    It is worth a quarter of another check, unless `share` is given.

    Args:
        steps: `new` and `call` in order: what brings an object into a state, then the call that this state refuses.
    """
    if (args is None) is not bool(steps):
        raise TypeError(f"raises({exception.__name__}, {name!r}) takes args=…, or steps=[…] of which the last one is refused")
    if wrong := [use for use in steps if not isinstance(use, Use)]:
        raise TypeError(f"steps= holds {wrong[0]!r}, but it takes new(…), call(…) and get(…)")
    return Raising(exception.__name__, name, args, share, tuple(steps))
