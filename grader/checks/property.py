"""A law that the results obey, whatever the implementation."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import msgspec
import numpy as np

from grader.checks.compare import Difference, Tolerance, compare
from grader.checks.draft import Cases, Draft, PlanError, Use
from grader.checks.evidence import PASSED, Evidence, Finding, arrays_in
from grader.text.language import gettext as _

Law = Callable[[Any, list[Any]], str | None]


class Property(msgspec.Struct, frozen=True):
    """See `has_property`."""

    kind: ClassVar[str] = "property"
    needs_reference: ClassVar[bool] = False
    vacuous: ClassVar[bool] = True
    name: str
    cases: Cases
    law: Law
    n: int | None
    share: float

    def plan(self, draft: Draft) -> tuple[tuple[Any, tuple[int, ...]], ...]:
        """A call for a case that is a dict, one for each dict of a list, one for each step of a script."""
        planned = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            uses = case if isinstance(case, list) else [case]
            planned.append((case, tuple(self._use(draft, use) for use in uses)))
        return tuple(planned)

    def _use(self, draft: Draft, use: Any) -> int:
        if isinstance(use, Use):
            return draft.use(use)
        if isinstance(use, dict):
            return draft.call(draft.exercise, use)
        raise PlanError(
            f"{self.cases.__name__} yields a {type(use).__name__}",
            "yield dict(…) of arguments, a list of them, or of new/call/get",
        )

    def judge(self, evidence: Evidence) -> Finding:
        """The law holds in every case; where the reference is, results have its type, shape and dtype first."""
        for case, seqs in evidence.data:
            trouble = evidence.trouble(seqs)
            if trouble:
                return trouble
            replies = [seq for seq in seqs if evidence.steps[seq].reply]
            results = [evidence.value(seq) for seq in replies]
            for seq, result in zip(replies, results, strict=True):
                difference = self._structure(evidence, seq, result)
                if difference:
                    return Finding("failed", seq, difference)
            try:
                broken = self.law(case, results)
            except Exception as error:
                self._blame(evidence, case, replies)
                broken = _unlike(results, error)
            if broken:
                return Finding("failed", seqs[-1], message=broken, calls=seqs)
        return PASSED

    def _blame(self, evidence: Evidence, case: Any, replies: Sequence[int]) -> None:
        """Raise what the law raises on the reference's own results: then it is the rubric's fault, and not that of what came."""
        if evidence.oracle is not None:
            self.law(case, [evidence.expected(seq) for seq in replies])

    def _structure(self, evidence: Evidence, seq: int, result: Any) -> Difference | None:
        if evidence.oracle is not None:
            anything = Tolerance(atol=np.inf)
            names = evidence.names if evidence.steps[seq].op == "call" else ()
            return compare(evidence.expected(seq), result, names, anything, evidence.array_like, evidence.integers(seq))
        for array in arrays_in([result]):
            if array.dtype.kind in "fc" and not np.isfinite(array).all():
                return Difference("finite", "", _("finite"), _("nan or inf"))
        return None


def _unlike(results: list[Any], error: Exception) -> str:
    """Why a law cannot be looked at: it raises on what came back."""
    if any(result is None for result in results):
        return _("it returned None; is a `return` missing?")
    return _("what came back has not the form that the docstring asks for ({error})").format(
        error=f"{type(error).__name__}: {error}"
    )


def has_property(name: str, *, cases: Cases, law: Law, n: int | None = None, share: float = 1.0) -> Property:
    """A property of the student's results.

    Args:
        cases: generator function of argument dicts; a list of dicts is one case of several calls, a list of `new`, `call` and `get`
            a script.
        law: `(case, results)` → None when it holds, else what is broken, for a student to read. `results` has what each call and
            each `get` returned, in order.
    """
    return Property(name, cases, law, n, share)
