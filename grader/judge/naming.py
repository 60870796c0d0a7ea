"""Naming the mistakes in an exercise: a name explains every wrong result that it could explain, or it is not said.

Results are matched one by one, and exceptions by their type and the steps that raise them. Where no single mistake explains a result, two
of them made together may.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from grader.checks.evidence import Evidence
from grader.checks.findings import ANY, Finding, failed_results
from grader.course.misconceptions import Misconception, combined
from grader.judge.candidates import Candidates, candidates
from grader.judge.evidence import results_in, wrong_in
from grader.judge.known import Known, filled
from grader.judge.oracle import Oracle
from grader.judge.predictions import Fit, Mistake, Mistakes, Prediction, accepts_alike, cases, fails, predicted
from grader.judge.results import AFTER, own_name, same, same_exception, same_outcome, tolerance
from grader.plan import Plan, PlannedCheck, PlannedExercise
from grader.sandbox.outcome import Outcome, Raised, Returned

PAIRS = 12  # of mistakes that are tried together at most

Cells = Mapping[int, frozenset[str]]  # by step, the names of its wrong results
Names = dict[tuple[int, str], Mistake]  # by check and result


def name_mistakes(
    plan: Plan,
    planned: PlannedExercise,
    findings: Sequence[Finding],
    evidence: Evidence,
    mistakes: Mistakes,
    constant: bool = False,
) -> Names:
    """The mistake behind each failed check (by its place) and result (`ANY` for all of them), where there is one that explains it.

    Args:
        findings: of the exercise's checks.
        constant: whether the function returns one constant, which many mistakes do somewhere.
    """
    items = [item for item in mistakes.misconceptions if item.of == planned.exercise.name]
    if not items:
        return {}
    search = _Search(plan, planned, findings, evidence, mistakes, items, constant)
    named: Names = {}
    for place, (item, finding) in enumerate(zip(planned.checks, findings, strict=True)):
        if finding.verdict in ("passed", "skipped"):
            continue
        for name in failed_results(finding):
            if item.check.kind == "raises":
                found = search.refusing(item)
            else:
                cells = search.cells(item, name, finding)
                found = search.single(cells) or search.pair(cells)
            if found is not None:
                named[place, name] = found
    return named


class _Search:
    """The arguments of `name_mistakes`, and what has been found out about the submission."""

    def __init__(
        self,
        plan: Plan,
        planned: PlannedExercise,
        findings: Sequence[Finding],
        evidence: Evidence,
        mistakes: Mistakes,
        items: Sequence[Any],
        constant: bool,
    ) -> None:
        self.plan, self.planned, self.evidence, self.mistakes, self.items = plan, planned, evidence, mistakes, items
        self.outcomes = evidence.outcomes
        self.checks, self.constant = list(zip(planned.checks, findings, strict=True)), constant
        self.cases = list(cases(plan, planned))
        self.value_steps = [seq for case, refusal in self.cases if not refusal for seq in plan.own(planned.exercise.name, case)]
        self._own = frozenset(plan.own(planned.exercise.name, planned.seqs))
        self._wrongs: dict[int, frozenset[str]] = {}
        self._fits: dict[str, Fit] = {}
        self._made: dict[tuple[int, str], list[int]] = {}
        self._kinds = {seq: item.check.kind for item in planned.checks for seq in item.seqs}
        self._same: dict[tuple[int, str, int], tuple[Any, bool]] = {}

    def cells(self, item: PlannedCheck, name: str, finding: Finding) -> Cells:
        """The wrong results of a check: all of them, or those called `name`. Without the reference those of the step that decided."""
        after, name = item.check.kind == "unchanged", ANY if name.startswith("[") else name  # an item of a list
        found = {}
        for seq in filter(self._own.__contains__, item.seqs):
            if isinstance(self.mistakes, Oracle):
                wrong = self._wrong(seq)
            else:
                wrong = (
                    frozenset({name, AFTER} if name or after else self._split(seq) or {ANY})
                    if seq == finding.seq
                    else frozenset()
                )
            if self._split(seq) is not None:
                wrong = frozenset(one for one in wrong if (one == AFTER) is after and (name == one or ANY in (name, one)))
            if wrong:
                found[seq] = wrong
        if not found and item.check.kind == "property":  # a law may be stricter than the comparison: with rounded numbers it is
            return {seq: frozenset(self._split(seq) or {ANY}) for seq in item.seqs if self.plan.steps[seq].reply}
        return found

    def _wrong(self, seq: int) -> frozenset[str]:
        """The results of a step that are not right; `ANY` where there are none."""
        assert isinstance(self.mistakes, Oracle)
        if seq not in self._wrongs:
            found = wrong_in(self.evidence, self.planned, self.mistakes, seq)
            self._wrongs[seq] = frozenset({ANY} if found is None else found if self.plan.steps[seq].reply else ())
        return self._wrongs[seq]

    def _wrong_steps(self, name: str) -> set[int]:
        """The steps whose result `name` is wrong; without the reference all."""
        known = isinstance(self.mistakes, Known)
        return {seq for seq in self.value_steps if known or self._wrong(seq) & {name, ANY}}

    def _is_right(self, seq: int) -> bool:
        """Whether the step is right; without the reference, whether it returned anything."""
        return not self._wrong(seq) if isinstance(self.mistakes, Oracle) else self._split(seq) is not None

    def _split(self, seq: int) -> dict[str, Any] | None:
        return results_in(self.evidence, self.planned, seq)

    def single(self, cells: Cells) -> Mistake | None:
        """The mistake that explains these results: of several the one that explains most, then the first."""
        if not cells:
            return None
        fits = [(self._fit(item), item) for item in self._suspected(min(cells), cells)]
        found = [(fit.weight, item) for fit, item in fits if self._explains(fit, cells)]
        best: Mistake | None = max(found, key=lambda pair: pair[0])[1] if found else None
        return best

    def _suspected(self, seq: int, cells: Cells) -> list[Any]:
        """The mistakes that do in one of the steps what came there: nearly all are done with after this look."""
        if self._split(seq) is None:
            raised = [prediction.raised.get(seq) for prediction in self._predictions(seq)]
            found = {number for number, one in enumerate(raised) if one is not None and same_exception(one, self.outcomes[seq])}
        else:
            found = {number for name in cells[seq] for number in self._making(seq, name)}
        return [self.items[number] for number in sorted(found)]

    def _making(self, seq: int, name: str) -> list[int]:
        """The numbers of the mistakes that make the result that came."""
        if (seq, name) not in self._made:
            self._made[seq, name] = self._found_making(seq, name, self._predictions(seq))
        return self._made[seq, name]

    def _found_making(self, seq: int, name: str, predictions: Sequence[Prediction]) -> list[int]:
        def looks_alike(number: int) -> bool:
            return self._is(predictions[number], seq, name)

        got = self._split(seq)
        if not isinstance(self.mistakes, Oracle) or got is None or name not in got:
            return list(filter(looks_alike, range(len(predictions))))

        def compute() -> Candidates:
            made = {number: one.results[name][seq] for number, one in enumerate(predictions) if seq in one.results.get(name, {})}
            return candidates(made, tolerance(self.planned, self.plan.steps[seq]))

        found: Candidates = self.mistakes.once(("candidates", self.planned.exercise.name, seq, name), compute)
        return found.making(got[name], looks_alike)

    def _predictions(self, seq: int) -> list[Prediction]:
        """What each of the mistakes predicts for the case of a step."""
        near = [found for found in self.cases if seq in found[0]]

        def compute() -> list[Prediction]:
            return [predicted(self.plan, self.planned, item, self.mistakes, near) for item in self.items]

        if not isinstance(self.mistakes, Oracle):
            return compute()
        found: list[Prediction] = self.mistakes.once(("predictions", self.planned.exercise.name, near[0][0]), compute)
        return found

    def pair(self, cells: Cells) -> Mistake | None:
        """Two mistakes that explain these results together, and neither of them alone."""
        if not cells or not isinstance(self.mistakes, Oracle):
            return None
        touched = {number for seq, names in cells.items() for name in names - {ANY} for number in self._making(seq, name)}
        near = [self.items[number] for number in sorted(touched)]
        for one, other in itertools.islice(itertools.combinations(near, 2), PAIRS):
            both = self._combined(one, other, self.mistakes)
            if both is not None and self._explains(self._fit(both), cells):
                return both
        return None

    def _combined(self, one: Any, other: Any, oracle: Oracle) -> Misconception | None:
        found: Misconception | None = oracle.once(("pair", one.of, one.name, other.name), lambda: combined(one, other))
        return found

    def _is(self, prediction: Prediction, seq: int, name: str) -> bool:
        """Whether the submission's result is the one that is predicted."""
        wrong, got = prediction.results.get(name, {}), self._split(seq)
        if seq not in wrong or got is None or name not in got:
            return False
        told = wrong[seq]
        key = seq, name, id(told)
        if key not in self._same:  # with what it is about: an id may come again only once the object is gone
            meant = told if isinstance(self.mistakes, Oracle) else filled(told, got[name])
            self._same[key] = told, same(tolerance(self.planned, self.plan.steps[seq]), meant, got[name])
        return self._same[key][1]

    def _equals(self, prediction: Prediction, name: str) -> bool:
        """Whether the submission's result is what is predicted wherever that is wrong.

        Where only a law is checked, right code may differ as well: that counts where nothing else does.
        """
        wrong = {seq for seq in prediction.results[name] if self._split(seq) is not None}
        strict = {seq for seq in wrong if self._kinds[seq] != "property"} or wrong
        return bool(strict) and all(self._is(prediction, seq, name) for seq in strict)

    def _obeys(self, item: Any, prediction: Prediction, names: set[str]) -> bool:
        """Whether the mistake, too, obeys the laws that the submission obeys."""
        if not isinstance(self.mistakes, Oracle):
            return True
        for check, finding in self.checks:
            if check.check.kind != "property" or finding.verdict != "passed":
                continue
            told = [(seq, name) for name in names for seq in prediction.results[name] if seq in check.seqs]
            if not all(self._is(prediction, seq, name) for seq, name in told) and fails(
                self.plan, self.planned, check, item, self.mistakes
            ):
                return False
        return True

    def _fit(self, item: Any) -> Fit:
        """How the submission fits the mistake."""
        if item.name not in self._fits:
            self._fits[item.name] = self._found_fit(item)
        return self._fits[item.name]

    def _found_fit(self, item: Any) -> Fit:
        prediction = self._predicted(item)
        results = {name for name in prediction.results if self._equals(prediction, name)}
        if results and not self._obeys(item, prediction, results):
            results = set()
        if self.constant:  # a constant equals many mistakes somewhere; here it must everywhere
            results = {name for name in results if self._wrong_steps(name) <= {*prediction.results[name], *prediction.raised}}
        whole = len(results) == len(prediction.results) and self._raises(prediction)
        return Fit(prediction, frozenset(results), whole, not any(map(self._is_right, prediction.raised)))

    def _predicted(self, item: Any) -> Prediction:
        """What the mistake predicts on all cases."""

        def compute() -> Prediction:
            return predicted(self.plan, self.planned, item, self.mistakes, self.cases)

        if not isinstance(self.mistakes, Oracle):
            return compute()
        found: Prediction = self.mistakes.once(("predicted", item.of, item.name), compute)
        return found

    def _raises(self, prediction: Prediction) -> bool:
        """Whether the submission raises what is predicted, there and nowhere else; what raises everywhere must say the same."""
        wanted, got = prediction.raised, self.outcomes
        if not all(same_exception(outcome, got[seq]) for seq, outcome in wanted.items()):
            return False
        types = {outcome.name for outcome in wanted.values() if isinstance(outcome, Raised)}
        where = [(seq, got[seq]) for seq in self.value_steps if seq not in wanted]
        if any(isinstance(outcome, Raised) and outcome.name in types for _seq, outcome in where):
            return False
        if any(isinstance(outcome, Returned) for _seq, outcome in where):
            return True
        return all(isinstance(one, Raised) and one.message == getattr(got[seq], "message", "") for seq, one in wanted.items())

    def _explains(self, fit: Fit, cells: Cells) -> bool:
        """Whether every one of these wrong results is predicted as it came."""
        return fit.possible and all(self._explained(fit, seq, names) for seq, names in cells.items())

    def _explained(self, fit: Fit, seq: int, names: frozenset[str]) -> bool:
        if self._split(seq) is None:
            outcome = fit.prediction.raised.get(seq)
            return fit.whole and outcome is not None and same_exception(outcome, self.outcomes[seq])
        if not fit.whole and own_name(self.plan.steps[seq]):
            return False  # what one method does wrong, others feel: a mistake of a class is explained as a whole
        told = {name for name in names if name in fit.results and seq in fit.prediction.results[name]}
        return told == names if isinstance(self.mistakes, Oracle) else bool(told)

    def _accepts(self, seq: int, expected: Outcome) -> bool:
        """Whether the call is let through as the mistake does it; where values are wrong too, with the same result."""
        if any(finding.verdict == "failed" and check.check.kind != "raises" for check, finding in self.checks):
            return same_outcome(self.plan.steps[seq], expected, self.outcomes[seq])
        return accepts_alike(expected, self.outcomes[seq])

    def refusing(self, item: PlannedCheck) -> Mistake | None:
        """The mistake about refusing that explains why this call was not refused: it is wrong about no call that is."""
        passed = {seq for other, finding in self.checks if finding.verdict == "passed" for seq in other.seqs}
        refusals = [case for case in self.cases if case[1]]
        found = []
        for mistake in self.items:
            wrong = predicted(self.plan, self.planned, mistake, self.mistakes, refusals).accepted
            fits = all(self._accepts(seq, outcome) for seq, outcome in wrong.items())
            if fits and item.seqs[-1] in wrong and not passed & wrong.keys() and self._fit(mistake).prediction.refuses_only:
                found.append((len(wrong), mistake))
        best: Mistake | None = max(found, key=lambda pair: pair[0])[1] if found else None
        return best
