"""The course total: what counts, what is left out, and when nothing handed in is 0."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kept import grade

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late, LatePolicy
from grader.gradebook.totals import Total, class_totals, course_total, remarks

DUE = datetime(2027, 4, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def entry(
    score: float | None,
    assignment: str = "conv",
    student: str = "ana",
    penalty: float = 0.0,
    points: float = 0.0,
    excused: bool = False,
) -> Entry:
    """What counts of 5 points, with a late penalty and an adjustment."""
    changed = Adjustment(
        student=student, assignment=assignment, because="why", by="marta", at=DUE, points=points, excused=excused
    )
    late = Late(DUE, None, 0, penalty, None if score is None else score - penalty)
    return Entry(grade(student, assignment, score), late, adjustments=(changed,) if points or excused else ())


def percent(**entries: Entry) -> float | None:
    """The total over conv, mlp (which weighs 3) and rnn (which weighs nothing)."""
    return course_total(entries, {"conv": 1, "mlp": 3, "rnn": 0}).percent


def test_weights_count() -> None:
    """A full mark on what weighs 1 and none on what weighs 3 is a quarter."""
    assert (percent(conv=entry(5.0), mlp=entry(0.0, "mlp")), percent(conv=entry(0.0), mlp=entry(5.0, "mlp"))) == (25.0, 75.0)


def test_the_final_score_counts() -> None:
    """The late penalty and marks changed by hand are in it."""
    assert percent(conv=entry(5.0, penalty=1.0, points=0.5)) == 90.0


def test_excused_is_left_out() -> None:
    """Who is excused has the total of the others."""
    assert percent(conv=entry(5.0, excused=True), mlp=entry(2.5, "mlp")) == 50.0


def test_fault_of_the_grader_is_left_out_and_named() -> None:
    """What waits to be graded again is not a zero."""
    found = course_total({"conv": entry(None), "mlp": entry(5.0, "mlp")}, {"conv": 1, "mlp": 1})
    assert found == Total(100.0, ("mlp",), waiting=("conv",))


def test_nothing_handed_in_is_zero_when_it_is_over() -> None:
    """Without an entry it is 0 if its due date is over, and left out otherwise."""
    weights = {"conv": 1, "mlp": 1}
    assert course_total({"conv": entry(5.0)}, weights).percent == 100.0
    assert course_total({"conv": entry(5.0)}, weights, over={"mlp"}) == Total(50.0, ("conv", "mlp"), zeros=("mlp",))


def test_nothing_that_counts() -> None:
    """Without any assignment of weight there is no total, which is not 0."""
    assert percent() is None and percent(rnn=entry(5.0, "rnn")) is None


def totals(now: datetime, **more: object) -> dict[str, float | None]:
    """The totals of two, of whom only ana handed in mlp, and of zoe, who handed in nothing."""
    policy = LatePolicy(due={"conv": DUE, "mlp": DUE + DAY, "rnn": DUE}, grace=MINUTE, **more)  # type: ignore[arg-type]
    entries = [entry(5.0), entry(5.0, student="bea"), entry(5.0, "mlp")]
    return {name: found.percent for name, found in class_totals(entries, policy, now, ["zoe"]).items()}


@pytest.mark.parametrize(
    ("now", "bea", "zoe"),
    [
        (DUE, 100.0, None),
        (DUE + MINUTE, 100.0, None),
        (DUE + 2 * MINUTE, 100.0, 0.0),
        (DUE + DAY + 2 * MINUTE, 50.0, 0.0),
    ],
)
def test_due_dates_decide(now: datetime, bea: float, zoe: float | None) -> None:
    """At the due date and within its grace nothing is missing yet; after that it is 0. What nobody handed in counts for nobody."""
    assert totals(now) == {"ana": 100.0, "bea": bea, "zoe": zoe}


def test_an_extension_is_a_due_date_of_one_s_own() -> None:
    """Until it is over, nothing is missing."""
    found = totals(DUE + 2 * DAY, extensions={("bea", "mlp"): DUE + 5 * DAY})
    assert (found["bea"], found["zoe"]) == (100.0, 0.0)


def test_no_due_date_no_zero() -> None:
    """Where nothing is due, what was not handed in is left out."""
    assert class_totals([entry(5.0), entry(5.0, "mlp", "bea")], LatePolicy(), DUE)["bea"].percent == 100.0


def test_remarks() -> None:
    """What a percentage does not show is said once for a class, by assignment."""
    totals = {"ana": Total(50.0, ("conv", "mlp"), zeros=("mlp",)), "bea": Total(0.0, ("mlp",), zeros=("mlp",), waiting=("conv",))}
    assert remarks(totals, LatePolicy(due={"mlp": DUE})) == [
        "course total: nothing handed in counts as 0: 2 of mlp",
        "course total: left out until they are graded again: 1 of conv",
        "course total: without a due date in course.toml, so that nothing handed in is left out: conv",
    ]
    assert remarks({"ana": Total(100.0, ("mlp",))}, LatePolicy(due={"mlp": DUE})) == []


@given(st.lists(st.tuples(st.floats(0, 5), st.floats(0.1, 9)), min_size=1, max_size=6))
def test_the_total_lies_between_the_best_and_the_worst(given: list[tuple[float, float]]) -> None:
    """It is a mean, whatever the weights."""
    names = [f"t{place}" for place in range(len(given))]
    entries = {name: entry(score, name) for name, (score, _) in zip(names, given, strict=True)}
    found = course_total(entries, {name: weight for name, (_, weight) in zip(names, given, strict=True)}).percent
    shares = [20 * score for score, _ in given]
    assert found is not None and min(shares) - 1e-3 <= found <= max(shares) + 1e-3
