"""Naming the mistake: only the one that explains what came."""

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import HERE, exercise_grade, exercise_of, find, grade, prepared, source_functions, toy

from grader.checks.agrees import agrees
from grader.checks.raises import raises
from grader.checks.unchanged import unchanged
from grader.checks.uses import call, get, new
from grader.course.authoring import Misconception, misconception
from grader.engine.prepare import Prepared
from grader.errors import RubricError
from grader.judge.verdicts import Verdict

TOY = toy()
SOLUTION = source_functions(HERE / "toy/solutions/vectors.py")


def mean(x: Any) -> Any:
    """The reference: the mean of each row."""
    if x.size == 0:
        raise ValueError("nothing to average")
    return x.mean(axis=1)


def matrices(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A matrix of one column first: there the sum is the mean and the first number."""
    for shape in [(2, 2), (3, 2), (3, 3), (2, 4)]:
        yield dict(x=rng.normal(size=shape) + 1.0)


def wrong(name: str, function: Any, of: str = "mean") -> Misconception:
    """A misconception of this name."""
    return misconception(of=of, hint=f"Hint of {name}.", name=name)(function)


def overflowing(x: Any) -> Any:
    """NaN where x is larger than 1."""
    return np.where(x.mean(axis=1) > 1, np.nan, x.mean(axis=1))


def crashing(x: Any) -> Any:
    """It only works for square matrices."""
    if x.shape[0] != x.shape[1]:
        raise IndexError("index out of range")
    return x.mean(axis=0)


SUMMED = wrong("summed", lambda x: x.sum(axis=1))
HALVED = wrong("halved", lambda x: x.sum(axis=1) / 2)  # right for two columns
MEDIAN = wrong("median", lambda x: np.median(x, axis=1))  # right for two columns
MIDDLE = wrong("middle", lambda x: (x.min(axis=1) + x.max(axis=1)) / 2)  # equals the median for three at most by chance
COLUMNS = wrong("columns", crashing)
OVERFLOW = wrong("overflow", overflowing)


def ready(*known: Misconception, extra: Any = ()) -> Prepared:
    """The exercise planned, with these misconceptions."""
    return prepared(exercise_of("mean", agrees("random", cases=matrices), *extra), functions={"mean": mean}, misconceptions=known)


def judged(student: Any, *known: Misconception) -> Verdict:
    """The verdict on a student's function."""
    return find(grade(ready(*known), {"mean": student}))


def test_named_with_its_hint() -> None:
    """A mistake that is known is named, and the student reads its hint."""
    found = judged(lambda x: np.array([sum(row) for row in x]), SUMMED, MEDIAN)
    assert (found.verdict, found.misconception, found.hint) == ("failed", "summed", "Hint of summed.")


@pytest.mark.parametrize(
    "student",
    [
        pytest.param(lambda x: x.sum(axis=1) + 1e-3, id="near-a-misconception"),
        pytest.param(lambda x: x.mean(axis=1) * 2 if x.shape == (3, 3) else x.mean(axis=1), id="one-case-of-its-own"),
        pytest.param(lambda x: x, id="shape"),
        pytest.param(lambda x: None, id="none"),
        pytest.param(lambda x: 1 / 0, id="raises"),
        pytest.param(lambda x: "no", id="string"),
    ],
)
def test_unknown_is_not_named(student: Any) -> None:
    """A mistake that no misconception explains is not named."""
    found = judged(student, SUMMED, MEDIAN, COLUMNS, OVERFLOW)
    assert (found.verdict != "passed", found.misconception, found.hint) == (True, None, "")


@pytest.mark.parametrize("number", [0, 2.5])
def test_same_number_everywhere_is_told(number: float) -> None:
    """One number in every place, as in an array that nothing was written into, is told without a name."""
    found = judged(lambda x: np.full(len(x), number), SUMMED, MEDIAN)
    assert found.misconception is None
    assert found.hint.startswith(f"the result is {number} everywhere, whatever the arguments are")


def test_numbers_drawn_at_random_are_told() -> None:
    """What a function draws from the global generator is another number when the same call is made again."""

    def the_same(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield from matrices(np.random.default_rng(1))

    again = agrees("again", cases=the_same)
    twice = prepared(
        exercise_of("mean", msgspec.structs.replace(again, name="once"), again), functions={"mean": mean}, misconceptions=()
    )
    found = find(grade(twice, {"mean": lambda x: x.mean(axis=1) + np.random.rand()}), "once")
    assert found.hint.startswith("the same call gave two different results")


def test_right_is_not_named() -> None:
    """A right function makes no mistake, though a misconception agrees with it on some cases."""
    assert judged(lambda x: x.sum(axis=1) / x.shape[1], HALVED).misconception is None


def test_right_results_are_not_named() -> None:
    """Where the result is right and only an argument was changed, a misconception that is right there too is not named."""

    def student(x: Any) -> Any:
        result = x.mean(axis=1)
        x[0, 0] = 9.0
        return result

    using = ready(HALVED, extra=[unchanged("left alone", cases=matrices)])
    found = find(grade(using, {"mean": student}), "left alone")
    assert (found.verdict, found.misconception) == ("failed", None)


@pytest.mark.parametrize("order", [(MEDIAN, MIDDLE), (MIDDLE, MEDIAN)], ids=["median-first", "middle-first"])
@pytest.mark.parametrize("item", [MEDIAN, MIDDLE], ids=lambda item: item.name)
def test_told_apart_by_other_cases(order: tuple[Misconception, ...], item: Misconception) -> None:
    """Two misconceptions that coincide on the failing case are told apart by the others."""

    def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(x=np.array([[1.0, 1.0, 1.0, 9.0], [0.0, 2.0, 4.0, 4.0]]).repeat(1, axis=0) * [[0, 0, 0, 0], [0, 1, 1, 1]])
        yield dict(x=np.array([[0.0, 1.0, 5.0, 2.0]]))

    def coincide(x: Any) -> Any:
        return np.array([7.0, 7.0]) if len(x) == 2 else item.function(x)

    known = [wrong(one.name, lambda x, one=one: np.array([7.0, 7.0]) if len(x) == 2 else one.function(x)) for one in order]
    using = prepared(exercise_of("mean", agrees("random", cases=cases)), functions={"mean": mean}, misconceptions=known)
    found = find(grade(using, {"mean": coincide}))
    assert (found.call, found.misconception) == ("mean(x=[[0., 0., 0., 0.], [0., 2., 4., 4.]])", item.name)


def test_same_exception_is_matched() -> None:
    """A misconception that raises is matched by a student's same exception."""
    found = judged(crashing, SUMMED, COLUMNS)
    assert (found.outcome, found.misconception) == ("raised", "columns")
    raising = wrong("axis", lambda x: x.sum(axis=2))
    assert judged(lambda x: x.mean(axis=2), raising).misconception == "axis"


def test_another_exception_is_not() -> None:
    """Another exception than the misconception's is not matched."""
    raising = wrong("axis", lambda x: x.sum(axis=2))
    assert judged(lambda x: x[9, 9, 9], raising).misconception is None


def test_nan_is_matched() -> None:
    """A mistake that gives NaN at the same places is matched."""
    assert judged(overflowing, SUMMED, OVERFLOW).misconception == "overflow"


@pytest.mark.parametrize(
    "student",
    [
        pytest.param(lambda x: overflowing(x) * 2, id="other-numbers-beside-it"),
        pytest.param(lambda x: np.where(np.isnan(overflowing(x)), np.inf, x.mean(axis=1)), id="inf-for-nan"),
        pytest.param(lambda x: x.mean(axis=1) * np.nan, id="nan-everywhere"),
        pytest.param(lambda x: np.where(np.isnan(overflowing(x)), 0.0, x.mean(axis=1)), id="0-for-nan"),
    ],
)
def test_other_nan_is_not(student: Any) -> None:
    """NaN at the same places is another mistake when the numbers beside it differ, and so is NaN elsewhere."""

    def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(x=np.array([[0.5, 0.25], [2.0, 4.0], [-3.0, 1.0]]))

    using = prepared(exercise_of("mean", agrees("one", cases=cases)), functions={"mean": mean}, misconceptions=[OVERFLOW])
    assert find(grade(using, {"mean": student})).misconception is None
    assert find(grade(using, {"mean": overflowing})).misconception == "overflow"


@pytest.mark.parametrize(
    "kind", [float, np.float64, np.float32, lambda v: np.array(v, np.float32)], ids=["float", "float64", "float32", "0-d"]
)
def test_scalars_are_matched(kind: Any) -> None:
    """A mistake in a number is matched, whatever its type."""

    def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(y=rng.normal(size=3), t=rng.normal(size=3))

    def loss(y: Any, t: Any) -> Any:
        return float(np.mean((y - t) ** 2))

    summed = wrong("summed", lambda y, t: float(np.sum((y - t) ** 2)), of="loss")
    using = prepared(exercise_of("loss", agrees("one", cases=cases)), functions={"loss": loss}, misconceptions=[summed])
    assert find(grade(using, {"loss": lambda y, t: kind(((y - t) ** 2).sum())})).misconception == "summed"


def test_lists_are_matched() -> None:
    """A mistake in a list of numbers is matched with the misconception's array."""
    assert judged(lambda x: [float(sum(row)) for row in x], SUMMED).misconception == "summed"


def test_bad_input_accepted_is_matched() -> None:
    """A misconception about bad input is named where the exception is missing."""
    unchecked = wrong("unchecked", lambda x: x.sum(axis=1) / max(x.shape[1], 1))
    using = ready(unchecked, extra=[raises(ValueError, "empty", args=dict(x=np.zeros((2, 0))))])
    graded = grade(using, {"mean": unchecked.function})
    assert (find(graded, "random").verdict, find(graded, "empty").misconception) == ("passed", "unchecked")


def test_constant_must_be_explained_everywhere() -> None:
    """Zeros are not named after a misconception that gives zeros in one case."""
    ranks = wrong("rounded_down", lambda x: np.floor(x.mean(axis=1)))

    def cases(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(x=np.array([[0.5, 0.25]]))
        yield dict(x=np.array([[5.5, 5.25]]))

    using = prepared(exercise_of("mean", agrees("two", cases=cases)), functions={"mean": mean}, misconceptions=[ranks])
    assert find(grade(using, {"mean": ranks.function})).misconception == "rounded_down"
    assert find(grade(using, {"mean": lambda x: np.zeros(len(x))})).misconception is None


def test_of_another_function_is_not() -> None:
    """A misconception of another function does not explain this one's results."""
    functions = {"mean": mean, "total": lambda x: x.sum(axis=1)}
    other = wrong("summed", lambda x: x.sum(axis=1), of="total")
    using = prepared(exercise_of("mean", agrees("random", cases=matrices)), functions=functions, misconceptions=[other])
    assert find(grade(using, {"mean": functions["total"]})).misconception is None


# --- the toy course --------------------------------------------------------------------------------------------------------------------


class Forgetful(SOLUTION["RunningMean"]):  # type: ignore[misc]
    """The old mean is forgotten."""

    def update(self, v: Any) -> Any:
        """Only the new vector counts."""
        self.value = v - self.momentum * v
        return self.value


@pytest.mark.parametrize(
    ("exercise", "student", "name"),
    [
        pytest.param("scale", lambda v, factor: [number + factor for number in v], "added", id="list"),
        pytest.param("extent", lambda v: {"high": max(map(abs, v)), "low": min(map(abs, v))}, "signs_lost", id="dict"),
        pytest.param("loss", lambda y, t: np.sum((y - t) ** 2), "summed", id="scalar"),
        pytest.param("loss_backward", lambda y, t: 2 * y - 2 * t, "summed", id="gradient-of-a-loss"),
        pytest.param(
            "squash_backward", lambda dout, cache: dout * (cache["out"] - cache["out"] ** 2), "slope_of_sigmoid", id="cache"
        ),
        pytest.param("RunningMean", Forgetful, "forgetful", id="class"),
    ],
)
def test_toy_mistakes(exercise: str, student: Any, name: str) -> None:
    """In the toy course each mistake is named, that of a class too."""
    checks = exercise_grade(grade(TOY, {**SOLUTION, exercise: student}), exercise).checks
    assert {check.misconception for check in checks if check.verdict == "failed"} == {name}


def test_class_with_another_mistake() -> None:
    """Another mistake in the class is not named after the known one."""

    class Started(SOLUTION["RunningMean"]):  # type: ignore[misc]
        """The mean starts with zeros."""

        def update(self, v: Any) -> Any:
            """The mean after v."""
            self.value = (1 - self.momentum) * v + (0 if self.value is None else self.momentum * self.value) + 0.5
            return self.value

    checks = exercise_grade(grade(TOY, {**SOLUTION, "RunningMean": Started}), "RunningMean").checks
    assert [check.misconception for check in checks if check.verdict == "failed"] == [None]


def test_misconception_of_no_function() -> None:
    """A misconception of a function that the reference has not is a mistake of the course's author."""
    with pytest.raises(RubricError, match="stray is of 'maen', which the reference does not define"):
        ready(wrong("stray", mean, of="maen"))


def test_objects_need_the_whole_script() -> None:
    """A mistake of an object is named when every step of the script is explained."""

    class Sum:
        """The reference."""

        def __init__(self) -> None:
            self.total = 0.0

        def add(self, x: float) -> float:
            """The new total."""
            self.total += x
            return self.total

    class Last(Sum):
        """Only the last number counts."""

        def add(self, x: float) -> float:
            """The new total."""
            self.total = x
            return self.total

    class LastReturned(Sum):
        """The last number is returned, but the total is right."""

        def add(self, x: float) -> float:
            """The new total."""
            self.total += x
            return x

    def script(rng: np.random.Generator) -> Iterable[Any]:
        yield [new("Sum", save="s"), call("s.add", 1.0), call("s.add", 2.0), get("s.total")]

    using = prepared(
        exercise_of("Sum", agrees("script", cases=script)), functions={"Sum": Sum}, misconceptions=[wrong("last", Last, of="Sum")]
    )
    assert find(grade(using, {"Sum": Last})).misconception == "last"
    assert find(grade(using, {"Sum": LastReturned})).misconception is None
