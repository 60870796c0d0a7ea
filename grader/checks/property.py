"""A law that the results obey, whatever the implementation."""

from collections.abc import Callable
from typing import Any, ClassVar

import msgspec
import numpy as np

from grader.checks.difference import Difference
from grader.checks.draft import Arguments, Cases, Draft, PlanError, wrong_case
from grader.checks.evidence import Evidence, arrays_in
from grader.checks.findings import Finding, ResultFinding, result_findings
from grader.checks.forms import as_array
from grader.checks.kept_back import KeptBack
from grader.checks.printing import printed_text
from grader.checks.tolerance import Tolerance
from grader.checks.uses import Use
from grader.checks.words import array_text, items_text, kind_of
from grader.text.language import gettext as _

Law = Callable[[Any, list[Any]], str | None]
Shape = str | Callable[[Arguments], Any]


class Property(msgspec.Struct, frozen=True):
    """See `has_property`."""

    kind: ClassVar[str] = "property"
    published: ClassVar[bool] = False
    name: str
    cases: Cases
    law: Law | None
    n: int | None
    share: float
    shape: Shape | None = None
    hidden: bool = False

    @property
    def needs_reference(self) -> bool:
        """Whether the law stays with the instructor, as the reference does."""
        return self.law is None

    def plan(self, draft: Draft) -> tuple[tuple[Any, tuple[int, ...]], ...]:
        """One call for a case that is a dict, one for each dict of a list, one for each step of a script."""
        if self.law is None:
            raise PlanError("it has no law", "say law=…")
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
        raise wrong_case(self.cases, use, "dict(…) of arguments, a list of them, or of new/call/get")

    def judge(self, evidence: Evidence) -> Finding:
        """The law holds in every case; with the reference, the results must have its types, shapes and dtypes first."""
        assert self.law is not None
        slips: list[ResultFinding] = []
        for case, seqs in evidence.data:
            if trouble := evidence.trouble(seqs):
                return trouble
            replies = [seq for seq in seqs if evidence.steps[seq].reply]
            results = []
            uses = dict(zip(seqs, case if isinstance(case, list) else [case], strict=True))
            for seq in replies:
                value, found = evidence.repaired(seq, Tolerance(atol=np.inf))
                if difference := next((item.difference for item in found if item.difference), None) or self._unlike_case(
                    evidence, value, uses[seq]
                ):
                    if evidence.only_printed(seq) and evidence.oracle is None:
                        return Finding("failed", seq, message=printed_text())
                    return Finding("failed", seq, difference)
                results.append(value)
                slips += result_findings(seq, found)
            try:
                broken = _said(self.law(case, results))
            except Exception as error:
                if evidence.oracle is not None:  # if it raises on the reference's results too, the rubric is at fault
                    _said(self.law(case, [evidence.expected(seq) for seq in replies]))
                broken = printed_text() if any(map(evidence.only_printed, replies)) else _unlike(results, error)
                if evidence.oracle is None and (again := self._in_arrays(evidence, case, replies)):
                    broken, put_right = again
                    slips += put_right
            if broken:
                return Finding("failed", seqs[-1], message=broken, calls=seqs)
        return evidence.finding(slips)

    def _in_arrays(self, evidence: Evidence, case: Any, replies: list[int]) -> tuple[str | None, list[ResultFinding]] | None:
        """What the law says of the results as arrays, and the slips that this puts right; None where that does not help it."""
        changed = [evidence.in_arrays(seq, evidence.value(seq)) for seq in replies]
        if not any(found for _value, found in changed):
            return None
        try:
            broken = _said(self.law(case, [value for value, _found in changed])) if self.law else None
        except Exception:
            return None
        return broken, [
            item for seq, (_value, found) in zip(replies, changed, strict=True) for item in result_findings(seq, found)
        ]

    def _unlike_case(self, evidence: Evidence, result: Any, use: Any) -> Difference | None:
        """Without the reference, whose form it would have to have: another shape than the case asks for, or a number that is not finite."""
        if evidence.oracle is not None:
            return None
        if self.shape is not None and isinstance(use, dict):
            wanted = np.shape(use[self.shape]) if isinstance(self.shape, str) else self.shape(use)
            if difference := _misshapen(wanted, result, evidence.names):
                return difference
        for array in arrays_in([result]):
            if array.dtype.kind in "fc" and not np.isfinite(array).all():
                return Difference("finite", "", _("finite"), _("nan or inf"))
        return None


def _said(found: Any) -> str | None:
    """What a law returns; a bool, which might mean either, is the author's mistake."""
    if found is None or isinstance(found, str):
        return found
    raise TypeError(f"the law returns {found!r}, but None says that it holds, and a text what is wrong")


def _misshapen(wanted: Any, result: Any, names: tuple[str, ...], path: str = "") -> Difference | None:
    """How a result differs from the shape `wanted`: a tuple of sizes, or a list of the shapes of several results (None: any)."""
    path = names[0] if len(names) == 1 and not path else path
    if wanted is None:
        return None
    if not isinstance(wanted, list):
        wanted = tuple(int(size) for size in wanted)
        array = as_array(result, array_like=True)
        if array is None:
            return Difference("type", path, array_text(np.empty(wanted)), kind_of(result))
        return None if array.shape == wanted else Difference("shape", path, str(wanted), str(array.shape))
    if not isinstance(result, list | tuple | np.ndarray) or len(result) != len(wanted):
        return Difference("type", path, items_text(tuple(wanted), () if path else names), kind_of(result))
    labels = names if len(names) == len(wanted) and not path else [f"{path}[{place}]" for place in range(len(wanted))]
    found = (_misshapen(shape, item, (), label) for shape, item, label in zip(wanted, result, labels, strict=True))
    return next(filter(None, found), None)


def _unlike(results: list[Any], error: Exception) -> str:
    """The message where a law raises on the results."""
    if any(result is None for result in results):
        return _("it returned None; is a `return` missing?")
    text = _("the result does not have the form that the docstring asks for ({error})")
    if isinstance(error, AttributeError):  # it names what the law does, which says nothing to a student
        return text.format(error=", ".join(dict.fromkeys(map(kind_of, results))))
    return text.format(error=f"{type(error).__name__}: {error}")


def has_property(
    name: str,
    *,
    cases: Cases | None = None,
    law: Law | None = None,
    n: int | None = None,
    share: float = 1.0,
    shape: Shape | None = None,
    hidden: bool = False,
) -> Property | KeptBack:
    """A property of the student's results.

    Args:
        cases: generator function of argument dicts; a list of dicts is one case of several calls, a list of `new`, `call` and `get`
            a script.
        law: `(case, results)` → None when it holds, else what is wrong, for a student to read; `results` are those of each call
            and each `get`, in order. A student's copy has no law that is `hidden`.
        shape: the shape of the result of a call, from its arguments, or the name of an argument that has it; a list of shapes for
            several results. A law must not take sizes from the results: on a student's machine nothing else says what is right.
        hidden: whether students learn no more than that there is such a law, until the grades are published. Their copy has only
            `has_property("", hidden=True)`, with its share.
    """
    if cases is None:
        if not hidden:
            raise TypeError(f"has_property({name!r}) needs cases=…")
        return KeptBack("law", share)
    return Property(name, cases, law, n, share, shape, hidden)
