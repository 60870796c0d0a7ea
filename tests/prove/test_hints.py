"""What the proof of hints makes of a right program."""

from typing import Any

import numpy as np
import pytest
from parts_class import SOLUTION, ready

from grader.prove import hints
from grader.prove.hints import NOISE, changed, ending, without_raises
from grader.sandbox.outcome import Raised, Returned
from grader.sandbox.values import decode, encode

TWO = """def f(x):
    if x < 0:
        raise ValueError("negative")
    if x > 9:
        raise ValueError("large")
    return x
"""


def run(text: str, x: float) -> float:
    """What `f` of the program returns."""
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    found: float = namespace["f"](x)
    return found


def test_each_raise_is_taken_out_and_then_all() -> None:
    """Three variants of two refusals."""
    one, other, both = (text for _shown, text in without_raises(TWO))
    assert run(one, -1) == -1
    assert run(other, 10) == 10
    assert [run(both, x) for x in (-1, 10)] == [-1, 10]


def test_the_other_raise_stays() -> None:
    """Only one is out at a time."""
    one = next(text for _shown, text in without_raises(TWO))
    with pytest.raises(ValueError, match="large"):
        run(one, 10)


def test_a_program_without_raise_has_no_variant() -> None:
    """Nothing to take out."""
    assert not list(without_raises("def f(x):\n    return x\n"))


def test_arrays_are_changed_inside_tuples() -> None:
    """Arrays of several results are changed, numbers are not."""
    outcome = changed(Returned(encode((np.ones(2), 3))), lambda array: array * (1 + NOISE))
    assert isinstance(outcome, Returned)
    array, number = decode(outcome.value)
    assert array[0] != 1
    assert number == 3


def test_what_raises_is_not_changed() -> None:
    """An exception has no arrays."""
    outcome = Raised("ValueError", ("ValueError",), "no")
    assert changed(outcome, lambda array: array) is outcome


def test_a_loop_that_only_the_raise_kept_from_running_for_ever_ends() -> None:
    """Its lines are counted."""
    with pytest.raises(RuntimeError, match="without an end"), ending(1000):
        run("def f(x):\n    while x:\n        x -= 1\n", -1)


def test_what_ends_by_itself_is_not_ended() -> None:
    """Few lines are let through."""
    with ending(1000):
        assert run(TWO, 3) == 3


def test_a_solution_is_right_whatever_a_person_reads_in_it() -> None:
    """A rubric with a part that a person decides has its hints proved like any other."""
    right = hints._right(SOLUTION, ready())
    assert right is not None
    assert list(hints._otherwise(right, ready())) == []
