"""A check as HTML: arrays side by side, wrong elements marked, student's text escaped."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import exercise_of, outcomes_of, prepared

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.example import example
from grader.course.authoring import Misconception
from grader.feedback.arrays import SHOWN
from grader.feedback.html import page
from grader.feedback.view import LINES, problem_view, view_of
from grader.judge.judge import judge
from grader.run import Run
from grader.sandbox.outcome import Outcome, Raised, Returned

EXPECTED = np.array([[1.0, 2.0], [3.0, 4.0]])


def shown(got: Any = None, expected: Any = EXPECTED, outcome: Outcome | None = None, printed: str = "", **options: Any) -> str:
    """The page of an exercise `f` that should return `expected` for 0 and returned `got`."""
    worked = Example("first", "L0", "A slide", {"x": 0}, expected)
    using = prepared(
        exercise_of("f", example("first"), **options), functions={"f": lambda x: expected}, examples={"first": worked}
    )
    outcomes = (outcome,) if outcome else outcomes_of(using, {"f": lambda x: got})
    run = Run(Returned(), outcomes)
    grade = judge(using.plan, run, using.oracle, "ana")
    return page(view_of(msgspec.structs.replace(grade, printed=printed), "work", using.plan, run))


def cells(html: str) -> list[str]:
    """The numbers in the tables of arrays, with `*` where one is marked as wrong."""
    numbers = re.findall(r"<td>(<mark>)?([^<>]*)(?:</mark>)?</td>", html.partition('grader-arrays">')[2])
    return [f"{'*' if mark else ''}{text}" for mark, text in numbers if text][: EXPECTED.size * 2]


def test_right_answer_shows_no_arrays() -> None:
    """What passed is one row with its points."""
    html = shown(EXPECTED)
    assert "grader-passed" in html and 'grader-arrays">' not in html


def test_arrays_side_by_side_with_wrong_elements_marked() -> None:
    """Both arrays are there, and what differs is marked in the student's."""
    assert cells(shown(np.array([[1.0, 2.0], [3.0, 5.0]]))) == ["1", "2", "3", "4", "1", "2", "3", "*5"]


def test_not_finite_elements_are_marked() -> None:
    """NaN is wrong, and only that when it is what is told."""
    assert cells(shown(np.array([[np.nan, 2.0], [3.0, 9.0]])))[4:] == ["*nan", "2", "3", "9"]


def test_rounding_is_not_marked() -> None:
    """An element that is right within the tolerance is not marked."""
    assert cells(shown(np.array([[1.0 + 1e-12, 2.0], [3.0, 5.0]])))[4] == "1"


def test_other_shape_is_shown_unmarked() -> None:
    """Arrays that cannot be compared are shown as they are."""
    html = shown(np.array([1.0, 2.0]))
    assert 'grader-arrays">' in html and "<mark>" not in html


def test_one_of_several_results() -> None:
    """Of a tuple, the result that is wrong is shown by its name."""
    html = shown((np.zeros(2), np.ones(2)), (np.zeros(2), np.array([1.0, 2.0])), returns=("dx", "dw"))
    assert "dw: should be" in html and "dx" not in html.partition('grader-arrays">')[2]


def test_large_array_shows_a_window_around_the_first_wrong_element() -> None:
    """Not a screen full of numbers: some rows and columns, with dots where more are."""
    expected = np.arange(10_000.0).reshape(100, 100)
    got = expected.copy()
    got[70, 80] = -1
    html = shown(got, expected)
    assert html.count("<mark>") == 1 and "(100×100)" in html and "⋮" in html and "⋯" in html
    assert html.count("<td>") < 3 * (SHOWN + 2) ** 2


def test_of_many_matrices_those_with_something_wrong() -> None:
    """Of a batch, the matrices with wrong elements are shown, by their index."""
    got = np.zeros((5, 4, 2, 2))
    got[3, 2, 0, 0] = 7
    assert "[3, 2]: yours" in shown(got, np.zeros((5, 4, 2, 2)))


def test_scalar_needs_no_table() -> None:
    """A number is told in the message."""
    assert 'grader-arrays">' not in shown(2.0, 1.0)


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\x1b[31mred", "\u202egnirts"])
def test_text_of_students_is_escaped(text: str) -> None:
    """Messages and output of students are text, never markup or control codes."""
    html = shown(outcome=Raised("ValueError", (text,), text), printed=text)
    for piece in ("<script", "<img", "\x1b", "\u202e"):
        assert piece not in html
    assert "ValueError" in html


def test_strings_that_were_returned_are_escaped() -> None:
    """What came back is text, too."""
    assert "<b>" not in shown("<b>bold</b>")


def test_output_is_cut() -> None:
    """A loop that prints fills no screen."""
    html = shown(EXPECTED, printed="x\n" * 1000)
    assert html.count("x\n") == LINES and "…" in html


def test_arrays_of_a_hidden_check_are_shown_to_who_has_the_oracle() -> None:
    """An agreement with the reference has expected arrays, too; nobody is shown them without asking for it."""

    def zero(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
        yield {"x": 0}

    using = prepared(exercise_of("f", agrees("some", cases=zero)), functions={"f": lambda x: EXPECTED})
    run = Run(Returned(), outcomes_of(using, {"f": lambda x: EXPECTED + np.eye(2) * (EXPECTED == 4)}))
    grade = judge(using.plan, run, using.oracle, "ana")
    told, kept = (page(view_of(grade, "work", using.plan, run, oracle=oracle)) for oracle in (using.oracle, None))
    assert cells(told) == ["1", "2", "3", "4", "1", "2", "3", "*5"]
    assert 'grader-arrays">' not in kept


def test_hint_of_a_mistake() -> None:
    """A mistake that is recognised gives its hint."""
    wrong = Misconception("doubled", "f", "Twice as much.", "Once is enough.", lambda: lambda x: 2 * EXPECTED)
    worked = Example("first", "L0", "A slide", {"x": 0}, EXPECTED)
    using = prepared(
        exercise_of("f", example("first")),
        functions={"f": lambda x: EXPECTED},
        examples={"first": worked},
        misconceptions=(wrong,),
    )
    run = Run(Returned(), outcomes_of(using, {"f": lambda x: 2 * EXPECTED}))
    html = page(view_of(judge(using.plan, run, using.oracle, "ana"), "work", using.plan, run))
    assert 'class="grader-hint">Once is enough.' in html


def test_problem_without_a_grade() -> None:
    """What kept the check from running is one line, escaped."""
    assert "no exercise &lt;x&gt;" in page(problem_view("no exercise <x>"))
