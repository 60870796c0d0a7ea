"""Numeric gradients: central differences in float64 along random directions; coordinate by coordinate only to locate an error.

For an upstream gradient `dout` and L(x) = Σ dout · forward(x), a right gradient g of L with respect to x has, for any direction u,

    g · u  =  ( L(x + h u) − L(x − h u) ) / 2h        up to O(h²) and rounding

The student's gradient is judged against the reference's forward, and, where that fails, against the student's own forward: a backward
that is consistent with a wrong forward earns its points (error carried forward), unless that forward does not react to its inputs.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, ClassVar, Literal

import msgspec
import numpy as np

from grader.checks.base import Check
from grader.checks.compare import compare_values
from grader.checks.difference import Difference
from grader.checks.draft import Arguments, Cases, Draft, PlanError, wrong_case
from grader.checks.evidence import Evidence, OracleView
from grader.checks.findings import PASSED, Finding, ResultFinding, result_findings
from grader.checks.methods import is_method
from grader.checks.moved_forward import Forward, GradientCase
from grader.checks.slips import Compared, compared, several, slip_of
from grader.checks.slopes import H, is_kink, slope
from grader.checks.tolerance import GRADIENT_RTOL, Rules, Tolerance
from grader.checks.variable import Array, Variable, require_floats, variables, zeros_like
from grader.sandbox.values import Ref
from grader.text.language import gettext as _

CARRIED = "carried"  # the note of a gradient that agrees with the student's own forward only


class Gradient(msgspec.Struct, frozen=True):
    """See `gradient`."""

    kind: ClassVar[str] = "gradient"
    needs_reference: ClassVar[bool] = False
    published: ClassVar[bool] = False
    name: str
    of: str
    wrt: tuple[str, ...]
    cases: Cases
    n: int | None
    upstream: str | None
    cache: bool
    item: int | None
    call: Callable[[Arguments], Arguments] | None
    share: float

    def plan(self, draft: Draft) -> tuple[GradientCase, ...]:
        """For each case the backward call and two forward calls per variable; to locate, two per coordinate of the first case."""
        planned: list[GradientCase] = []
        if method := next(filter(is_method, (draft.exercise, self.of)), ""):
            raise PlanError(
                f"{method} is a method, and a gradient is of a function", "compare it with the reference: `agrees(…)`"
            )
        if self.of not in draft.parameters and not draft.filled:  # a student may have removed it
            raise PlanError(f"the stub defines no function {self.of!r}", f"it defines {', '.join(draft.parameters)}")
        for case in draft.take(self.cases, self.n):
            self._validate(case)
            forward = self._forward.arguments(case)
            draft.case()
            if self.cache:
                draft.call(self.of, forward, save="forward", reply=False)
                backward = draft.call(draft.exercise, {self.upstream or "": case[self.upstream], "cache": Ref("forward", 1)})
            else:
                backward = draft.call(draft.exercise, self.call(case) if self.call else case)
            moving = [variable for name in self.wrt for variable in variables(name, case)]
            directions = {variable: draft.rng.normal(size=np.shape(variable.of(case))) for variable in moving}
            probes = {variable: self._pair(draft, forward, variable, directions[variable]) for variable in moving}
            coordinates: dict[Variable, tuple[tuple[int, int], ...]] = {}
            if draft.locate and not planned:
                coordinates = {
                    variable: tuple(self._pair(draft, forward, variable, unit) for unit in variable.units(case))
                    for variable in moving
                }
            planned.append(GradientCase(case, backward, directions, probes, coordinates))
        return tuple(planned)

    def _pair(self, draft: Draft, forward: Arguments, variable: Variable, direction: Array) -> tuple[int, int]:
        plus, minus = (draft.call(self.of, variable.moved(forward, sign * direction), item=self.item) for sign in (H, -H))
        return plus, minus

    def _validate(self, case: Any) -> None:
        if not isinstance(case, dict):
            raise wrong_case(self.cases, case, f"dict(…) of the arguments of {self.of}")
        if self.upstream is not None and self.upstream not in case:
            raise PlanError(
                f"a case of {self.cases.__name__} has no {self.upstream!r}",
                f"yield {self.upstream}=rng.normal(size=…) of the shape that {self.of} returns, or say upstream=None",
            )
        require_floats(self.wrt, case, self.cases)

    @property
    def _forward(self) -> Forward:
        return Forward(self.of, self.item, self.upstream)

    def judge(self, evidence: Evidence) -> Finding:
        """Every gradient of every case agrees with central differences; each gradient counts by itself."""
        results: list[ResultFinding] = []
        for case in evidence.data:
            forward = [case.backward - 1] if self.cache else []  # no cache, no backward pass
            if trouble := evidence.trouble([*forward, case.backward]):
                return trouble
            got, compared = evidence.repaired(case.backward, evidence.tolerance(case.backward))
            right = evidence.oracle is not None and not compared
            for place, (name, found) in enumerate(zip(self.wrt, self._formed(case, got, evidence, right), strict=False)):
                if found.difference:
                    results += result_findings(case.backward, [found])
                else:
                    results.append(
                        self._judge_result(case, name, found, slip_of(compared, place, len(self.wrt)) or found, evidence)
                    )
        carried = any(item.note == CARRIED for item in results)
        finding = evidence.finding(msgspec.structs.replace(item, note="") if item.note == CARRIED else item for item in results)
        return msgspec.structs.replace(finding, carried=self.of) if carried else finding

    def _formed(self, case: GradientCase, got: Any, evidence: Evidence, right: bool) -> tuple[Compared, ...]:
        """Each gradient in the form of its variable, whatever its numbers; one difference for all if they cannot be told apart.

        Args:
            right: whether they are known to have that form.
        """
        alone = len(self.wrt) == 1
        names = [self._label(Variable(name), evidence) for name in self.wrt]
        if right:
            return tuple(Compared(name, value) for name, value in zip(names, (got,) if alone else got, strict=True))
        forms = tuple(zeros_like(case.arguments[name]) for name in self.wrt)
        rules = Rules(Tolerance(atol=np.inf), evidence.array_like, integer_inputs=False)
        return (
            compared(forms[0], got, names, rules)
            if alone and not several(forms[0])
            else compared(forms, (got,) if alone else got, names, rules)
        )

    def _judge_result(
        self, case: GradientCase, name: str, found: Compared, slipped: Compared, evidence: Evidence
    ) -> ResultFinding:
        """The gradient with respect to the argument `name`, or to each array of it; `slipped` has its slip, if there is one."""
        own = variables(name, case.arguments)
        carried, values = "", [found.value] if own[0].item is None else found.value
        if evidence.tolerance(case.backward).itemsize == 8 and any(np.asarray(value).dtype.itemsize == 4 for value in values):
            slipped = slipped if slipped.slip else Compared(found.name, found.value, "single")
        for variable, value in zip(own, values, strict=True):
            finding = self._judge_one(case, variable, np.asarray(value), evidence)
            if finding.verdict != "passed":
                verdict: Literal["failed", "skipped"] = "skipped" if finding.verdict == "skipped" else "failed"
                seq, difference, message, note = finding.seq, finding.difference, finding.message, finding.note
                return ResultFinding(found.name, verdict, None, seq, difference, message, note, public=finding.public)
            carried = carried or finding.note
        text = msgspec.structs.replace(slipped, name=found.name).text()
        return ResultFinding(found.name, "passed", slipped.slip, case.backward, message=text, note=carried, public=text)

    def _label(self, variable: Variable, evidence: Evidence) -> str:
        """The exercise's name for the gradient with respect to `variable`, `d<variable>` by default."""
        if len(evidence.names) != len(self.wrt):
            return f"d{variable}"
        return evidence.names[self.wrt.index(variable.name)] + str(variable).removeprefix(variable.name)

    def _judge_one(self, case: GradientCase, variable: Variable, gradient: Array, evidence: Evidence) -> Finding:
        """Compare slopes along the variable's direction: with the reference's forward, else with the student's own."""
        direction = case.directions[variable]
        double = gradient.astype(np.float64)
        analytic = float(np.sum(double * direction))
        scale = float(np.linalg.norm(double) * np.linalg.norm(direction))
        rtol = GRADIENT_RTOL[gradient.dtype.itemsize]  # coarser than the inputs, it is a slip

        def agrees(slope: float, noise: float) -> bool:
            allowed = rtol * max(scale, abs(slope)) + noise
            return math.isfinite(allowed) and abs(analytic - slope) <= allowed  # infinite numbers agree with nothing

        oracle, reference = evidence.oracle, None
        if oracle is not None:
            key = (self.of, self.name, case.backward, variable)
            reference = oracle.once(key, lambda: self._forward.reference_slope(case, variable, direction, oracle))
            if agrees(*reference):
                return PASSED
        outputs = self._forward.own(case, case.probes[variable], evidence)
        rounded = float(np.sum(np.abs(gradient * variable.of(case.arguments))))
        own = slope(self._forward.dout(case), outputs, rounded) if outputs else None
        precise = own is not None and (
            reference is None or own[1] <= GRADIENT_RTOL[4] * abs(own[0])
        )  # a coarse forward proves nothing
        if own and precise and outputs and not np.array_equal(*outputs) and agrees(*own):
            return Finding("passed", note=CARRIED if reference else "")
        numeric = reference or own
        if numeric is None:
            text = (
                _("{function} must return finite numbers before its gradient can be checked")
                if self.upstream is None
                else _("{function} must return an array of the shape of `{upstream}` before its gradient can be checked")
            )
            message = text.format(function=self.of, upstream=self.upstream)
            seq = case.probes[variable][0]
            return evidence.trouble(case.probes[variable]) or Finding("failed", seq, message=message, public=message)
        if scale == 0 and abs(numeric[0]) <= numeric[1]:
            text = _("{function} does not react to `{variable}` yet, so there is no gradient to check")
            message = text.format(function=self.of, variable=variable)
            return Finding("failed", case.backward, message=message, public=message)
        place = self._locate(case, variable, gradient, evidence)
        text = _(
            "moving `{variable}` a little in a random direction changes the loss by {numeric} per unit; by {name} it is {analytic}"
        )
        name, slopes = self._label(variable, evidence), {"numeric": f"{numeric[0]:.6g}", "analytic": f"{analytic:.6g}"}
        message = "" if place else text.format(variable=variable, name=name, **slopes)
        note = _("this was compared with how your own {function} changes: is that right already?").format(function=self.of)
        public = "" if place else _("{name} does not agree with how {function} changes").format(name=name, function=self.of)
        return Finding("failed", case.backward, place, message, "" if reference else note, public=public)

    def kinks(self, cases: Iterable[GradientCase], oracle: OracleView) -> Iterator[str]:
        """Where a case is on a kink of the reference's forward: the slopes on both sides differ, so no gradient is correct."""
        for number, case in enumerate(cases, start=1):
            dout = self._forward.dout(case)
            for variable, direction in case.directions.items():
                minus, middle, plus = self._forward.reference(case, variable, direction, (-H, 0.0, H), oracle)
                if is_kink(dout, minus, middle, plus):
                    yield f"case {number} of «{self.name}» sits on a kink of {self.of} in `{variable}`; draw it clear of ties and of zero"

    def _locate(self, case: GradientCase, variable: Variable, gradient: Array, evidence: Evidence) -> Difference | None:
        """Where the gradient is wrong, from central differences along each coordinate."""
        numeric = np.empty(gradient.shape)
        if (oracle := evidence.oracle) is not None:
            units = variable.units(case.arguments)
            key = (self.of, self.name, case.backward, variable, "everywhere")
            numeric.flat[:] = oracle.once(
                key, lambda: [self._forward.reference_slope(case, variable, unit, oracle)[0] for unit in units]
            )
        elif variable not in case.coordinates:
            return None
        else:
            for place, seqs in enumerate(case.coordinates[variable]):
                own = self._forward.own(case, seqs, evidence)
                if own is None:
                    return None
                numeric.flat[place] = slope(self._forward.dout(case), own)[0]
        return compare_values(numeric, gradient, self._label(variable, evidence), Tolerance(gradient.dtype.itemsize, rtol=1e-6))


def with_variables(check: Check, returns: tuple[str, ...]) -> Check:
    """The check itself; for a gradient check without `wrt`, with the arguments that `returns` names.

    Raises:
        PlanError: `returns` does not name them.
    """
    if not isinstance(check, Gradient) or check.wrt:
        return check
    if not returns or not all(name[:1] == "d" and name[1:] for name in returns):
        raise PlanError(
            f"check {check.name!r}: returns= names {', '.join(returns) or 'nothing'}, which does not say whose gradients these are",
            "say wrt=(…), or call the results dx, dw, …",
        )
    return msgspec.structs.replace(check, wrt=tuple(name[1:] for name in returns))


def gradient(
    name: str = "",
    *,
    of: str,
    wrt: tuple[str, ...] = (),
    cases: Cases,
    n: int | None = None,
    upstream: str | None = "dout",
    cache: bool = False,
    item: int | None = None,
    call: Callable[[Arguments], Arguments] | None = None,
    share: float = 1.0,
) -> Gradient:
    """The exercise's function returns the gradients of `of` with respect to `wrt`, in that order.

    Args:
        wrt: arguments of `of`; the gradient of one that is a list of arrays is a list too. By default those whose gradients the
            exercise returns by name: x and w where it returns dx and dw.
        cases: generator function of argument dicts: those of the exercise's function, `upstream` among them; the others are the
            arguments of `of`. Draw them clear of kinks, float64 and small.
        upstream: the argument that holds the gradient of the loss with respect to what `of` returns; None when `of` returns the loss.
        cache: `of` returns (out, cache) and the exercise's function takes (upstream, cache).
        item: of several results of `of`, the one whose gradient `upstream` is, counted from 0 (with `cache`, the first).
        call: from a case to the arguments of the exercise's function, if they are not the case itself.
    """
    return Gradient(
        name or f"numeric gradient of {of}",
        of,
        tuple(wrt),
        cases,
        n,
        upstream,
        cache,
        0 if cache and item is None else item,
        call,
        share,
    )
