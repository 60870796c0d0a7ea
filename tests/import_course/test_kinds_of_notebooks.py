"""Notebooks of several kinds, as teachers write them: what each becomes, and how little is left of it."""

from pathlib import Path
from typing import Any

import pytest
from notebooks import code, graded, solution, text, write

from grader.course.folder import PUBLIC_SEED, read_course
from grader.course.rubric import read_rubric
from grader.engine.prepare import prepare
from grader.integrations.from_notebooks.topic import Topic, topic_of
from grader.integrations.from_notebooks.write import write_topic
from grader.integrations.nbgrader.source import read_source as read_nbgrader
from grader.integrations.otter.source import read_source as read_otter

ROOTS = """def roots(b, c):
    ### BEGIN SOLUTION
    d = (b * b - 4 * c) ** 0.5
    return (-b - d) / 2, (-b + d) / 2
    ### END SOLUTION"""
DICTS = """variants = [{'b': 5.0, 'c': 4.0}, {'b': 3.0, 'c': 2.0}]
for one in variants:
    x1, x2 = roots(**one)
    assert abs(x1 * x2 - one['c']) < 1e-9"""
NEWTON = "def newton(f, x):\n    ### BEGIN SOLUTION\n    return x - f(x)\n    ### END SOLUTION"
PASSED = "y = newton(lambda x: x - 1, 3)\nassert y == 1\nassert y > 0\ny = newton(lambda x: x - 2, 3)\nassert y == 2"
HELPER = "def shifted(x):\n    return x - 1\n\nassert newton(shifted, 3) == 1"
COUNT = "def count(start):\n    # BEGIN SOLUTION\n    while True:\n        yield start\n        start += 1\n    # END SOLUTION"
DRAWN = "for i in range(10):\n    n = rng.integers(1, 9)\n    x = rng.normal(size=n)\n    assert double(x).shape == (n,)"
DOUBLE = "def double(x):\n    return 2 * x"


def topic(reader: Any, folder: Path, *cells: dict[str, Any]) -> Topic:
    """The topic of a notebook; it loads, and the solution passes what could be read."""
    path = write(folder / "homework.ipynb", *cells)
    found = topic_of(reader(path), path)
    write_topic(folder / "course", "homework", found, path)
    assignment = read_course(folder / "course").assignment("homework")
    assert [exercise.name for exercise in read_rubric(assignment).exercises] == [item.name for item in found.exercises]
    ready = prepare(assignment, PUBLIC_SEED)
    assert ready.oracle is not None
    for step in ready.plan.steps:
        ready.oracle.expected(step.seq)
    return found


def said(found: Topic) -> list[str]:
    """What is left, without its places."""
    return [item.what for item in found.left]


def test_loop_over_dicts_of_arguments(tmp_path: Path) -> None:
    """Each dict is a call; what is said of a sum or a product of its results, the reference decides."""
    found = topic(read_nbgrader, tmp_path, solution(ROOTS), graded(DICTS))
    (exercise,) = found.exercises
    assert [item.call.arguments for item in exercise.asked] == [{"b": 5.0, "c": 4.0}, {"b": 3.0, "c": 2.0}]
    assert said(found) == []


def test_function_whose_tests_cannot_be_read(tmp_path: Path) -> None:
    """It is an exercise all the same, with the points of its tests, which a person decides."""
    found = topic(read_nbgrader, tmp_path, solution(NEWTON), graded(PASSED, points=3))
    assert (found.exercises[0].points, found.exercises[0].is_checked) == (3, False)
    checks = (tmp_path / "course/assignments/homework/checks.py").read_text()
    assert 'yield manual("how it is written", points=3, items={"it is right": 3}, answer="code")' in checks
    assert said(found)[0] == "newton: none of its tests could be read; a person decides it until you write checks"


@pytest.mark.parametrize(("tests", "more"), [(PASSED, " and 1 more"), (HELPER, "")])
def test_function_that_is_passed(tests: str, more: str, tmp_path: Path) -> None:
    """A lambda, or a function that the tests define: said once for a cell, and not again for all that is asked of its result."""
    _unread, passed = said(topic(read_nbgrader, tmp_path, solution(NEWTON), graded(tests)))
    assert f"`{more}: a function is passed: put that into a module that the course gives" in passed


def test_tests_that_draw(tmp_path: Path) -> None:
    """What is drawn before a test is not a test: the one that looks at a result is left, once."""
    assert [item.what.partition("`: ")[0] for item in topic(read_nbgrader, tmp_path, solution(DOUBLE), graded(DRAWN)).left][
        1:
    ] == ["`assert double(x).shape == (n,)"]


def test_name_that_means_something_else_later(tmp_path: Path) -> None:
    """A test of a name that was bound anew, to what is not written out, does not test the earlier call."""
    found = topic(
        read_nbgrader, tmp_path, solution(DOUBLE), graded("y = double(2)\nassert y == 4\ny = rng.normal()\nassert y == 6")
    )
    assert [(item.call.arguments, item.expected) for item in found.exercises[0].examples] == [({"x": 2}, 4)]


def test_generator(tmp_path: Path) -> None:
    """What `next` gives are its first items; as many count as the longest test looks at."""
    cells = (
        text("Count.\n\n```\nBEGIN QUESTION\nname: q1\n```"),
        code(COUNT),
        code("# TEST\nf = count(3)\nassert next(f) == 3\nassert next(f) == 4"),
        code("# HIDDEN TEST\nf = count(5)\nassert next(f) == 5\nassert next(f) == 6\nassert next(f) == 7"),
    )
    found = topic(read_otter, tmp_path, *cells)
    (exercise,) = found.exercises
    assert (exercise.first, len(exercise.examples), len(exercise.asked)) == (3, 0, 2)
    assert "@exercise(points=1, first=3)" in (tmp_path / "course/assignments/homework/checks.py").read_text()


def test_constant_that_a_solution_uses(tmp_path: Path) -> None:
    """It stands above the function, as in the notebook; students write it themselves where they did so there."""
    source = "pi = 3.14\nsides = 2 # SOLUTION\nother = 7\n\ndef around(r):\n    return sides * pi * r # SOLUTION"
    found = topic(
        read_otter, tmp_path, text("A.\n\n```\nBEGIN QUESTION\nname: q1\n```"), code(source), code("# TEST\naround(1)", "6.28")
    )
    assert "pi = 3.14\n" in found.module and "other" not in found.module
    assert "# BEGIN SOLUTION\nsides = 2\n# END SOLUTION" in found.module
    assert len(said(found)) == 1 and said(found)[0].startswith("`sides = 2`: outside of a function; only functions")


def test_variables(tmp_path: Path) -> None:
    """Answers other than functions are left once for a cell, without the tests that look at them; one that a call gives is its example."""
    source = (
        "a = 1 # SOLUTION\nb = a + a # SOLUTION\nnine = double(4.5) # SOLUTION\n\ndef double(x):\n    return 2 * x # SOLUTION"
    )
    tests = [code("# TEST\nisinstance(a, int)", "True"), code("# TEST\n0 < b < 10", "True"), code("# TEST\nnine", "9.0")]
    found = topic(read_otter, tmp_path, text("A.\n\n```\nBEGIN QUESTION\nname: q1\n```"), code(source), *tests)
    assert [item.partition(": ")[0] for item in said(found)] == ["`a = 1` and 2 more"]
    assert [(item.call.arguments, item.expected) for item in found.exercises[0].examples] == [({"x": 4.5}, 9.0)]
