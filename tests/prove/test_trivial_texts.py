"""Results that are texts or dates: what a constant or a copy earns, and what a half right program does."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from toys import exercise_grade, exercise_of, grade, prepared

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.example import example
from grader.checks.prints import prints
from grader.prove.trivial import trivial_programs


def sign(x: int) -> str:
    """The word for a sign."""
    return "positive" if x > 0 else "negative" if x < 0 else "zero"


def shout(text: str) -> str:
    """In capitals."""
    return text.upper() + "!"


def workday(day: dt.date) -> dt.date:
    """The day, or the Monday after it."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def signs(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Of each sign, the positive ones most often."""
    for x in (3, 0, -2, 5, 7, -4):
        yield dict(x=x)


def words(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Words, one of them in capitals already."""
    for _ in range(4):
        yield dict(text="".join(rng.choice(list("abcde"), size=5)))


def days(rng: np.random.Generator) -> Iterator[dict[str, Any]]:
    """Two weeks."""
    for place in range(14):
        yield dict(day=dt.date(2024, 2, 26) + dt.timedelta(days=place))


READY = prepared(
    exercise_of("sign", example("sign-of-9"), agrees("signs", cases=signs)),
    exercise_of("shout", example("hello"), agrees("words", cases=words)),
    exercise_of("workday", agrees("days", cases=days)),
    exercise_of("say", prints("words", cases=words)),
    functions={"sign": sign, "shout": shout, "workday": workday, "say": lambda text: print(shout(text))},
    examples={
        "sign-of-9": Example("sign-of-9", "L1", "Signs", {"x": -9}, "negative", exercise="sign"),
        "hello": Example("hello", "L1", "Shouting", {"text": "hello"}, "HELLO!", exercise="shout"),
    },
)


def score(name: str, student: Callable[..., Any]) -> float:
    """What a student's function earns of its point."""
    return exercise_grade(grade(READY, {name: student}), name).score


@pytest.mark.parametrize(
    ("name", "student"),
    [
        pytest.param("sign", lambda x: "positive", id="commonest"),
        pytest.param("sign", lambda x: "negative", id="of-the-example"),
        pytest.param("sign", lambda x: "", id="nothing"),
        pytest.param("shout", lambda text: "HELLO!", id="example"),
        pytest.param("shout", lambda text: text, id="copy"),
        pytest.param("shout", lambda text: text.upper(), id="nearly"),
        pytest.param("workday", lambda day: day, id="copy-of-a-date"),
        pytest.param("workday", lambda day: dt.date(2024, 3, 4), id="constant-date"),
        pytest.param("say", lambda text: print("HELLO!"), id="printed-constant"),
        pytest.param("say", lambda text: print(text), id="printed-copy"),
    ],
)
def test_no_work_earns_nothing(name: str, student: Callable[..., Any]) -> None:
    """A constant is right for some inputs, and a copy may be: neither is paid."""
    assert score(name, student) == 0


@pytest.mark.parametrize(
    ("name", "student"),
    [
        pytest.param("sign", lambda x: "positive" if x >= 0 else "negative", id="wrong-at-zero"),
        pytest.param("shout", lambda text: shout(text) if "a" in text else text, id="some-words"),
        pytest.param("workday", lambda day: day + dt.timedelta(days=2 if day.weekday() == 5 else 0), id="sundays-forgotten"),
        pytest.param("say", lambda text: print(shout(text)) if text[0] < "d" else None, id="some-printed"),
    ],
)
def test_half_right_is_paid(name: str, student: Callable[..., Any]) -> None:
    """Right results that no constant gives earn their part, as numbers do."""
    assert 0.25 < score(name, student) < 1


def test_trivial_programs_try_texts() -> None:
    """Nothing, the examples' texts, the commonest and copies are tried, and earn nothing."""
    functions = {"sign": sign, "shout": shout, "workday": workday, "say": lambda text: print(shout(text))}
    single, together = trivial_programs(READY, functions)
    assert (single.points, together.points) == (0, 0), (single, together)
