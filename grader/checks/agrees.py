"""Agreement with the reference on drawn inputs."""

from typing import ClassVar

import msgspec

from grader.checks.compare import compare
from grader.checks.draft import Cases, Draft, PlanError, Use
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
        """A call for every case, or the steps of a scripted one; returns those whose result is compared."""
        compared = []
        for case in draft.take(self.cases, self.n):
            draft.case()
            if isinstance(case, dict):
                compared.append(draft.call(draft.exercise, case))
            elif isinstance(case, list) and all(isinstance(use, Use) for use in case):
                compared += [draft.use(use) for use in case]
            else:
                raise PlanError(
                    f"{self.cases.__name__} yields a {type(case).__name__}",
                    "yield dict(…) of arguments, or a list of new/call/get",
                )
        return tuple(compared)

    def judge(self, evidence: Evidence) -> Finding:
        """Every result equals the reference's."""
        for seq in evidence.data:
            trouble = evidence.trouble([seq])
            if trouble:
                return trouble
            step = evidence.steps[seq]
            if not step.reply:
                continue
            names = evidence.names if step.op == "call" else ()
            difference = compare(
                evidence.expected(seq),
                evidence.value(seq),
                names,
                evidence.tolerance(seq, self.rtol),
                evidence.array_like,
                evidence.integers(seq),
            )
            if difference:
                return Finding("failed", seq, difference)
        return PASSED


def agrees(name: str, *, cases: Cases, n: int | None = None, share: float = 1.0, rtol: float | None = None) -> Agreement:
    """Agreement with the reference of the same name.

    Args:
        cases: generator function `cases(rng)` of argument dicts (or of lists of `new`, `call`, `get`); `n` how many are taken.
        rtol: relative to the expected array's largest element; by dtype when None.
    """
    return Agreement(name, cases, n, share, rtol)
