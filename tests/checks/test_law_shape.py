"""Without the reference a law knows the right shape from the case, never from the result."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, prepared, verdict

from grader.checks.property import Shape, has_property
from grader.engine.prepare import Prepared


def pairs(rng: np.random.Generator) -> Iterable[Any]:
    """A matrix twice, in one case."""
    x = rng.normal(size=(3, 2))
    yield [dict(x=x), dict(x=2 * x)]


def anything(case: Any, results: list[Any]) -> str | None:
    """A law that takes the size from the result."""
    return None


def twice(x: Any) -> Any:
    """The reference."""
    return 2 * x


def both(x: Any) -> Any:
    """A reference with two results."""
    return 2 * x, float(x.sum())


def ready(reference: Any, shape: Shape | None, array_like: bool = False) -> Prepared:
    """The law planned for a student's copy."""
    check = has_property("law", cases=pairs, law=anything, shape=shape)
    returns = ("a", "b") if reference is both else ("a",)
    exercise = exercise_of("f", check, returns=returns, array_like=array_like)
    return prepared(exercise, functions={"f": reference}, with_reference=False)


@pytest.mark.parametrize("shape", ["x", lambda case: case["x"].shape], ids=["argument", "function"])
@pytest.mark.parametrize(
    ("student", "message"),
    [
        pytest.param(twice, "", id="right"),
        pytest.param(lambda x: 2 * x.astype(np.float32), "", id="another-dtype"),
        pytest.param(lambda x: (2 * x)[:-1], "a should have shape (3, 2), but has (2, 2)", id="a-row-short"),
        pytest.param(lambda x: (2 * x).T, "a should have shape (3, 2), but has (2, 3)", id="transposed"),
        pytest.param(lambda x: (2 * x)[..., None], "a should have shape (3, 2), but has (3, 2, 1)", id="an-axis-more"),
        pytest.param(lambda x: "x", "a should be an array of shape (3, 2), but is the string 'x'", id="text"),
    ],
)
def test_shape_of_one_result(shape: Shape, student: Any, message: str) -> None:
    """The result has the shape that the case says."""
    found = verdict(ready(twice, shape), {"f": student})
    assert (found.verdict == "failed", found.message) == (bool(message), message)


def test_without_a_shape_any_passes() -> None:
    """What the law does not look at is not looked at."""
    assert verdict(ready(twice, None), {"f": lambda x: (2 * x)[:-1]}).verdict != "failed"


@pytest.mark.parametrize(
    ("student", "message"),
    [
        pytest.param(both, "", id="right"),
        pytest.param(lambda x: (2 * x, np.ones(1)), "b should be one number, but has shape (1,)", id="second"),
        pytest.param(lambda x: (2 * x[:1], 1.0), "a should have shape (3, 2), but has (1, 2)", id="first"),
        pytest.param(
            lambda x: [2 * x, 1.0, 2.0], "the result should be a tuple of 2 items (a, b), but is a list of 3 items", id="three"
        ),
        pytest.param(
            lambda x: None, "the result should be a tuple of 2 items (a, b), but it is None; is a `return` missing?", id="none"
        ),
    ],
)
def test_shapes_of_several_results(student: Any, message: str) -> None:
    """Each result has its own."""
    found = verdict(ready(both, lambda case: [case["x"].shape, ()]), {"f": student})
    assert (found.verdict == "failed", found.message) == (bool(message), message)


def test_lists_count_where_they_may() -> None:
    """A list of numbers has the shape of its array."""
    found = verdict(ready(twice, "x", array_like=True), {"f": lambda x: (2 * x).tolist()})
    assert found.verdict != "failed"


def sizes(case: Any, results: list[Any]) -> str | None:
    """A law that asks an array for its shape, which a list does not have."""
    if results[0].shape != case[0]["x"].shape:
        return "the size should stay"
    return None if np.allclose(2 * results[0], results[1]) else "twice as large a matrix should give twice the result"


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
@pytest.mark.parametrize("shape", ["x", None], ids=["shape", "no-shape"])
@pytest.mark.parametrize(
    ("student", "message", "score"),
    [
        pytest.param(
            lambda x: (2 * x).tolist(),
            "a has the right values, but is a list of 3 items; return an array of shape (3, 2)",
            0.75,
            id="right-values",
        ),
        pytest.param(lambda x: (x * x).tolist(), "twice as large a matrix should give twice the result", 0.0, id="wrong-values"),
    ],
)
def test_list_for_an_array_is_judged_as_an_array(
    student: Any, message: str, score: float, shape: Shape | None, with_reference: bool
) -> None:
    """Where the law raises on a list, it judges the array of it, and the list costs what a slip costs, in class as at home."""
    exercise = exercise_of("f", has_property("law", cases=pairs, law=sizes, shape=shape), returns=("a",))
    found = verdict(prepared(exercise, functions={"f": twice}, with_reference=with_reference), {"f": student})
    assert (found.message, found.score) == (message, pytest.approx(score))


def test_list_among_several_results() -> None:
    """Only the result that is a list has the slip."""

    def law(case: Any, results: list[Any]) -> str | None:
        return None if results[0][0].shape == case[0]["x"].shape else "the size should stay"

    exercise = exercise_of("f", has_property("law", cases=pairs, law=law), returns=("a", "b"))
    found = verdict(
        prepared(exercise, functions={"f": both}, with_reference=False), {"f": lambda x: ((2 * x).tolist(), float(x.sum()))}
    )
    assert [(item.name, item.slip) for item in found.results] == [("a", "list"), ("b", None)]


def test_error_of_the_law_is_not_told() -> None:
    """Where no array can be made of the result, the message says what came, and not which attribute the law looked for."""
    exercise = exercise_of("f", has_property("law", cases=pairs, law=sizes), returns=("a",))
    found = verdict(prepared(exercise, functions={"f": twice}, with_reference=False), {"f": lambda x: {"a": 1}})
    assert found.message == "the result does not have the form that the docstring asks for (a dict with 1 key)"


@pytest.mark.parametrize("shape", ["x", None], ids=["shape", "no-shape"])
def test_printed_and_not_returned_is_said_without_a_reference(shape: Shape | None) -> None:
    """What was printed cannot be judged by a law, but the message says where the result went."""
    exercise = exercise_of("f", has_property("law", cases=pairs, law=sizes, shape=shape), returns=("a",))
    found = verdict(prepared(exercise, functions={"f": twice}, with_reference=False), {"f": lambda x: print(2 * x)})
    assert (found.verdict, found.message) == (
        "failed",
        "it printed something, but returned None; is a `print` in place of a `return`?",
    )
