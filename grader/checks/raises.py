"""Invalid input is refused with the right exception."""

from typing import ClassVar

import msgspec

from grader.checks.draft import Arguments, Draft
from grader.checks.evidence import PASSED, Evidence, Finding
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
    args: Arguments
    share: float

    def plan(self, draft: Draft) -> int:
        """One call."""
        draft.case()
        return draft.call(draft.exercise, self.args)

    def judge(self, evidence: Evidence) -> Finding:
        """The exception or a subclass of it was raised."""
        seq = evidence.data
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


def raises(exception: type[Exception], name: str, *, args: Arguments, share: float = SHARE) -> Raising:
    """The exercise's function called with `args` raises `exception`; worth a quarter of another check unless `share` is given."""
    return Raising(exception.__name__, name, args, share)
