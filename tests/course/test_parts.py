"""A solution in the parts of a notebook."""

from pathlib import Path

import pytest

from grader.course.parts import take_apart
from grader.errors import RubricError

SOLUTION = """import numpy as np

# BEGIN SOLUTION
from math import log

EPS = 1e-8
# END SOLUTION


def f(x):
    # BEGIN SOLUTION
    return log(x + EPS)
    # END SOLUTION


# BEGIN SOLUTION
class Layer:
    rate = 1

    def go(self, x):
        return x
# END SOLUTION
"""


def test_statements_between_markers_are_cells() -> None:
    """What is to be written in the module is a cell of its own, below an outline of it, and not in the setup cell."""
    parts = take_apart(SOLUTION, Path("work.py"))
    assert parts.scaffold == "import numpy as np"
    assert [(part.name, part.callable) for part in parts.functions] == [("log", False), ("f", True), ("Layer", True)]
    assert parts.functions[0].source.startswith("# ...  # yours to import\n# EPS = ...  # yours to write\n# BEGIN SOLUTION\n")
    assert parts.functions[2].source.startswith("# class Layer:\n#     rate = ...  # yours to write\n#\n#     def go(self, x):\n")
    assert parts.functions[2].source.endswith("return x\n# END SOLUTION")


def test_two_exercises_between_the_same_markers() -> None:
    """Each exercise is a cell, so each has its own markers."""
    with pytest.raises(RubricError, match="f and g are between the same markers"):
        take_apart("# BEGIN SOLUTION\ndef f(): ...\ndef g(): ...\n# END SOLUTION\n", Path("work.py"))


def test_what_is_given_may_not_need_what_is_written() -> None:
    """A statement of the setup cell that needs a constant to be written is told with its line."""
    with pytest.raises(RubricError, match="line 4 needs EPS when it runs"):
        take_apart("# BEGIN SOLUTION\nEPS = 1\n# END SOLUTION\nHALF = EPS / 2\n", Path("work.py"))
