"""The price list: what each known mistake, slip and refusal costs, and whether that is what its author wants.

In `reference/misconceptions/<topic>.toml`, `price = "≥ 20 %"` (or "≤ 25 %", or "10–30 %") says how much of the exercise a mistake may
cost, and `price.conv_backward = …` how much of one exercise. Without it, a mistake costs no more than its right results leave.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec
import numpy as np

from grader.checks.slips import SLIP, several
from grader.course.misconceptions import Misconception
from grader.engine.prepare import Prepared
from grader.judge.evidence import evidence_on
from grader.judge.judge import judge
from grader.judge.oracle import Oracle
from grader.judge.proven import part_right
from grader.judge.trivial import results_of
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import encode

ROUNDING = 0.005  # a price of "≥ 20 %" is kept by 19.6 %


class Price(msgspec.Struct, frozen=True):
    """What one mistake costs.

    Attributes:
        kind: a misconception, a slip (in one result), or a refusal that is missing.
        part: of the points of its exercise.
        points: of the whole assignment, where all other functions are right and use the wrong one.
        wanted: what its author wants it to cost ("" for nothing in particular).
        right: the part that its right results are worth at least (see `judge.proven`).
    """

    exercise: str
    kind: Literal["misconception", "slip", "refusal"]
    name: str
    part: float
    points: float
    wanted: str = ""
    right: float = 0.0

    @property
    def limits(self) -> str:
        """What it may cost: what its author wants; else no more than its right results leave, and for a slip of form no more than that."""
        return self.wanted or f"≤ {SLIP if self.kind == 'slip' else 1 - self.right:.0%}"

    @property
    def is_kept(self) -> bool:
        """Whether it costs what it may."""
        low, high = price_range(self.limits)
        return low - ROUNDING <= self.part <= high + ROUNDING


def price_range(text: str) -> tuple[float, float]:
    """The smallest and the largest part that `price = …` allows."""
    words = text.replace("%", "").strip()
    for sign, low in (("≥", True), (">=", True), ("≤", False), ("<=", False)):
        if words.startswith(sign):
            part = float(words.removeprefix(sign)) / 100
            return (part, 1.0) if low else (0.0, part)
    first, dash, last = words.replace("–", "-").partition("-")
    return float(first) / 100, float(last if dash else first) / 100


Graded = Sequence[tuple[Misconception, Grade]]


def each_alone(ready: Prepared, items: Sequence[Misconception] | None = None) -> Graded:
    """Each misconception (or each of `items`) with the grade of who makes it in its own exercise, where no other exercise uses it."""
    plan, oracle = ready.plan, ready.oracle
    assert oracle is not None
    own = {planned.exercise.name: planned.seqs for planned in plan.exercises}
    found = []
    for item in oracle.misconceptions if items is None else items:
        wrong = oracle.wrong(item, own.get(item.of, range(0)))
        found.append((item, _judged(ready, [wrong.get(step.seq, oracle.outcome(step.seq)) for step in plan.steps], oracle)))
    return found


def prices(ready: Prepared, alone: Graded) -> list[Price]:
    """The price list of one assignment, dearest first; `alone` is what `each_alone` found."""
    assert ready.oracle is not None
    found = [*mistake_prices(ready, ready.oracle, alone), *_slips(ready, ready.oracle)]
    return sorted(found, key=lambda price: (-price.points, -price.part, price.exercise, price.name))


def mistake_prices(ready: Prepared, oracle: Oracle, alone: Graded) -> Iterator[Price]:
    """What each misconception costs, in the order of `alone`."""
    plan = ready.plan
    for item, grade in alone:
        planned = next((found for found in plan.exercises if found.exercise.name == item.of), None)
        if planned is None or not planned.points:
            continue
        part = 1 - _score(grade, item.of) / planned.points
        made: dict[int, Outcome] = {}
        for other in plan.exercises:  # a mistake spreads along the calls
            if other is planned or item.of in plan.needs(other.exercise.name, other.seqs, plan.rubric.uses):
                made |= oracle.composed([item], other.seqs) or {}
        outcomes = [made.get(step.seq, oracle.outcome(step.seq)) for step in plan.steps]
        whole = _judged(ready, outcomes, oracle) if made.keys() - set(planned.seqs) else grade
        own = oracle.wrong(item, planned.seqs)
        outcomes = [own.get(step.seq, oracle.outcome(step.seq)) for step in plan.steps]
        right = part_right(plan, planned, evidence_on(plan, planned, outcomes, oracle), oracle)
        lost = plan.computed - (whole.score or 0.0)
        yield Price(item.of, "misconception", item.name, part, lost, item.price, right)


def _slips(ready: Prepared, oracle: Oracle) -> Iterator[Price]:
    """An axis too many in each result, and each refusal missing."""
    plan = ready.plan
    for planned in plan.exercises:
        exercise = planned.exercise
        if not planned.points:
            continue
        own = [seq for seq in plan.own(exercise.name, planned.seqs) if plan.steps[seq].reply]
        returned = [seq for seq in own if isinstance(oracle.outcome(seq), Returned)]
        for place, name in enumerate(exercise.returns or ("result",)):
            made = {seq: _with_axis(oracle, seq, place, len(exercise.returns) < 2) for seq in returned}
            yield _price(ready, oracle, exercise.name, "slip", f"an axis too many in {name}", made)
        for item in planned.checks:
            if item.check.kind == "raises":
                yield _price(ready, oracle, exercise.name, "refusal", item.check.name, {item.seqs[-1]: Returned()})


def _with_axis(oracle: Oracle, seq: int, place: int, alone: bool) -> Outcome:
    """Result number `place` with an axis too many; an only one that is a list with one in each of its arrays."""
    expected = oracle.expected(seq)
    results = results_of(expected)
    for number, result in enumerate(results):
        if (alone or number == place) and not several(result) and isinstance(result, np.ndarray | float):
            results[number] = np.asarray(result)[None]
    outcome = oracle.outcome(seq)
    assert isinstance(outcome, Returned)
    return Returned(encode(type(expected)(results) if several(expected) else results[0]), outcome.after)


def _price(
    ready: Prepared, oracle: Oracle, exercise: str, kind: Literal["slip", "refusal"], name: str, made: dict[int, Outcome]
) -> Price:
    grade = _judged(ready, [made.get(step.seq, oracle.outcome(step.seq)) for step in ready.plan.steps], oracle)
    points = next(found.points for found in ready.plan.exercises if found.exercise.name == exercise)
    return Price(exercise, kind, name, 1 - _score(grade, exercise) / points, ready.plan.computed - (grade.score or 0.0))


def _judged(ready: Prepared, outcomes: Sequence[Outcome], oracle: Oracle) -> Grade:
    return judge(ready.plan, Run(Returned(), tuple(outcomes)), oracle, "")


def _score(grade: Grade, exercise: str) -> float:
    return next(found.score for found in grade.exercises if found.name == exercise)


def price_problems(found: Sequence[Price]) -> Iterator[str]:
    """The prices that are not what they may be."""
    for price in found:
        if not price.is_kept:
            yield f"{price.name} costs {price.part:.0%} of {price.exercise}, but its price is {price.limits}"
