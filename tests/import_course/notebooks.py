"""Notebooks as authors of other graders write them."""

import json
from pathlib import Path
from typing import Any


def write(path: Path, *cells: dict[str, Any]) -> Path:
    """A notebook of these cells."""
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}))
    return path


def text(source: str, kind: str = "markdown") -> dict[str, Any]:
    """A cell of Markdown, or a raw one."""
    return {"cell_type": kind, "metadata": {}, "source": source.splitlines(keepends=True)}


def code(source: str, shown: str = "", **marks: Any) -> dict[str, Any]:
    """A cell of code, with nbgrader's metadata or with an output."""
    outputs = [{"output_type": "execute_result", "data": {"text/plain": [shown]}, "metadata": {}}] if shown else []
    metadata = {"nbgrader": {"schema_version": 3, "locked": False, **marks}} if marks else {}
    return {"cell_type": "code", "metadata": metadata, "source": source, "outputs": outputs, "execution_count": None}


def solution(source: str, name: str = "answer") -> dict[str, Any]:
    """nbgrader's autograded answer."""
    return code(source, grade=False, solution=True, grade_id=name)


def graded(source: str, points: float = 1, name: str = "tests") -> dict[str, Any]:
    """nbgrader's autograder tests."""
    return code(source, grade=True, solution=False, grade_id=name, points=points)


SQUARES = '''def squares(n):
    """Compute the squares of numbers from 1 to n, such that the
    ith element of the returned list equals i^2.
    """
    ### BEGIN SOLUTION
    if n < 1:
        raise ValueError("n must be greater than or equal to 1")
    return [i ** 2 for i in range(1, n + 1)]
    ### END SOLUTION
'''
SQUARES_TESTS = '''"""Check that squares returns the correct output for several inputs"""
assert squares(1) == [1]
assert squares(2) == [1, 4]
### BEGIN HIDDEN TESTS
assert squares(10) == [1, 4, 9, 16, 25, 36, 49, 64, 81, 100]
### END HIDDEN TESTS
'''
REFUSED = """try:
    squares(0)
except ValueError:
    pass
else:
    raise AssertionError("did not raise")
"""
USES = """
from nose.tools import assert_equal

orig_squares = squares
del squares
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use squares")
finally:
    squares = orig_squares
"""
NBGRADER = (
    text("# Problem Set 1\n\nBefore you turn this in, run all cells."),
    code("NAME = ''\nCOLLABORATORS = ''"),
    code("%matplotlib inline\nimport numpy as np\nimport pandas as pd\nprint('hello')"),
    text("Write a function that returns a list of squares."),
    solution(SQUARES, "squares"),
    graded(SQUARES_TESTS, 1, "correct_squares"),
    graded(REFUSED, 1, "squares_invalid_input"),
    solution("def sum_of_squares(n):\n    return sum(squares(n))\n", "sum_of_squares"),
    graded("from nose.tools import assert_equal\nassert_equal(sum_of_squares(1), 1)\nassert_equal(sum_of_squares(3), 14)", 0.5),
    graded(USES, 0.5, "sum_of_squares_uses_squares"),
    code("plt.plot(squares(10))", grade=True, solution=True, grade_id="plot", points=2),
)

OTTER = (
    text("# ASSIGNMENT CONFIG\nname: hw01\ninit_cell: false\nexport_cell:\n    pdf: false", "raw"),
    code("# Initialize Otter\nimport otter\ngrader = otter.Notebook('hw01.ipynb')"),
    text("# Homework 1\n\nWelcome."),
    code("import numpy as np\nRATE = 0.5"),
    text("# BEGIN QUESTION\nname: q1\npoints:\n  - 1\n  - 2", "raw"),
    text("Write `square`."),
    text("# BEGIN SOLUTION", "raw"),
    code(
        'def square(x):\n    """The square of x."""\n    y = x * x # SOLUTION NO PROMPT\n'
        "    return y # SOLUTION\n\nnine = square(3) # SOLUTION"
    ),
    text("# END SOLUTION", "raw"),
    text("# BEGIN TESTS", "raw"),
    code("square(5)", "25"),
    code("# HIDDEN\nsquare(2.5) == 6.25", "True"),
    text("# END TESTS", "raw"),
    text("# END QUESTION", "raw"),
    text("# BEGIN QUESTION\nname: q2\nmanual: true\npoints: 3", "raw"),
    text("Why?"),
    text("# BEGIN SOLUTION", "raw"),
    text("Because."),
    text("# END SOLUTION", "raw"),
    text("# END QUESTION", "raw"),
    text("# BEGIN QUESTION\nname: q3\npoints: 4", "raw"),
    text("# BEGIN SOLUTION", "raw"),
    code(
        "def halves(x):\n    # BEGIN SOLUTION NO PROMPT\n    if len(x) == 0:\n        raise ValueError('empty')\n"
        '    return RATE * np.asarray(x)\n    # END SOLUTION\n    """ # BEGIN PROMPT\n    ...\n    """ # END PROMPT\n'
    ),
    text("# END SOLUTION", "raw"),
    text("# BEGIN TESTS", "raw"),
    code(
        '""" # BEGIN TEST CONFIG\npoints: 1\nsuccess_message: Good job!\n""" # END TEST CONFIG\nhalves(np.array([1.0, 2.0]))',
        "array([0.5, 1. ])",
    ),
    code("""def test_close(halves):
    np.testing.assert_allclose(halves(np.arange(4)), [0, 0.5, 1, 1.5], atol=1e-3)
    with pytest.raises(ValueError):
        halves(np.zeros(0))

test_close(halves)  # IGNORE"""),
    text("# END TESTS", "raw"),
    text("# END QUESTION", "raw"),
)
OTTER_V0 = (
    text("**Question 1.** Add.\n\n```\nBEGIN QUESTION\nname: q1\npoints: 2\n```"),
    code("def add(a, b):\n    return a + b # SOLUTION"),
    code("# TEST\nadd(1, 2)", "3"),
    code("# HIDDEN TEST\nadd(-1, 0.5)", "-0.5"),
    text("The end."),
)
