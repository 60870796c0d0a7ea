"""Laws that results obey."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, grade, prepared, verdict

from grader.checks.property import has_property
from grader.checks.uses import call, get, new
from grader.engine.prepare import Prepared
from grader.errors import RubricError
from grader.judge.messages import UNPROVEN


def softmax(x: Any) -> Any:
    """The reference."""
    e = np.exp(x - x.max())
    return e / e.sum()


def pairs(rng: np.random.Generator) -> Iterable[Any]:
    """A vector, and the same shifted."""
    x = rng.normal(size=4)
    yield [dict(x=x), dict(x=x + 3.0)]


def does_not_move(case: Any, results: list[Any]) -> str | None:
    """A shift changes nothing, and the results add up to 1."""
    if not np.allclose(results[0], results[1]):
        return "adding 3 to every number should change nothing"
    return None if results[0].sum().round(6) == 1 else "the results should add up to 1"


def ready(law: Any = does_not_move, with_reference: bool = True, array_like: bool = False) -> Prepared:
    """The property planned."""
    check = has_property("shift", cases=pairs, law=law)
    return prepared(
        exercise_of("softmax", check, array_like=array_like), functions={"softmax": softmax}, with_reference=with_reference
    )


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(softmax, "passed", id="right"),
        pytest.param(lambda x: np.exp(x), "failed", id="not-normalised"),
        pytest.param(lambda x: x / x.sum(), "failed", id="without-exponentials"),
        pytest.param(lambda x: np.full(4, 0.25), "waits", id="constant"),
        pytest.param(lambda x: np.full(4, np.nan), "failed", id="nan"),
        pytest.param(lambda x: 1 / 0, "failed", id="raises"),
        pytest.param(lambda x: None, "failed", id="none"),
    ],
)
def test_law(student: Any, outcome: str, with_reference: bool) -> None:
    """Results that break the law fail, others pass; a constant earns nothing."""
    assert verdict(ready(with_reference=with_reference), {"softmax": student}).verdict == outcome


@pytest.mark.parametrize(("with_reference", "outcome"), [(True, "waits"), (False, "passed")], ids=["submission", "self-check"])
def test_another_function_that_obeys(with_reference: bool, outcome: str) -> None:
    """A law that uniform results obey too is paid on submission once a result is right."""
    assert verdict(ready(with_reference=with_reference), {"softmax": lambda x: softmax(2 * x)}).verdict == outcome


def test_message_is_the_laws() -> None:
    """The student reads what is broken."""
    assert verdict(ready(), {"softmax": np.exp}).message == "adding 3 to every number should change nothing"


def test_constant_is_told_why() -> None:
    """A constant that obeys the law is told why it earns nothing."""
    found = verdict(ready(), {"softmax": lambda x: np.full(4, 0.25)})
    assert (found.verdict, found.message) == ("waits", UNPROVEN)


@pytest.mark.parametrize(
    ("student", "stage"),
    [
        pytest.param(lambda x: softmax(x)[:, None] * np.ones(2), "shape", id="shape"),
        pytest.param(lambda x: str(softmax(x)), "type", id="string"),
        pytest.param(lambda x: (softmax(x) * 100).astype(int), "dtype", id="dtype"),
        pytest.param(lambda x: softmax(x) * np.nan, "finite", id="nan"),
    ],
)
def test_form_before_the_law(student: Any, stage: str) -> None:
    """Where the reference is, results have its form before the law sees them."""
    found = verdict(ready(), {"softmax": student}).difference
    assert found is not None
    assert found.stage == stage


@pytest.mark.parametrize("student", [lambda x: softmax(x)[None], lambda x: softmax(x).tolist()], ids=["axis", "list"])
def test_form_is_put_right_for_the_law(student: Any) -> None:
    """Where the reference is, a slip costs its part, and the law gets the values in the right form."""
    assert verdict(ready(), {"softmax": student}).score == 0.75


def test_not_finite_in_words() -> None:
    """Without the reference too, NaN is said to be what it is."""
    found = verdict(ready(with_reference=False), {"softmax": lambda x: x * np.nan})
    assert found.message == "the result is nan or inf, but should be finite"


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
def test_lists_reach_the_law_as_arrays(with_reference: bool) -> None:
    """Where lists stand for arrays, the law still gets arrays."""
    using = ready(with_reference=with_reference, array_like=True)
    assert verdict(using, {"softmax": lambda x: softmax(x).tolist()}).verdict == "passed"


def broken(case: Any, results: list[Any]) -> str | None:
    """A law with a mistake of its own."""
    raise KeyError("y")


def test_broken_law_at_submission() -> None:
    """A law that raises is the grader's fault: no points move."""
    found = grade(ready(broken), {"softmax": softmax})
    assert (found.status, found.score, found.exercises[0].checks[0].verdict) == ("grader_error", None, "grader_error")


def test_broken_law_in_self_check() -> None:
    """Without the reference nothing vouches for the results, so the law's exception is told as a failure."""
    found = verdict(ready(broken, with_reference=False), {"softmax": softmax})
    assert (found.verdict, found.message) == (
        "failed",
        "the result does not have the form that the docstring asks for (KeyError: 'y')",
    )


def at_zero(rng: np.random.Generator) -> Iterable[Any]:
    """Numbers on both sides of the kink, and on it."""
    yield dict(dout=np.array([2.0, 3.0, 5.0]), x=np.array([-1.0, 0.0, 1.0]))


def any_subgradient(case: Any, results: list[Any]) -> str | None:
    """Away from zero there is one derivative, at zero every number from 0 to 1."""
    slopes = results[0] / case["dout"]
    return None if slopes[0] == 0 and slopes[2] == 1 and 0 <= slopes[1] <= 1 else "the derivative is 0 below zero and 1 above it"


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(lambda dout, x: dout * (x > 0), "passed", id="zero-at-zero"),
        pytest.param(lambda dout, x: dout * (x >= 0), "passed", id="one-at-zero"),
        pytest.param(lambda dout, x: dout * (np.sign(x) + 1) / 2, "passed", id="half-at-zero"),
        pytest.param(lambda dout, x: dout * (x != 0), "failed", id="one-below-zero"),
        pytest.param(lambda dout, x: 2 * dout * (x >= 0), "failed", id="two"),
    ],
)
def test_every_derivative_of_relu_at_zero(student: Any, outcome: str) -> None:
    """Where several answers are right, a law accepts each of them and no other."""
    functions = {"relu_backward": lambda dout, x: dout * (x > 0)}
    check = has_property("derivative", cases=at_zero, law=any_subgradient)
    using = prepared(exercise_of("relu_backward", check), functions=functions)
    assert verdict(using, {"relu_backward": student}).verdict == outcome


def vectors_of_one_length(rng: np.random.Generator) -> Iterable[Any]:
    """Two pairs of the same length."""
    for _ in range(2):
        yield from pairs(rng)


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(softmax, "passed", id="right"),
        pytest.param(lambda x: np.arange(len(x)) / np.arange(len(x)).sum(), "waits", id="looks-at-the-length-only"),
    ],
)
def test_results_that_do_not_depend_on_the_numbers(student: Any, outcome: str) -> None:
    """A function that gives the same for other numbers of the same shape earns nothing for a law."""
    check = has_property("shift", cases=vectors_of_one_length, law=does_not_move)
    using = prepared(exercise_of("softmax", check), functions={"softmax": softmax})
    assert verdict(using, {"softmax": student}).verdict == outcome


class Scale:
    """The reference: a vector times a number that it remembers."""

    def __init__(self, factor: float) -> None:
        self.factor, self.calls = factor, 0

    def apply(self, x: Any) -> Any:
        """The product."""
        self.calls += 1
        return self.factor * x


class Adds(Scale):
    """Adds where it should multiply."""

    def apply(self, x: Any) -> Any:
        """The sum."""
        return self.factor + x


def used_twice(rng: np.random.Generator) -> Iterable[Any]:
    """An object that is used for a vector and for its double."""
    x = rng.normal(size=3)
    yield [new("Scale", 3.0, save="s"), call("s.apply", x), call("s.apply", 2 * x), get("s.factor")]


def is_linear(case: Any, results: list[Any]) -> str | None:
    """The results are those of the calls and gets, without what `new` made."""
    once, twice, factor = results
    return None if factor == 3 and np.allclose(twice, 2 * once) else "twice the vector should give twice the result"


@pytest.mark.parametrize(("student", "outcome"), [(Scale, "passed"), (Adds, "failed")])
def test_law_about_an_object(student: Any, outcome: str) -> None:
    """A case may be a script: the law gets what each call and each get returned."""
    using = prepared(exercise_of("Scale", has_property("linear", cases=used_twice, law=is_linear)), functions={"Scale": Scale})
    assert verdict(using, {"Scale": student}).verdict == outcome


def test_case_that_is_no_case() -> None:
    """A case that is neither arguments nor a script is the author's to fix."""

    def numbers(rng: np.random.Generator) -> Iterable[Any]:
        yield 3

    check = has_property("law", cases=numbers, law=is_linear)
    with pytest.raises(RubricError, match=r"numbers yields a int\n.*a list of them, or of new/call/get"):
        prepared(exercise_of("Scale", check), functions={"Scale": Scale})


def test_nothing_came_back() -> None:
    """Where the law cannot be looked at because None came back, the missing `return` is named."""
    found = verdict(ready(broken, with_reference=False), {"softmax": lambda x: None})
    assert found.message == "it returned None; is a `return` missing?"


def test_all_calls_of_a_law_are_shown() -> None:
    """A law about several calls shows them, one below the other."""
    found = verdict(ready(), {"softmax": lambda x: np.exp(x) / 9})
    assert found.call.count("softmax(x=") == 2 and found.call.count("\n") == 1


@pytest.mark.parametrize(
    "student",
    [
        pytest.param(lambda x: np.array([True, False, True, True]), id="truth-values"),
        pytest.param(lambda x: "abcd", id="text"),
        pytest.param(lambda x: np.array(["a", "b", "c", "d"]), id="texts"),
    ],
)
def test_a_law_alone_decides_of_truth_values_and_texts(student: Any) -> None:
    """Where a law decides, a right result may be another than the reference's, whatever its kind."""
    check = has_property(
        "four of them", cases=pairs, law=lambda _case, results: None if len(results[0]) == 4 else "four are asked for"
    )

    def other(x: Any) -> Any:
        found = student(x)
        return found[::-1] if isinstance(found, str) else np.roll(found, 1)

    using = prepared(exercise_of("draw", check), functions={"draw": other})
    assert verdict(using, {"draw": student}).verdict != "failed"


def test_a_slip_under_a_law_costs_a_part() -> None:
    """Where only a law is checked and the result is another than the reference's, a list for an array is a slip, and not nothing."""
    check = has_property(
        "four of them", cases=pairs, law=lambda _case, results: None if results[0].sum() == 2 else "two are asked for"
    )
    right = np.array([True, True, False, False])
    using = prepared(exercise_of("draw", check), functions={"draw": lambda x: right[::-1].copy()})
    assert grade(using, {"draw": lambda x: right}).score == 1
    assert grade(using, {"draw": lambda x: right.tolist()}).score == 0.75
