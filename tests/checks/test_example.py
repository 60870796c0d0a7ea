"""Worked examples: the numbers of a slide, at their printed precision, with the slide's arithmetic."""

from typing import Any

import numpy as np
import pytest
from toys import exercise_of, prepared, verdict, write_course

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.example import WorkedExample, example, examples, with_examples
from grader.course.rubric import read_rubric


def product(a: Any, b: Any) -> Any:
    """Element by element."""
    return a * b


def arithmetic(inputs: dict[str, Any], result: str, index: tuple[int, ...]) -> str:
    """One product as on the slide."""
    a, b = inputs["a"][index], inputs["b"][index]
    return f"{a:g}*{b:g} = {a * b:g}"


A, B = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])


def ready(expected: Any, explain: Any = None, atol: float | None = None, returns: tuple[str, ...] = ("O",)) -> Any:
    """The example planned."""
    examples = {"slide": Example("slide", "L1", "A slide", {"a": A, "b": B}, expected, atol)}
    return prepared(
        exercise_of("product", example("slide", explain), returns=returns), functions={"product": product}, examples=examples
    )


def test_right_result() -> None:
    """The slide's numbers pass."""
    assert verdict(ready(A * B), {"product": product}).verdict == "passed"


def test_no_reference_is_needed() -> None:
    """The slide's numbers count, not the reference's."""
    assert verdict(ready(A * B + 1), {"product": product}).verdict == "failed"


def test_arithmetic_of_the_slide() -> None:
    """The message has the slide's arithmetic for the first wrong element, and counts the wrong ones."""
    found = verdict(ready(A * B, arithmetic), {"product": lambda a, b: a * b + [[0, 1], [1, 0]]})
    assert found.message == "O[0,1] = 2*6 = 12, yours 13; 2 of 4 values of O are wrong"


def test_without_arithmetic() -> None:
    """Without it the message has the two numbers."""
    found = verdict(ready(A * B), {"product": lambda a, b: a * b + [[0, 1], [0, 0]]})
    assert found.message == "1 of 4 values of O is wrong; first O[0,1] = 13 (should be 12)"


def test_no_arithmetic_for_a_wrong_shape() -> None:
    """The arithmetic is kept for elements: a wrong shape is said as it is."""
    found = verdict(ready(A * B, arithmetic), {"product": lambda a, b: (a * b).ravel()})
    assert found.message == "O should have shape (2, 2), but has (4,)"


def test_arithmetic_of_nan() -> None:
    """NaN is shown against the slide's arithmetic."""
    found = verdict(ready(A * B, arithmetic), {"product": lambda a, b: np.where(a == 3, np.nan, a * b)})
    assert found.message == "O[1,0] = 3*7 = 21, yours nan; 1 of 4 values of O is wrong"


@pytest.mark.parametrize(
    ("error", "outcome"), [(0.0049, "passed"), (0.005, "passed"), (0.0051, "failed"), (-0.0051, "failed")], ids=str
)
def test_printed_precision(error: float, outcome: str) -> None:
    """With two decimals printed, half a unit of the second passes and more does not."""
    atol = 0.5 * 10.0**-2 * (1 + 1e-9)
    assert verdict(ready(A * B, atol=atol), {"product": lambda a, b: a * b + error}).verdict == outcome


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(lambda a, b: (a + b, a - b), "passed", id="right"),
        pytest.param(lambda a, b: (a - b, a + b), "partly", id="swapped"),
        pytest.param(lambda a, b: a + b, "failed", id="one-only"),
    ],
)
def test_several_results(student: Any, outcome: str) -> None:
    """Results that are named in the file are taken in the order of the exercise's results."""
    using = ready({"difference": A - B, "total": A + B}, returns=("total", "difference"))
    assert verdict(using, {"product": student}).verdict == outcome


FRACTIONS = """
[thirds]
lecture = "L1"
slide = "Thirds"
exercise = "f"
inputs.x = ["1/3", "-2/3", 1]
inputs.factor = 3
expected = [1, -2, 3]
"""


def test_exact_fractions(tmp_path: Any) -> None:
    """Fractions in strings are as exact as floats are."""
    found = read_rubric(write_course(tmp_path, examples=FRACTIONS)).examples["thirds"]
    assert found.inputs["x"].tolist() == [1 / 3, -2 / 3, 1.0]
    assert (found.inputs["factor"], found.expected.dtype) == (3, np.float64)


SLIDES = {
    name: Example(name, "L1", "Slide", {}, 1.0, exercise=exercise, share=share)
    for name, exercise, share in [("one", "f", None), ("two", "f", 0.25), ("three", "f", None), ("other", "g", None)]
}


def shown(*checks: Any) -> list[tuple[str, Any, float]]:
    """Name, explanation and share of each check of `f`."""
    found = with_examples(checks, "f", SLIDES)
    return [(check.name, check.explain if isinstance(check, WorkedExample) else None, check.share) for check in found]


def test_examples_are_all_of_the_exercise() -> None:
    """`examples` stands for every example of its exercise, in the order of the file; one with a share keeps it."""
    asked = examples(explain=arithmetic, share=0.5)
    assert shown(*asked) == [("one", arithmetic, 0.5), ("two", arithmetic, 0.25), ("three", arithmetic, 0.5)]


def test_examples_leave_out_what_is_named() -> None:
    """An example that is named is shown as that says, and once."""
    checks = [example("two", share=2.0), agrees("random", cases=lambda rng: iter(())), *examples(arithmetic)]
    assert shown(*checks) == [("two", None, 2.0), ("random", None, 1.0), ("one", arithmetic, 1.0), ("three", arithmetic, 1.0)]


@pytest.mark.parametrize("error", [0.0, 0.004], ids=["all-digits", "to-the-slide's-digits"])
def test_printed_in_place_of_returned_is_a_slip(error: float) -> None:
    """The slide's numbers are recognised where they are printed, at the precision of the slide, and no reference is needed."""
    found = verdict(ready(A * B, atol=0.005), {"product": lambda a, b: print(a * b + error)})
    assert [(item.slip, item.message) for item in found.results] == [("printed", "O is right, but is printed; return it")]


def test_wrong_numbers_that_are_printed_are_no_slip() -> None:
    """Printed numbers have to be the slide's."""
    found = verdict(ready(A * B, atol=0.005), {"product": lambda a, b: print(a * b + 1)})
    assert found.message == "O should be an array of shape (2, 2), but it is None; is a `return` missing?"
