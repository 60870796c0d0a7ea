"""Agreement with the reference on drawn inputs."""

from collections.abc import Iterator
from typing import ClassVar, Literal

import msgspec

from grader.checks.draft import Cases, Draft, wrong_case
from grader.checks.evidence import Evidence
from grader.checks.findings import PASSED, Finding, ResultFinding, result_findings
from grader.checks.tolerance import Tolerance, hold_tolerance
from grader.checks.uses import Use
from grader.sandbox.outcome import Returned
from grader.sandbox.wire import Loosely, Step


class Agreement(msgspec.Struct, frozen=True):
    """See `agrees`."""

    kind: ClassVar[str] = "agrees"
    needs_reference: ClassVar[bool] = True
    published: ClassVar[bool] = False
    name: str
    cases: Cases
    n: int | None
    share: float
    rtol: float | None
    atol: float | None = None
    loosely: tuple[Loosely, ...] = ()
    again: bool = False  # the first case comes once more at the end, with other numbers: shows what is kept from call to call

    def plan(self, draft: Draft) -> tuple[int, ...]:
        """One call for every case, or the steps of a scripted one."""
        compared = []
        for case in draft.take(self.cases, self.n, self.again):
            draft.case()
            if isinstance(case, dict):
                compared.append(draft.call(draft.exercise, case, loosely=self.loosely))
            elif isinstance(case, list) and all(isinstance(use, Use) for use in case):
                compared += [draft.use(use, loosely=self.loosely) for use in case]
            else:
                raise wrong_case(self.cases, case, "dict(…) of arguments, or a list of new/call/get")
        return tuple(compared)

    def judge(self, evidence: Evidence) -> Finding:
        """Every result equals the reference's, in every case; each result, and each method in a script, counts by itself."""
        for seq in evidence.data:
            if (trouble := evidence.trouble([seq])) and not _method(evidence.steps[seq]):
                return trouble
        if all(
            isinstance(evidence.outcomes[seq], Returned)
            and (not evidence.steps[seq].reply or evidence.is_right(seq, self._tolerance(evidence, seq)))
            for seq in evidence.data
        ):
            return PASSED
        return evidence.finding(self._findings(evidence))

    def _findings(self, evidence: Evidence) -> Iterator[ResultFinding]:
        """The findings of each step; of a result, or of a method, only the first failure is reported."""
        failed = set[str]()
        for seq in evidence.data:
            method = _method(evidence.steps[seq])
            labels = (method,) if method else evidence.labels(seq)
            if labels is None or not failed.issuperset(labels):
                for found in self._results(evidence, seq, method):
                    failed |= {found.name} if found.verdict == "failed" else set()
                    yield found

    def _results(self, evidence: Evidence, seq: int, method: str) -> Iterator[ResultFinding]:
        if trouble := evidence.trouble([seq]):
            yield ResultFinding(method, "skipped" if trouble.verdict == "skipped" else "failed", seq=seq)
        elif evidence.steps[seq].reply:
            tolerance = self._tolerance(evidence, seq)
            found = result_findings(seq, evidence.compared(seq, tolerance), method)
            yield from (item.with_note(self._note(tolerance)) for item in found)

    def _note(self, tolerance: Tolerance) -> str:
        """The remark beside a wrong number."""
        return tolerance.text()

    def _tolerance(self, evidence: Evidence, seq: int) -> Tolerance:
        return evidence.tolerance(seq, self.rtol, self.atol)


def _method(step: Step) -> str:
    """The method or attribute that a step of a script uses ("" for a function)."""
    return step.part


def agrees(
    name: str,
    *,
    cases: Cases,
    n: int | None = None,
    share: float = 1.0,
    rtol: float | None = None,
    atol: float | None = None,
    rows: Literal["in order", "in any order"] = "in order",
    index: bool = True,
) -> Agreement:
    """Agreement with the reference of the same name.

    Args:
        cases: generator function `cases(rng)` of argument dicts (or of lists of `new`, `call`, `get`); `n` of them are used, or all.
        rtol: relative to the expected array's largest element; by dtype when None.
        atol: absolute, in place of that; with both, the larger one counts.
        rows: of a DataFrame or a Series, whether their order counts.
        index: whether their labels do.
    """
    hold_tolerance(rtol, atol)
    if rows not in ("in order", "in any order"):
        raise ValueError(f'rows={rows!r}, but it is "in order" or "in any order"')
    loosely: list[Loosely] = []
    loosely += [] if rows == "in order" else ["rows in any order"]
    loosely += [] if index else ["any index"]
    return Agreement(name, cases, n, share, rtol, atol, tuple(loosely))
