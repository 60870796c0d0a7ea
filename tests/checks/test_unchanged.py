"""The inputs are left as they were."""

from typing import Any

import msgspec
import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.gradient import gradient
from grader.checks.property import has_property
from grader.checks.unchanged import NAME, Unchanged, always_unchanged, unchanged
from grader.checks.uses import call, get, new, ref
from grader.course.authoring import exercise
from grader.engine.prepare import Prepared
from grader.judge.oracle import Oracle
from grader.plan import make_plan
from grader.sandbox.signature import Signature
from grader.sandbox.values import decode


def total(x: Any, y: Any) -> Any:
    """The reference."""
    return x + y


def ready(x: Any, y: Any) -> Prepared:
    """The check planned for these arguments."""
    return prepared(exercise_of("total", unchanged("left alone", cases=one_case(x=x, y=y))), functions={"total": total})


def spoiling(change: Any) -> Any:
    """A function that changes its arguments and returns something that depends on them."""

    def student(x: Any, y: Any) -> Any:
        change(x, y)
        return np.arange(3.0)

    return student


X, Y = np.array([1.5, 2.0]), np.array([3.0, 4.0])


def set_item(place: str, index: Any, value: Any) -> Any:
    """A change of one element."""
    return lambda x, y: (x if place == "x" else y).__setitem__(index, value)


@pytest.mark.parametrize(
    ("x", "y", "change", "message"),
    [
        pytest.param(
            X, Y, set_item("y", 1, 9.0), "`y` was changed by the call: at [1] it was 4 and is 9; work on a copy", id="one-element"
        ),
        pytest.param(
            X,
            Y,
            lambda x, y: x.sort() or x.__imul__(2),
            "`x` was changed by the call: at [0] it was 1.5 and is 3; work on a copy",
            id="whole-array",
        ),
        pytest.param(
            X, Y, set_item("x", 0, np.nan), "`x` was changed by the call: at [0] it was 1.5 and is nan; work on a copy", id="nan"
        ),
        pytest.param(
            X,
            Y,
            set_item("x", 0, 1.5 + 1e-9),
            "`x` was changed by the call: at [0] it was 1.5 and is 1.500000001; work on a copy",
            id="in-the-last-digits",
        ),
        pytest.param(
            X > 1.8,
            Y,
            set_item("x", 0, True),
            "`x` was changed by the call: at [0] it was False and is True; work on a copy",
            id="bools",
        ),
        pytest.param(
            X * 1j,
            Y,
            set_item("x", 0, 0j),
            "`x` was changed by the call: at [0] it was 1.5j and is 0j; work on a copy",
            id="complex",
        ),
        pytest.param(
            np.array([1, 2]),
            Y,
            set_item("x", 1, 3),
            "`x` was changed by the call: at [1] it was 2 and is 3; work on a copy",
            id="integers",
        ),
        pytest.param([1, 2], Y, lambda x, y: x.append(3), "`x` was changed by the call; work on a copy", id="list"),
        pytest.param(X, Y, lambda x, y: x.resize(3, refcheck=False), "`x` was changed by the call; work on a copy", id="resized"),
    ],
)
def test_change_is_found(x: Any, y: Any, change: Any, message: str) -> None:
    """A change in place is found, and the first changed element named."""
    found = verdict(ready(x, y), {"total": spoiling(change)})
    assert (found.verdict, found.message) == ("failed", message)


def shadowing(x: Any, y: Any) -> Any:
    """Arguments are given other values, but not changed."""
    x = x + 1
    x += y
    return x - 1


def restoring(x: Any, y: Any) -> Any:
    """An argument is changed and restored."""
    x += y
    out = x.copy()
    x -= y
    return out


@pytest.mark.parametrize("student", [total, shadowing, restoring], ids=["right", "shadowing", "restoring"])
def test_no_change(student: Any) -> None:
    """Arguments that are, after the call, what they were before pass."""
    assert verdict(ready(X, Y), {"total": student}).verdict == "passed"


@pytest.mark.parametrize(
    ("x", "student"),
    [
        pytest.param(np.array([-0.0, 1.0]), lambda x, y: x.__iadd__(0.0) + y, id="minus-zero"),
        pytest.param(np.array([np.nan, 1.0]), lambda x, y: y + x[1], id="nan-that-stays"),
    ],
)
def test_equal_is_unchanged(x: Any, student: Any) -> None:
    """0.0 in the place of -0.0 is not a change, nor is NaN that stays NaN."""
    assert verdict(ready(x, Y), {"total": student}).verdict == "passed"


def test_constant_earns_nothing() -> None:
    """A function that returns one constant earns nothing for leaving its arguments alone."""
    assert verdict(ready(X, Y), {"total": lambda x, y: np.zeros(2)}).score == 0


def test_raising_earns_nothing() -> None:
    """A function that raises earns nothing for leaving its arguments alone."""
    assert verdict(ready(X, Y), {"total": lambda x, y: 1 / 0}).verdict == "failed"


# --- the check that every exercise has -------------------------------------------------------------------------------------------------


def drawn(rng: np.random.Generator) -> Any:
    """Vectors."""
    yield dict(x=rng.normal(size=2), y=1.0)
    yield dict(x=rng.normal(size=3), y=1.0)


def numbers(rng: np.random.Generator) -> Any:
    """Nothing that could be changed."""
    yield dict(x=rng.normal(), y="add")


def scripts(rng: np.random.Generator) -> Any:
    """More than one call a case."""
    yield [call("total", np.ones(2), np.ones(2))]


def scripts_of_another(rng: np.random.Generator) -> Any:
    """Another function gets the arrays."""
    yield [call("other", np.ones(2), save="made"), call("total", ref("made"), 1.0)]


def pairs(rng: np.random.Generator) -> Any:
    """Two calls a case."""
    yield [dict(x=np.ones(2), y=1.0), dict(x=np.ones(2), y=2.0)]


def never(case: Any, results: Any) -> None:
    """A law that always holds."""


AGREES, HOLDS = agrees("random", cases=drawn), has_property("law", cases=drawn, law=never)


def always(*checks: Any, share: float = 0.25) -> Unchanged | None:
    """The check that an exercise of these checks has."""
    return always_unchanged(checks, "total", share)


def test_every_exercise_has_it() -> None:
    """It comes last, under one name and with a quarter of a check's weight, on one drawn case."""

    @exercise(points=1)
    def total() -> Any:
        """Adds."""
        yield agrees("random", cases=drawn)

    ready = prepared(total, functions={"total": lambda x, y: x + y})
    (_, planned) = ready.plan.exercises[0].checks
    (seq,) = planned.seqs
    assert (planned.check.name, planned.check.share, planned.check.kind) == (NAME, 0.25, "unchanged")
    assert (decode(ready.plan.steps[seq].args[0]).shape, ready.plan.steps[seq].after) == ((2,), True)


@pytest.mark.parametrize(
    "checks", [(AGREES,), (HOLDS,), (agrees("numbers", cases=numbers), AGREES)], ids=["agrees", "law", "second"]
)
def test_its_cases_are_those_of_a_check(checks: Any) -> None:
    """Its cases are those of the first check with arguments that could be changed."""
    found = always(*checks)
    assert found is not None
    assert (found.cases, found.n) == (drawn, 1)


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(agrees("numbers", cases=numbers), id="numbers"),
        pytest.param(agrees("script", cases=scripts_of_another), id="another-function"),
        pytest.param(gradient(of="f", wrt=("x",), cases=drawn), id="gradient"),  # its cases are another function's arguments too
    ],
)
def test_none_where_nothing_could_change(check: Any) -> None:
    """Where no check calls the function with an array or a list, there is no such check."""
    assert always(check) is None


@pytest.mark.parametrize("cases", [scripts, pairs])
def test_cases_of_several_calls(cases: Any) -> None:
    """Where no check makes a single call, a script or several calls will do."""
    found = always(agrees("numbers", cases=numbers), has_property("law", cases=cases, law=never))
    assert found is not None and found.cases is cases


def test_single_calls_come_first() -> None:
    """A single call is preferred to a script, wherever it stands."""
    found = always(has_property("law", cases=scripts, law=never), AGREES)
    assert found is not None and found.cases is drawn


class Total:
    """A class with two methods that take arrays."""

    def __init__(self, start: Any) -> None:
        self.sum = start.copy()

    def add(self, x: Any) -> Any:
        """Add an array."""
        self.sum = self.sum + x
        return self.sum

    def both(self, x: Any, y: Any) -> Any:
        """Add two."""
        return self.add(x) + self.add(y)


def one_method(rng: np.random.Generator) -> Any:
    """A script with one method."""
    yield [new("Total", np.ones(2), save="t"), call("t.add", rng.normal(size=2))]


def both_methods(rng: np.random.Generator) -> Any:
    """A script with both methods."""
    yield [
        new("Total", np.ones(2), save="t"),
        call("t.add", rng.normal(size=2)),
        call("t.both", np.ones(2), y=np.ones(2)),
        get("t.sum"),
    ]


class Spoils(Total):
    """Changes the second argument of its second method."""

    def both(self, x: Any, y: Any) -> Any:
        """Add two, and change one."""
        y += x
        return self.add(y)


class SpoilsWhenMade(Total):
    """Changes what it is made of."""

    def __init__(self, start: Any) -> None:
        start += 1
        super().__init__(start)


def a_class() -> Prepared:
    """The check that a class has by default."""
    checks = (agrees("one", cases=one_method), agrees("both", cases=both_methods))
    added = always_unchanged(checks, "Total", 0.25)
    assert added is not None
    ready = prepared(exercise_of("Total", *checks, added), functions={"Total": Total})
    signatures = {
        name: Signature(names) for name, names in (("Total", ("start",)), ("Total.add", ("x",)), ("Total.both", ("x", "y")))
    }
    rubric = msgspec.structs.replace(ready.plan.rubric, signatures=signatures)
    plan = make_plan(rubric, "seed", with_reference=True)
    return Prepared(plan, Oracle(plan, {"Total": Total}))


@pytest.mark.parametrize(
    ("student", "outcome", "message"),
    [
        (Total, "passed", ""),
        (Spoils, "failed", "`y` was changed by the call: at [0] it was 1 and is 2; work on a copy"),
        (SpoilsWhenMade, "failed", "`start` was changed by the call: at [0] it was 1 and is 2; work on a copy"),
    ],
)
def test_methods_leave_their_arguments_alone(student: Any, outcome: str, message: str) -> None:
    """Of several scripts, the one that reaches the most methods is taken, and every step of it is looked at."""
    found = verdict(a_class(), {"Total": student}, NAME)
    assert (found.verdict, found.message) == (outcome, message)


def test_its_own_check_takes_its_place() -> None:
    """An exercise that yields such a check itself has no other."""
    assert always(AGREES, unchanged("left alone", cases=drawn)) is None


def test_none_on_request() -> None:
    """`unchanged=False` leaves it out."""
    assert exercise(points=1, unchanged=False)(test_none_on_request).unchanged == 0  # type: ignore[arg-type]
    assert always(AGREES, share=0.0) is None
