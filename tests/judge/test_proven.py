"""Nothing for nothing: an exercise pays once one of its right results is not a copy, a constant or a plain sum."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, find, grade, one_case, prepared

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.example import example
from grader.checks.property import has_property
from grader.checks.raises import raises
from grader.checks.unchanged import unchanged
from grader.engine.prepare import Prepared
from grader.judge import messages

Function = Callable[..., Any]
SLIDE = np.array([[1.0, 2.0], [3.0, 5.0]])


def tables(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Tables of several shapes."""
    for shape in [(2, 2), (3, 2), (1, 4)]:
        yield dict(x=rng.normal(size=shape))


def softmax(x: Any) -> Any:
    """The reference: each row becomes positive and adds up to 1."""
    if not isinstance(x, np.ndarray):
        raise TypeError("not an array")
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def adds_up(case: Any, results: list[Any]) -> str | None:
    """Rows add up to 1."""
    return None if np.allclose(results[0].sum(axis=1), 1) else "rows should add up to 1"


def ready(reference: Function = softmax, *more: Any) -> Prepared:
    """An exercise with a worked example, drawn cases and what can be had by copying."""
    examples = {"slide": Example("slide", "L1", "A slide", {"x": SLIDE}, softmax(SLIDE), None, exercise="f")}
    checks = (
        example("slide"),
        agrees("random", cases=tables),
        raises(TypeError, "no array", args=dict(x=None)),
        unchanged("left alone", cases=tables),
    )
    return prepared(exercise_of("f", *checks, *more), functions={"f": reference}, examples=examples)


READY = ready()


def copying(other: Function) -> Function:
    """The worked example copied, bad input refused, and something else for all other inputs."""

    def student(x: Any) -> Any:
        if not isinstance(x, np.ndarray):
            raise TypeError("no")
        return softmax(SLIDE) if np.array_equal(x, SLIDE) else other(x)

    return student


def refuses(*_: Any) -> Any:
    """Always the exception that bad input should get."""
    raise TypeError("no")


TRIVIAL = [
    pytest.param(lambda x: x.copy(), id="copy"),
    pytest.param(lambda x: np.zeros(x.shape), id="zeros"),
    pytest.param(lambda x: np.full(x.shape, 1 / x.shape[1]), id="uniform-rows"),
    pytest.param(lambda x: x.sum(), id="sum"),
    pytest.param(lambda x: np.trace(x), id="trace"),
    pytest.param(lambda x: None, id="none"),
    pytest.param(refuses, id="refuses"),
]


@pytest.mark.parametrize("other", TRIVIAL)
@pytest.mark.parametrize("copies", [True, False], ids=["with-the-example", "without"])
def test_trivial_programs_earn_nothing(other: Function, copies: bool) -> None:
    """A trivial program earns nothing, whether or not it knows the worked example."""
    assert grade(READY, {"f": copying(other) if copies else other}).score == 0


def test_list_that_holds_itself_earns_nothing() -> None:
    """What cannot be sent proves nothing."""
    endless: list[Any] = []
    endless.append(endless)
    assert grade(READY, {"f": copying(lambda x: endless)}).score == 0


def test_copied_example_is_told_why() -> None:
    """What was copied is not called wrong: it counts once something else is right."""
    found = find(grade(READY, {"f": copying(lambda x: x)}), "slide")
    assert (found.verdict, found.message, found.earned, found.waits_for) == ("waits", messages.UNPROVEN, 0.0, ())


def test_right_for_some_inputs_pays_for_the_rest() -> None:
    """One right result that no such program gives pays for the example, the refusal and the arguments left alone."""
    graded = grade(READY, {"f": lambda x: softmax(x) if x is None or len(x) > 1 else x})
    assert [check.verdict for check in graded.exercises[0].checks] == ["passed", "failed", "passed", "passed"]


def test_right_in_a_wrong_form_proves_too() -> None:
    """A slip shows some work."""
    graded = grade(READY, {"f": lambda x: softmax(x).tolist()})
    assert [check.verdict for check in graded.exercises[0].checks] == ["partly", "partly", "passed", "passed"]


@pytest.mark.parametrize(
    "reference",
    [
        pytest.param(lambda x: x.mean(axis=0), id="mean"),
        pytest.param(lambda x: x.T.copy(), id="transpose"),
        pytest.param(lambda x: float(x.max()), id="maximum"),
        pytest.param(lambda x: bool(x.mean() > 0), id="true-or-false"),
        pytest.param(lambda x: int(x.shape[0] > 1), id="a-class"),
        pytest.param(lambda x: "wide" if x.shape[1] > 2 else "narrow", id="string"),
        pytest.param(lambda x: (x.sum(), x.mean()), id="two-sums"),
        pytest.param(lambda x: {"low": x.min(), "high": x.max()}, id="dict"),
    ],
)
def test_algorithm_that_is_itself_simple(reference: Function) -> None:
    """A right program is paid even where every single result could have been guessed."""
    using = prepared(exercise_of("f", agrees("random", cases=tables)), functions={"f": reference})
    assert grade(using, {"f": reference}).score == 1.0


@pytest.mark.parametrize("guess", [True, False])
def test_guessing_true_or_false(guess: bool) -> None:
    """One answer for all questions earns nothing, though it is right for some."""
    checks = [agrees(f"case {n}", cases=one_case(x=n)) for n in range(4)]
    using = prepared(exercise_of("even", *checks), functions={"even": lambda x: x % 2 == 0})
    assert grade(using, {"even": lambda x: guess}).score == 0


def test_law_that_anything_obeys_proves_nothing() -> None:
    """Uniform rows add up to 1 too: a law that they obey pays nothing by itself."""
    law = has_property("adds up", cases=tables, law=adds_up)
    assert grade(ready(softmax, law), {"f": copying(lambda x: np.full(x.shape, 1 / x.shape[1]))}).score == 0


def test_law_that_needs_an_idea_proves() -> None:
    """A law that none of these programs obeys pays for another function that does."""

    def in_ratio(case: Any, results: list[Any]) -> str | None:
        logs = np.log(np.maximum(results[0], 1e-300))
        right = np.allclose(np.diff(logs, axis=1), np.diff(case["x"], axis=1)) and (results[0] > 0).all()
        return None if right else "the results should be in the ratio of the exponentials"

    law = has_property("in ratio", cases=tables, law=in_ratio)
    using = prepared(exercise_of("f", law), functions={"f": softmax})
    assert grade(using, {"f": lambda x: 2 * softmax(x)}).score == 1.0


KINDS = [agrees(f"case {n}", cases=one_case(x=n)) for n in range(4)]


def kind(x: int) -> str:
    """The reference: a word."""
    return ["none", "one", "many", "many"][x]


@pytest.mark.parametrize(
    ("student", "score"),
    [
        pytest.param(kind, 1.0, id="right"),
        pytest.param(lambda x: "many", 0.0, id="one-word"),
        pytest.param(lambda x: "many" if x else "none", 0.75, id="two-words"),
    ],
)
def test_words(student: Function, score: float) -> None:
    """One word for all questions earns nothing; two words that are right show some work."""
    assert grade(prepared(exercise_of("kind", *KINDS), functions={"kind": kind}), {"kind": student}).score == score


def test_nothing_is_no_idea() -> None:
    """None in the place of a result that is None proves nothing."""
    functions = {"f": lambda x: (x.mean(axis=1), None)}
    using = prepared(exercise_of("f", agrees("random", cases=tables), returns=("y", "cache")), functions=functions)
    assert grade(using, {"f": lambda x: (x, None)}).score == 0


def eight(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Eight tables, all of other shapes."""
    for rows in range(2, 10):
        yield dict(x=rng.normal(size=(rows, 3)))


@pytest.mark.parametrize(("right", "part"), [(0, 0.0), (1, 0.5), (4, 0.5), (8, 1.0)])
def test_what_is_right_for_some_inputs_is_paid(right: int, part: float) -> None:
    """One of them is enough for half of the points."""
    using = prepared(exercise_of("f", agrees("random", cases=eight)), functions={"f": softmax})
    assert grade(using, {"f": lambda x: softmax(x) if len(x) < 2 + right else 2 * softmax(x)}).score == part


@pytest.mark.parametrize(
    ("reference", "part"),
    [
        (softmax, 0.5),
        (lambda x: x.argmax(axis=1), 0.25),
        (lambda x: float(np.mean(x.argmax(axis=1) == 0)), 0.25),
        (lambda x: x > 0, 0.25),
    ],
    ids=["numbers", "labels", "a share of a few", "truth values"],
)
def test_what_may_be_guessed_is_paid_in_proportion(reference: Function, part: float) -> None:
    """One of sixteen inputs is worth half of the points, or a quarter."""

    def sixteen(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield from (dict(x=rng.normal(size=(rows, 3))) for rows in range(12, 27))  # and the first once more

    using = prepared(exercise_of("f", agrees("random", cases=sixteen)), functions={"f": reference})
    assert grade(using, {"f": lambda x: reference(x) if len(x) == 13 else 3 - reference(x)}).score == part


def test_each_result_is_paid_by_itself() -> None:
    """One result is right for one input of eight and the other for none: half of the first one's half."""
    functions = {"f": lambda x: (softmax(x), np.sin(x))}
    using = prepared(exercise_of("f", agrees("random", cases=eight), returns=("p", "y")), functions=functions)
    assert grade(using, {"f": lambda x: (softmax(x) * (1 if len(x) == 3 else 2), np.cos(x))}).score == 0.25
