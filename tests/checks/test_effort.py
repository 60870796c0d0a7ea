"""One large call within a budget, and what its failure takes along."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, find, grade, judge_outcomes, outcomes_of, prepared

from grader.checks.agrees import agrees
from grader.checks.effort import Within, withheld, within
from grader.course.authoring import misconception
from grader.engine.prepare import Prepared
from grader.judge.oracle import Oracle
from grader.judge.verdicts import Grade
from grader.sandbox.outcome import OutOfMemory, TimedOut


def double(x: Any) -> Any:
    """Twice x."""
    return 2.0 * x


def small(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Three numbers."""
    yield dict(x=rng.normal(size=3))


def large(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A thousand numbers."""
    yield dict(x=rng.normal(size=1000))


def tiny_results(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Numbers of very different size."""
    yield dict(x=10.0 ** -np.arange(9.0))


def ready(*checks: Any) -> Prepared:
    """An exercise `double` of these checks."""
    return prepared(exercise_of("double", *checks), functions={"double": double})


def graded(check: Within, last: Any, first: Any = double) -> Grade:
    """The grade where the large call has the outcome `last` and the small one is made by `first`."""
    plan = ready(agrees("small", cases=small), check)
    outcomes = list(outcomes_of(plan, {"double": first}))
    return judge_outcomes(plan, (*outcomes[:-1], last))


SLOW = TimedOut(0.1, "cpu")


def test_a_fast_right_call_passes() -> None:
    """What equals the reference in time passes."""
    plan = ready(within(cases=large))
    assert find(judge_outcomes(plan, outcomes_of(plan, {"double": lambda x: x + x}))).verdict == "passed"


def test_a_slow_call_takes_the_others_along() -> None:
    """Where the time was up, nothing in the exercise pays."""
    assert graded(within(cases=large), SLOW).score == 0


def test_a_slow_call_says_how_it_is_meant() -> None:
    """The message names the function and the formula."""
    message = find(graded(within(cases=large, times=7), SLOW), within(cases=large).name).message
    assert "double takes more than 7 times as long as the formula" in message


def test_a_withheld_check_points_to_its_reason() -> None:
    """A right check that does not pay says on which one that depends."""
    assert within(cases=large).name in find(graded(within(cases=large), SLOW), "small").message


def test_without_a_gate_it_costs_its_share() -> None:
    """«Vectorised» is a check like any other."""
    assert graded(within("vectorised", cases=large, gate=False, share=1.0), SLOW).score == 0.5


def test_a_gate_of_other_names_leaves_a_check_alone() -> None:
    """Of a class, only the named checks depend on it."""
    assert graded(within(cases=large, gate=("another",), share=1.0), SLOW).score == 0.5


@pytest.mark.parametrize("last", [OutOfMemory(), TimedOut(8.0, "wall")], ids=["memory", "wall"])
def test_right_on_small_arrays_only_does_not_pay(last: Any) -> None:
    """Nobody gets around it by failing on what is large."""
    assert graded(within(cases=large), last).score == 0


def test_a_submission_without_time_left_keeps_its_checks() -> None:
    """The budget of the whole submission says nothing about this function."""
    assert "formula" not in find(graded(within(cases=large), TimedOut(60.0, "budget")), within(cases=large).name).message


def test_who_is_wrong_elsewhere_keeps_what_is_right() -> None:
    """A mistake that shows in the large call too is a mistake, and no way around the formula."""
    checks = [agrees("one", cases=small), agrees("two", cases=small), within(cases=large)]
    assert withheld(checks, {"one", checks[2].name}, set()) == {}


def test_roughly_right_is_enough() -> None:
    """The other checks look closely."""
    plan = ready(within(cases=large))
    assert find(judge_outcomes(plan, outcomes_of(plan, {"double": lambda x: 2 * x * (1 + 1e-6)}))).verdict == "passed"


@pytest.mark.parametrize(
    ("student", "expected"),
    [
        pytest.param(lambda x: x + x, "passed", id="exact"),
        pytest.param(lambda x: (x + x).astype(np.float32), "passed", id="float32"),
        pytest.param(lambda x: ((x + 1 + 1e-5) ** 2 - (x + 1 - 1e-5) ** 2) / 2e-5 - 2, "failed", id="differences"),
    ],
)
def test_each_number_by_itself(student: Any, expected: str) -> None:
    """Differences of a forward pass have no digits left where the result is small."""
    plan = ready(within(cases=tiny_results, each=1e-9))
    assert find(judge_outcomes(plan, outcomes_of(plan, {"double": student}))).verdict == expected


@pytest.mark.parametrize(
    ("student", "part"),
    [
        pytest.param(lambda x: np.round(2 * x, 4), 0.5, id="rounded"),
        pytest.param(lambda x: (2 * x).astype(np.float32), 0.5, id="float32"),
        pytest.param(lambda x: 2 * x if len(x) < 5 else np.zeros(len(x)), 0.0, id="right-on-small-arrays"),
    ],
)
def test_who_keeps_too_few_digits_pays_a_slip_and_no_more(student: Any, part: float) -> None:
    """Rounded results of tiny numbers are wrong, as they would be by the formula: that says nothing about how they were found."""
    plan = ready(agrees("small", cases=small), within(cases=tiny_results, each=1e-9))
    assert judge_outcomes(plan, outcomes_of(plan, {"double": student})).score >= part


@pytest.mark.parametrize(
    ("large_calls", "words"),
    [
        pytest.param(lambda inner, x: inner(x), ("passed", "passed"), id="right"),
        pytest.param(lambda inner, x: inner(x) + 1, ("waits", "waits"), id="wrong-on-large-arrays"),
    ],
)
def test_large_call_on_top_of_a_mistake(large_calls: Any, words: tuple[str, str]) -> None:
    """Where the mistake leaves nothing of a large call, right code is paid for it, and whoever is wrong there does not get around it."""

    def code(inner: Any) -> dict[str, Any]:
        namespace = {"inner": inner}
        namespace["outer"] = lambda x: 1.0 * namespace["inner"](x)
        return namespace

    mistake = misconception(of="inner", hint="Any size.", name="small_only")(lambda x: 3 * x * (len(x) < 5))
    exercises = (
        exercise_of("inner", agrees("small", cases=small)),
        exercise_of("outer", agrees("on top", cases=small), within(cases=large)),
    )
    using = prepared(*exercises, functions=code(double), uses={"outer": frozenset({"inner"})})
    plan = Prepared(using.plan, Oracle(using.plan, code(double), (mistake,), lambda: code(double)))
    inner = mistake.function
    found = grade(plan, {"inner": inner, "outer": lambda x: large_calls(inner, x) if len(x) > 5 else 1.0 * inner(x)})
    assert (find(found, "on top").verdict, find(found, within(cases=large).name).verdict) == words


def test_it_waits_for_the_submission() -> None:
    """Without the reference there is nothing to measure by."""
    plan = prepared(exercise_of("double", within(cases=large)), functions={"double": double}, with_reference=False)
    assert plan.plan.exercises[0].checks[0].at_hand_in


def test_nobody_is_asked_to_be_faster_than_the_solution() -> None:
    """A multiple below 1 is a slip of the author."""
    with pytest.raises(ValueError, match="faster"):
        within(cases=large, times=0.5)
