"""What a student is told about the failed checks of an exercise besides their numbers: the mistake's name and hint, else a pattern that the
results show, else which of the cases fail."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from grader.checks.evidence import Evidence
from grader.checks.findings import ANY, Finding, failed_results
from grader.course.misconceptions import Misconception
from grader.judge.calls import named_arguments
from grader.judge.evidence import results_in, right_parts, wrong_in
from grader.judge.naming import name_mistakes
from grader.judge.oracle import Oracle
from grader.judge.patterns import Sample, pattern, same_everywhere, samples
from grader.judge.predictions import Mistake, Mistakes, cases
from grader.judge.results import same_outcome
from grader.judge.which_cases import facts, which_cases
from grader.plan import Plan, PlannedExercise
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.values import Ref, Value, decode
from grader.sandbox.wire import Step
from grader.text.language import gettext as _


class Hint(msgspec.Struct, frozen=True):
    """What is said about one failed result; `mistake` is the recognised mistake's name ("" for none)."""

    mistake: str
    text: str


Diagnosis = dict[tuple[int, str], Hint]  # by check and result (`ANY`: the check as a whole)


def diagnose_exercise(
    plan: Plan,
    planned: PlannedExercise,
    findings: Sequence[Finding],
    evidence: Evidence,
    mistakes: Mistakes,
    constant: bool = False,
) -> Diagnosis:
    """The hints for an exercise, by check (its place) and result; what has no name is told once for each result."""
    names = name_mistakes(plan, planned, findings, evidence, mistakes, constant)
    found = {key: Hint(mistake.name, _hint(mistake)) for key, mistake in names.items()}
    if not isinstance(mistakes, Oracle):
        return found
    results, told = _Results(plan, planned, evidence, mistakes), dict[str, str]()
    for place, (item, finding) in enumerate(zip(planned.checks, findings, strict=True)):
        if item.check.kind in ("raises", "unchanged"):
            continue
        for name in failed_results(finding):
            if (place, name) in found or name in told or any(one.name == name and one.slip for one in finding.results):
                continue
            text = results.text(name, constant)
            if text and text not in told.values():
                found[place, name] = Hint("", text)
            told[name] = text
    return found


def _hint(found: Mistake) -> str:
    if isinstance(found, Misconception) and found.both:
        first, second = (_(one.hint) for one in found.both)
        return _("two things at once. {first} And: {second}").format(first=first, second=second)
    return _(found.hint)


class _Results(msgspec.Struct, frozen=True):
    """The results of an exercise, right ones and those that came."""

    plan: Plan
    planned: PlannedExercise
    evidence: Evidence
    oracle: Oracle

    @property
    def outcomes(self) -> Sequence[Outcome]:
        return self.evidence.outcomes

    def text(self, name: str, is_constant: bool) -> str:
        """What can be said about the result `name` of an exercise without knowing its mistakes ("" for nothing)."""
        steps = self._steps()
        if any(not isinstance(self.outcomes[step.seq], Returned | Raised) for step in steps):
            return ""
        found = self._samples(name, steps)
        if is_constant:
            return same_everywhere(name, found)
        return self._changing(steps) or (pattern(name, found) if found else "") or self._which(name, steps)

    def _steps(self) -> list[Step]:
        """The steps that return something of the exercise's own."""
        name = self.planned.exercise.name

        def compute() -> list[Step]:
            seqs = [seq for case, refusal in cases(self.plan, self.planned) if not refusal for seq in self.plan.own(name, case)]
            return [self.plan.steps[seq] for seq in seqs if self.plan.steps[seq].reply]

        found: list[Step] = self.oracle.once(("returning", name), compute)
        return found

    def _changing(self, steps: Sequence[Step]) -> str:
        pairs = self.oracle.once(("twins", self.planned.exercise.name), lambda: list(self._twins(steps)))
        if all(same_outcome(step, self.outcomes[twin], self.outcomes[step.seq]) for twin, step in pairs):
            return ""
        return _(
            "the same call gave two different results: does something stay from one call to the next, or is something drawn at random?"
        )

    def _twins(self, steps: Sequence[Step]) -> Iterator[tuple[int, Step]]:
        """The steps that make the same call as an earlier one, with that, where right code returns the same again."""
        first: dict[object, int] = {}
        for step in steps:
            if step.target != self.planned.exercise.name or step.save:  # of a method, the object may have changed
                continue
            twin = first.setdefault((step.args, step.kwargs), step.seq)
            if twin != step.seq and same_outcome(step, self.oracle.outcome(twin), self.oracle.outcome(step.seq)):
                yield twin, step

    def _samples(self, name: str, steps: Sequence[Step]) -> list[Sample]:
        """The cases of a result, right and as it came; none where it is not always there, or no array of numbers."""
        found = []
        for step in steps:
            outcome, right = self.outcomes[step.seq], self.oracle.outcome(step.seq)
            if not isinstance(outcome, Returned) or not isinstance(right, Returned):
                continue
            expected = right_parts(self.planned, self.oracle, step)
            got = results_in(self.evidence, self.planned, step.seq) or {}
            only = next(iter(expected)) if name == ANY and len(expected) == 1 else name
            if only in expected:
                found.append((expected[only], got.get(only), self._arguments(step)))
        return samples(found) or []

    def _which(self, name: str, steps: Sequence[Step]) -> str:
        called = self.oracle.once(("called", self.planned.exercise.name), lambda: self._called(steps))
        wrong = tuple(self._is_wrong(name, step) for step in called)
        if not called or all(wrong) or not any(wrong):
            return ""
        key = ("facts", self.planned.exercise.name)
        return which_cases(self.oracle.once(key, lambda: facts([self._arguments(step) for step in called])), wrong)

    def _called(self, steps: Sequence[Step]) -> list[Step]:
        """One step for each different call of the exercise's function or method."""
        return list({self._given(step): step for step in steps if self._is_call(step)}.values())

    def _is_wrong(self, name: str, step: Step) -> bool:
        found = wrong_in(self.evidence, self.planned, self.oracle, step.seq)
        return found is None or name in found or (name == ANY and bool(found))

    def _arguments(self, step: Step) -> dict[str, Any]:
        found: dict[str, Any] = self.oracle.once(
            ("arguments", step.seq), lambda: {name: decode(value) for name, value in self._given(step) if name}
        )
        return found

    def _given(self, step: Step) -> tuple[tuple[str, Value], ...]:
        """The arguments by their names; of a method, after those of its object."""
        parameters, targets = self.plan.rubric.parameters, self.plan.targets
        before = self.evidence.before(step.seq)
        made = [one for one in (self.plan.steps[seq] for seq in before) if one.op == "new"]
        found = [pair for one in (*made, step) for pair in named_arguments(one, parameters.get(targets[one.seq], ()))]
        return tuple((name, value) for name, value in found if not isinstance(value, Ref))

    def _is_call(self, step: Step) -> bool:
        """Whether the step calls the exercise itself."""
        return step.op == "call" and self.plan.targets[step.seq] == self.planned.exercise.name
