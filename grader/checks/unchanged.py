"""The arguments are not modified. Every exercise is checked for this, on the first case of another check."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec
import numpy as np

from grader.checks.agrees import Agreement
from grader.checks.base import Check
from grader.checks.compare import number
from grader.checks.draft import Cases, Draft
from grader.checks.evidence import PASSED, Evidence, Finding
from grader.checks.property import Property
from grader.sandbox.outcome import Returned
from grader.sandbox.values import Array, Value, decode
from grader.text.language import gettext as _
from grader.text.language import marked

SHARE = 0.25
NAME = marked("the arguments are left as they were")


class Unchanged(msgspec.Struct, frozen=True):
    """See `unchanged`."""

    kind: ClassVar[str] = "unchanged"
    needs_reference: ClassVar[bool] = False
    published: ClassVar[bool] = True
    name: str
    cases: Cases
    n: int | None
    share: float

    def plan(self, draft: Draft) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """One call for every case, after which its arguments are sent back."""
        planned = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            planned.append((draft.call(draft.exercise, case, after=True), tuple(case)))
        return tuple(planned)

    def judge(self, evidence: Evidence) -> Finding:
        """Every argument is unchanged after the call (according to the child, the only process that sees it)."""
        for seq, names in evidence.data:
            if trouble := evidence.trouble([seq]):
                return trouble
            step, outcome = evidence.steps[seq], evidence.outcomes[seq]
            assert isinstance(outcome, Returned)
            before = (*step.args, *(value for _name, value in step.kwargs))
            if len(outcome.after) != len(before):
                return Finding("failed", seq, message=_("the arguments did not come back after the call"))
            for name, old, new in zip(names, before, outcome.after, strict=True):
                if not _same(old, new):
                    return Finding("failed", seq, message=_where(name, decode(old), decode(new)))
        return PASSED


def _same(old: Value, new: Value) -> bool:
    """Whether nothing changed; 0.0 in place of -0.0 does not count as a change."""
    if old == new:
        return True
    if not isinstance(old, Array) or not isinstance(new, Array) or (old.dtype, old.shape) != (new.dtype, new.shape):
        return False
    return bool(np.array_equal(decode(old), decode(new), equal_nan=True))


def _where(name: str, old: object, new: object) -> str:
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray) and old.shape == new.shape and old.ndim:
        first = tuple(int(i) for i in np.argwhere(old != new)[0])
        return _("`{name}` was changed by the call: at [{index}] it was {old} and is {new}; work on a copy").format(
            name=name, index=",".join(map(str, first)), **_apart(old[first], new[first])
        )
    return _("`{name}` was changed by the call; work on a copy").format(name=name)


def _apart(old: np.generic, new: np.generic) -> dict[str, str]:
    """Both numbers, with enough digits to tell them apart."""
    short = {"old": number(old), "new": number(new)}
    return short if short["old"] != short["new"] else {"old": str(old), "new": str(new)}


def unchanged(name: str, *, cases: Cases, n: int | None = 1, share: float = SHARE) -> Unchanged:
    """The arguments after the call equal those before it, for the first `n` cases.

    Every exercise has such a check by default (see `exercise`); yield one where it needs particular cases.
    """
    return Unchanged(name, cases, n, share)


def always_unchanged(checks: Iterable[Check], share: float) -> Unchanged | None:
    """The check that is added to an exercise with these `checks`; None where no call could show a change.

    Its cases are those of the first check whose cases are single calls with an array or a list among the arguments.
    """
    found = list(checks)
    if not share or any(isinstance(check, Unchanged) for check in found):
        return None
    drawing = (check.cases for check in found if isinstance(check, Agreement | Property))
    cases = next(filter(_changeable, drawing), None)
    return Unchanged(NAME, cases, 1, share) if cases else None


def _changeable(cases: Cases) -> bool:
    """Whether the first case is a single call with a mutable argument; the numbers drawn for this do not matter."""
    case = next(iter(cases(np.random.default_rng(0))), None)
    return isinstance(case, dict) and any(isinstance(value, list | np.ndarray) for value in case.values())
