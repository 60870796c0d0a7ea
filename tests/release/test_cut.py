"""The rubric as students get it: what computes an answer is cut out of its text, and all the rest stays."""

from pathlib import Path

import pytest

from grader.errors import RubricError
from grader.release.cut import public_rubric

PATH = Path("checks.py")
RUBRIC = '''"""The rubric."""

import functools

import numpy as np

from grader.course.arithmetic import number, products
from grader.course.authoring import agrees, example, examples, exercise, has_property, hidden, policy
from reference.work import answer

rules = policy(imports=None)
FACTOR = 2  # of everything
WEIGHT = 3


# --- the arithmetic --------------------------------------------------------------------------------


def helper(x):
    """Of the explanation alone."""
    return x * WEIGHT


# What the slide says, with π.
def slide(inputs, result, index):
    """An explanation."""
    return f"{products(inputs['x'], helper(1))} = {np.sum(inputs['x'])}"


# --- what must hold --------------------------------------------------------------------------------


@hidden
def double(x):
    """The answer."""
    return FACTOR * x


def is_doubled(case, results):
    """A law that needs it."""
    return None if (results[0] == double(case["x"])).all() else "no"


def is_the_answer(case, results):
    """A law that needs the reference."""
    return None if results[0] == answer(case["x"]) else "no"


def is_even(case, results):
    """A law that says a rule; its own `slide` is not a function of the module."""
    slide = results[0]
    return None if number(slide) else "no"


def cases(rng):
    """One number."""
    yield dict(x=rng.normal())


@exercise(points=1)
def f():
    """Doubles a number."""
    yield example("one", slide)
    yield from examples(explain=slide, share=0.5)
    yield agrees("numbers, «π»", cases=cases)
    yield has_property("doubled", law=is_doubled, cases=cases)
    yield has_property(
        "right",
        cases=cases,
        law=is_the_answer,
    )
    yield has_property("even", cases=cases, law=is_even)
    yield has_property("made on the spot", cases=cases, law=lambda case, results: double(1))
'''


@pytest.fixture(scope="module")
def cut() -> str:
    """The rubric above, cut."""
    return public_rubric(RUBRIC, PATH)


@pytest.mark.parametrize(
    "name", ["slide(", "helper", "WEIGHT", "double(", "is_doubled", "is_the_answer", "products", "reference"]
)
def test_what_computes_an_answer_is_gone(cut: str, name: str) -> None:
    """Explanations, what is hidden, the laws that need it, and everything that nothing else needs."""
    assert name in RUBRIC
    assert name not in cut


@pytest.mark.parametrize(
    "text",
    [
        "rules = policy(imports=None)",
        "def is_even(case, results):",
        "def cases(rng):",
        "from grader.course.arithmetic import number\n",
        'yield example("one")\n',
        "yield from examples(share=0.5)\n",
        'yield agrees("numbers, «π»", cases=cases)\n',
        'yield has_property("doubled", cases=cases)\n',
        'yield has_property("even", cases=cases, law=is_even)\n',
        'yield has_property("made on the spot", cases=cases)\n',
    ],
)
def test_what_students_need_stays(cut: str, text: str) -> None:
    """Checks keep their names and cases; a law that gives nothing away stays whole."""
    assert text in cut


def test_cut_text_runs(cut: str) -> None:
    """It is Python that defines the same exercise."""
    namespace: dict[str, object] = {}
    exec(compile(cut, "checks.py", "exec"), namespace)
    assert "f" in namespace and "rules" in namespace


def test_comments_and_headings_go_with_what_they_are_about(cut: str) -> None:
    """No comment about a function that is gone, no heading of an empty section."""
    assert "π" not in cut.replace("«π»", "")
    assert "the arithmetic" not in cut
    assert "# --- what must hold" in cut


def test_cutting_twice_changes_nothing(cut: str) -> None:
    """What is public is public."""
    assert public_rubric(cut, PATH) == cut


@pytest.mark.parametrize(
    "change",
    [
        ('yield agrees("numbers, «π»", cases=cases)', 'yield agrees("numbers", cases=double)'),
        ("yield dict(x=rng.normal())", "yield dict(x=double(rng.normal()))"),
        ("FACTOR = 2  # of everything", "policy_of = 1\nif double(1):\n    FACTOR = 2"),
    ],
    ids=["cases", "drawn with it", "module"],
)
def test_hidden_function_that_students_need(change: tuple[str, str]) -> None:
    """Where something other than a law needs what is hidden, the line is named."""
    with pytest.raises(RubricError, match=r"line \d+ needs \w+, which students do not get"):
        public_rubric(RUBRIC.replace(*change), PATH)
