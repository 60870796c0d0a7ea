"""Agreement with the reference on drawn inputs."""

from typing import ClassVar

import msgspec

from grader.checks.draft import Cases, Draft, Use, wrong_case
from grader.checks.evidence import PASSED, Evidence, Finding


class Agreement(msgspec.Struct, frozen=True):
    """See `agrees`."""

    kind: ClassVar[str] = "agrees"
    needs_reference: ClassVar[bool] = True
    vacuous: ClassVar[bool] = False
    name: str
    cases: Cases
    n: int | None
    share: float
    rtol: float | None

    def plan(self, draft: Draft) -> tuple[int, ...]:
        """One call for every case, or the steps of a scripted one."""
        compared = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            if isinstance(case, dict):
                compared.append(draft.call(draft.exercise, case))
            elif isinstance(case, list) and all(isinstance(use, Use) for use in case):
                compared += [draft.use(use) for use in case]
            else:
                raise wrong_case(self.cases, case, "dict(…) of arguments, or a list of new/call/get")
        return tuple(compared)

    def judge(self, evidence: Evidence) -> Finding:
        """Every result equals the reference's."""
        for seq in evidence.data:
            if trouble := evidence.trouble([seq]):
                return trouble
            if not evidence.steps[seq].reply:
                continue
            if difference := evidence.difference(seq, evidence.value(seq), evidence.tolerance(seq, self.rtol)):
                return Finding("failed", seq, difference)
        return PASSED


def agrees(name: str, *, cases: Cases, n: int | None = None, share: float = 1.0, rtol: float | None = None) -> Agreement:
    """Agreement with the reference of the same name.

    Args:
        cases: generator function `cases(rng)` of argument dicts (or of lists of `new`, `call`, `get`); `n` of them are used, or all.
        rtol: relative to the expected array's largest element; by dtype when None.
    """
    return Agreement(name, cases, n, share, rtol)
