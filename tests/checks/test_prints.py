"""What a function prints is judged as its result is: all of it or line by line, with a line diff, beside what it returns."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.printing import says
from grader.checks.prints import prints
from grader.judge.verdicts import Verdict
from grader.sandbox.child.printed import MAX_PRINTED


def table(n: int) -> None:
    """The first squares."""
    for i in range(n):
        print(i, i * i)


def sizes(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Three sizes."""
    for n in (2, 4, 7):
        yield dict(n=n)


def judged(student: Callable[..., Any], **options: Any) -> Verdict:
    """The verdict on a student's `table`."""
    ready = prepared(exercise_of("table", prints("squares", cases=sizes, **options)), functions={"table": table})
    return verdict(ready, {"table": student})


def lines(n: int) -> list[str]:
    """What `table` prints."""
    return [f"{i} {i * i}" for i in range(n)]


def written(n: int) -> None:
    """With blanks at the ends of lines, and empty lines at the end."""
    sys.stdout.write("  \n".join(lines(n)) + "\t\n\n\n")


@pytest.mark.parametrize(
    "student",
    [
        pytest.param(lambda n: print("\n".join(lines(n))), id="all-at-once"),
        pytest.param(written, id="blanks-at-line-ends"),
        pytest.param(lambda n: print(*lines(n), sep="\n", end=""), id="no-newline-at-the-end"),
        pytest.param(lambda n: [print(line) for line in lines(n)], id="returns-something-too"),
        pytest.param(
            lambda n: [print(line, end="\n", file=sys.stdout) for line in lines(n)] and print("x", file=sys.stderr), id="errors"
        ),
    ],
)
def test_the_same_text_passes(student: Callable[..., Any]) -> None:
    """However it comes to the standard output; blanks at the ends of lines do not count."""
    assert judged(student).verdict == "passed"


@pytest.mark.parametrize(
    ("student", "message"),
    [
        pytest.param(lambda n: None, "nothing is printed; expected:\n- 1  0 0\n- 2  1 1", id="nothing"),
        pytest.param(
            lambda n: print("\n".join(lines(n)[:-1])),
            "the printed text differs (- expected, + yours):\n  1  0 0\n- 2  1 1",
            id="one-less",
        ),
        pytest.param(
            lambda n: print("x" * (MAX_PRINTED + 1)), f"printed {MAX_PRINTED + 2} bytes; at most {MAX_PRINTED}", id="too-much"
        ),
        pytest.param(lambda n: print("\n".join(f"{i}, {i * i}" for i in range(n))), "+ 1  0, 0\n+ 2  1, 1", id="a-comma"),
        pytest.param(lambda n: print("\n".join(lines(n)), file=sys.stderr), "nothing is printed", id="to-standard-error"),
    ],
)
def test_another_text_fails(student: Callable[..., Any], message: str) -> None:
    """The difference is shown line by line."""
    found = judged(student)
    assert (found.verdict, message in found.message) == ("failed", True), found.message


def test_what_is_hidden_is_told_without_the_text() -> None:
    """Until the grades are published, a student reads how many lines there are and where the first one differs."""
    told = judged(lambda n: print("\n".join(lines(n)[:-1]))).told
    assert told is not None
    assert told.message == "1 line is printed where 2 are expected; the first that differs is line 2"


def test_right_lines_are_paid() -> None:
    """By the line, a text earns what its right lines are worth."""
    found = judged(lambda n: print("\n".join(lines(n)[:-1])), by="line")
    assert found.verdict == "partly"
    assert found.earned == pytest.approx((1 / 2 + 3 / 4 + 6 / 7) / 3)


def test_one_line_for_everything_earns_nothing() -> None:
    """A line that is right for every input shows no work."""
    assert judged(lambda n: print("0 0"), by="line").score == 0


@pytest.mark.parametrize("student", [lambda n: "\n".join(lines(n)), lines], ids=["text", "list-of-lines"])
def test_returned_instead_of_printed(student: Callable[..., Any]) -> None:
    """The right text that is returned is a slip, and said."""
    found = judged(student)
    assert (found.verdict, found.results[0].slip) == ("partly", "returned")
    assert "returned, but not printed; print it" in found.message


def both(x: Any) -> Any:
    """Prints the length, and returns two arrays."""
    print("length", len(x))
    return 2 * x, x + 1


def vectors(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Vectors of three lengths."""
    for n in (1, 3, 4):
        yield dict(x=rng.normal(size=n))


@pytest.mark.parametrize(
    ("student", "earned"),
    [
        pytest.param(both, 1.0, id="right"),
        pytest.param(lambda x: (2 * x, x + 1), 0.5, id="prints-nothing"),
        pytest.param(lambda x: print("length", len(x)), 0.5, id="returns-nothing"),
        pytest.param(lambda x: 3, 0.0, id="neither"),
    ],
)
def test_text_and_result_by_one_call(student: Callable[..., Any], earned: float) -> None:
    """What is printed and what is returned are two results of the check."""
    ready = prepared(exercise_of("both", prints("both", cases=vectors, result=True)), functions={"both": both})
    found = verdict(ready, {"both": student})
    assert found.score == pytest.approx(earned)


@pytest.mark.parametrize(
    ("text", "expected", "said"),
    [
        pytest.param("[0.12345679 2.        ]", np.array([0.123456789, 2.0]), True, id="numpy-prints-eight-digits"),
        pytest.param("array([1, 2])", np.array([1, 2]), True, id="repr"),
        pytest.param("[1, 2]", [1, 2], True, id="list"),
        pytest.param("{'a': 1}", {"a": 1}, True, id="dict"),
        pytest.param("0.30000000000000004", 0.1 + 0.2, True, id="float"),
        pytest.param("True", True, True, id="truth"),
        pytest.param("hello  world", "hello world", True, id="text"),
        pytest.param("1000001", 1000000, False, id="a-count-is-exact"),
        pytest.param("the result is 3", 3, False, id="a-sentence"),
        pytest.param("3", None, False, id="nothing-expected"),
        pytest.param("1 2 3", np.array([1, 2]), False, id="one-more"),
        pytest.param("", "", False, id="nothing"),
        pytest.param("nan", float("nan"), True, id="word-for-word"),
        pytest.param("e" * 2000, 3.0, False, id="no-number"),
    ],
)
def test_what_a_printed_text_says(text: str, expected: Any, said: bool) -> None:
    """A printed result is recognised by its numbers, to the digits that are printed, and by nothing else beside them."""
    assert says(text, expected) is said


def test_printed_instead_of_returned_is_a_slip_for_every_result() -> None:
    """Right values that are printed cost what a slip costs."""
    ready = prepared(
        exercise_of("both", agrees("results", cases=vectors), returns=("double", "more")),
        functions={"both": lambda x: (2 * x, x + 1)},
    )
    found = verdict(ready, {"both": lambda x: print(2 * x, x + 1)})
    assert [(item.name, item.slip) for item in found.results] == [("double", "printed"), ("more", "printed")]
    assert found.score == pytest.approx(0.75)
