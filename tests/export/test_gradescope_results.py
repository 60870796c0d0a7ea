"""A grade as Gradescope's results.json: its fields, what is hidden, and text that stays text."""

import json
from typing import Any

import pytest
from books import grade, verdict

from grader.integrations.formats import json_file
from grader.integrations.gradescope.results import results
from grader.judge.verdicts import SCHEMA, Told

FIELDS = {  # of Gradescope's specification
    "top": {
        "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format", "visibility",
        "stdout_visibility", "extra_data", "tests", "leaderboard",
    },
    "test": {
        "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags", "visibility", "extra_data",
    },
}  # fmt: skip


def made_of(*checks: Any, **options: Any) -> list[dict[str, Any]]:
    """The tests that a grade with these checks becomes."""
    found: list[dict[str, Any]] = results(grade("ana", "conv", 1.0, *checks), **options)["tests"]
    return found


def test_fields() -> None:
    """Only fields that Gradescope knows, on both levels; what is written is JSON of them."""
    content = results(grade(printed="hello"), seconds=1.23456)
    assert set(content) <= FIELDS["top"] and all(set(test) <= FIELDS["test"] for test in content["tests"])
    assert json.loads(json_file(content)) == content
    assert content["execution_time"] == 1.235


def test_score_is_the_raw_one() -> None:
    """The score on top is that of the grade, and the tests share its maximum."""
    content = results(grade())
    assert (content["score"], [test["score"] for test in content["tests"]], [test["max_score"] for test in content["tests"]]) == (
        2.0,
        [2.0, 0.0],
        [2.0, 1.0],
    )
    assert content["extra_data"] == {"assignment": "conv", "max_score": 3.0, "schema": SCHEMA}


def test_names_and_numbers() -> None:
    """A test is called by exercise and check, and numbered by both."""
    assert [(test["number"], test["name"], test["status"], test["tags"]) for test in made_of()] == [
        ("1.1", "conv2d: slide 4", "passed", ["example"]),
        ("1.2", "conv2d: random images", "failed", ["agrees"]),
    ]


def test_message_and_hint_are_markdown() -> None:
    """The call is a block of code, the message is text, the hint stands out."""
    (test,) = made_of(verdict("x", passed=False, message="O is *wrong*", hint="look at [1]", call="conv2d(image=<5×7 array>)"))
    assert test["output"] == "```text\nconv2d(image=<5×7 array>)\n```\n\nO is \\*wrong\\*\n\n**→ look at \\[1\\]**"
    assert test["output_format"] == "md"


def test_students_text_stays_text() -> None:
    """What a student's code said can neither end a block of code nor become a link, a picture or a tag."""
    evil = "<img src=x onerror=alert(1)> ![x](http://x) ```"
    one = made_of(verdict("x", passed=False, message=evil))[0]["output"]
    assert one == "\\<img src=x onerror=alert\\(1\\)\\> \\!\\[x\\]\\(http\\://x\\) \\`\\`\\`"
    many = made_of(verdict("x", passed=False, message=f"a\n{evil}\n"))[0]["output"]
    assert many.startswith("````text\n") and many.endswith("\n````")


def test_checks_that_need_the_reference_are_hidden() -> None:
    """They are shown when grades are published; the others at once."""
    assert [test["visibility"] for test in made_of()] == ["visible", "after_published"]
    assert [test["visibility"] for test in made_of(hidden="after_due_date")] == ["visible", "after_due_date"]


def test_summary_tells_nothing_hidden() -> None:
    """The line on the submission is made of what is shown, and says that there is more."""
    secret = verdict("random", "agrees", False, misconception="flipped_kernel")
    content = results(grade("ana", "conv", 1.0, verdict("slide"), secret))
    assert content["output"] == "All checks that are shown here pass. The others compare with the reference and are shown later."
    shown = results(grade("ana", "conv", 1.0, verdict("slide", passed=False, misconception="one_row_short"), secret))["output"]
    assert shown == "conv2d\\: every check failed\n\nOther checks compare with the reference and are shown later."


def test_all_shown() -> None:
    """Where nothing is hidden, the line is of everything, without the names that instructors give to mistakes."""
    secret = verdict("random", "agrees", False, misconception="flipped_kernel")
    assert results(grade("ana", "conv", 1.0, secret), "visible", published=True)["output"] == "conv2d\\: every check failed"


HIDDEN = {"passed": False, "message": "O is 9, but should be 7", "told": Told("conv2d(<5×5 array>)", "the value of O is wrong")}


@pytest.mark.parametrize(
    ("kind", "hidden", "published", "whole"),
    [
        pytest.param("agrees", "after_published", False, True, id="shown-with-the-grades"),
        pytest.param("agrees", "hidden", False, True, id="never-shown"),
        pytest.param("agrees", "after_due_date", False, False, id="due-for-one-and-not-for-all"),
        pytest.param("agrees", "visible", False, False, id="shown-at-once"),
        pytest.param("agrees", "visible", True, True, id="published"),
        pytest.param("property", "after_published", False, False, id="a-law-is-shown-at-once"),
        pytest.param("gradient", "after_published", True, True, id="a-gradient-once-published"),
    ],
)
def test_numbers_of_hidden_checks(kind: str, hidden: Any, published: bool, whole: bool) -> None:
    """A test that students see before the grades tells the pattern, one that they see with them the numbers."""
    (test,) = made_of(verdict("x", kind, **HIDDEN), hidden=hidden, published=published)
    assert ("should be 7" in test["output"], "the value of O is wrong" in test["output"]) == (whole, not whole)


def test_summary_announces_what_is_kept_back() -> None:
    """So that nobody looks for the numbers in vain."""
    assert "once the grades are published" in results(grade("ana", "conv", 1.0, verdict("x", "property", **HIDDEN)))["output"]


@pytest.mark.parametrize(
    ("kind", "hidden", "published", "seen"),
    [
        pytest.param("agrees", "visible", False, None, id="it-may-hold-hidden-inputs"),
        pytest.param("property", "after_published", False, "after_published", id="waits-for-the-grades"),
        pytest.param("property", "visible", True, "visible", id="published"),
        pytest.param("example", "visible", False, "visible", id="nothing-is-hidden"),
    ],
)
def test_printed_output_is_not_told_before_hidden_inputs_are(kind: str, hidden: Any, published: bool, seen: str | None) -> None:
    """What is printed in a hidden call may be its input. None: the output is replaced by the reason."""
    (*_tests, printed) = results(grade("ana", "conv", 1.0, verdict("x", kind), printed="1.2007"), hidden, published=published)[
        "tests"
    ]
    assert ("1.2007" in printed["output"], printed["visibility"]) == (seen is not None, seen or "visible")


def test_load_error_is_shown() -> None:
    """Why a file could not be run at all is shown at once."""
    assert results(grade(message="conv.py is missing"))["output"] == "conv\\.py is missing"


@pytest.mark.parametrize(("kind", "seen"), [("agrees", "after_published"), ("example", "visible")])
def test_what_was_printed(kind: str, seen: str) -> None:
    """What the code printed is told without points; it may tell of the inputs of hidden checks, and waits like them."""
    found = results(grade("ana", "conv", 1.0, verdict("x", kind), printed="```\n<b>hi\n"))["tests"][-1]
    assert found == {
        "name": "What your code printed",
        "number": "2",
        "status": "passed",
        "output": "````text\n```\n<b>hi\n````",
        "output_format": "md",
        "visibility": seen,
    }


def test_grader_error_has_no_results() -> None:
    """Without a score there is no file: Gradescope would show a zero."""
    with pytest.raises(ValueError, match="could not be graded"):
        results(grade(score=None))
