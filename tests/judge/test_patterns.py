"""Patterns of wrong results, and which of the cases fail: said where they hold, and nowhere else."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.judge.patterns import pattern, samples
from grader.judge.which_cases import facts, which_cases

RNG = np.random.default_rng(1)
INPUTS = [RNG.normal(size=shape) * 5 for shape in [(3, 4), (5, 2), (2, 6)]]


def said(change: Callable[[Any], Any]) -> str:
    """What is said of results that are changed like this."""
    found = samples([(x, change(x), {"x": x}) for x in INPUTS])
    return pattern("O", found) if found else ""


@pytest.mark.parametrize(
    ("change", "text"),
    [
        pytest.param(lambda x: -x, "the sign of O", id="sign"),
        pytest.param(lambda x: 2 * x, "O is 2 times", id="twice"),
        pytest.param(lambda x: x / 2, "O is 1/2 times", id="half"),
        pytest.param(lambda x: x * len(x), "too large by the factor `x.shape[0]`", id="n-times"),
        pytest.param(lambda x: x / x.size, "too small by the factor `x.size`", id="divided"),
        pytest.param(lambda x: x + 1, "larger than it should be by 1,", id="shifted"),
        pytest.param(lambda x: x * (np.arange(len(x)) == 0)[:, None], "only the first item", id="first-row"),
        pytest.param(
            lambda x: np.where(np.arange(x.size).reshape(x.shape) == 0, x, 0), "only the first number", id="first-number"
        ),
        pytest.param(lambda x: x[0], "only the first item", id="returned-early"),
        pytest.param(lambda x: np.broadcast_to(x[-1:], x.shape), "all rows of O are the same", id="equal-rows"),
        pytest.param(np.trunc, "has lost its decimals", id="cut-off"),
    ],
)
def test_pattern_is_said(change: Callable[[Any], Any], text: str) -> None:
    """Each pattern is recognised."""
    assert text in said(change)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda x: x, id="right"),
        pytest.param(np.zeros_like, id="zeros"),
        pytest.param(np.abs, id="absolute"),
        pytest.param(lambda x: x**2, id="squared"),
        pytest.param(lambda x: 2 * x if len(x) == 3 else x, id="in-one-case-only"),
        pytest.param(lambda x: x.T, id="transposed"),
        pytest.param(lambda x: None, id="none"),
        pytest.param(lambda x: x * np.nan, id="nan"),
    ],
)
def test_no_pattern_is_not_said(change: Callable[[Any], Any]) -> None:
    """Nothing is said where no pattern holds in every case."""
    assert said(change) == ""


def kept(arguments: list[dict[str, Any]], results: list[Any]) -> str:
    """What is said of such results of a function that should square `x`."""
    found = samples([(given["x"] ** 2, got, given) for given, got in zip(arguments, results, strict=True)])
    return pattern("O", found) if found else ""


def test_results_of_earlier_calls_are_told() -> None:
    """A function that keeps its result by the shape of its argument is right once for each shape."""
    one, two, three = RNG.normal(size=(3, 2, 2))
    calls = [{"x": one}, {"x": two}, {"x": INPUTS[0]}, {"x": three}]
    assert "that of an earlier call" in kept(calls, [one**2, one**2, INPUTS[0] ** 2, one**2])
    assert kept(calls, [one**2, one**2, INPUTS[0] ** 2, three]) == ""


def test_an_argument_that_is_ignored_is_nothing_kept() -> None:
    """The same array with another number gives the same result, with no memory at all."""
    one, two = RNG.normal(size=(2, 2, 2))
    calls = [{"x": one, "stride": stride} for stride in (1, 2, 3)]
    assert kept(calls, [one**2] * 3) == ""
    found = samples([(one**2 * given["stride"], one**2, given) for given in calls])
    assert found and "earlier" not in pattern("O", found)
    assert kept([{"x": one}, {"x": two}], [one**2, one**2]) == ""  # once may be chance


def test_single_fact() -> None:
    """The fact that separates right from wrong cases is said, with how many there are of each."""
    cases = [{"pad": pad} for pad in (0, 1, 0, 2, 1)]
    text = which_cases(facts(cases), (True, False, True, False, False))
    assert text == "right in all 3 cases with pad > 0, wrong in all 2 cases with pad = 0"


def test_two_facts() -> None:
    """Two facts together are said where neither separates alone."""
    cases = [{"stride": stride, "pad": pad} for stride in (1, 2) for pad in (0, 1)] * 2
    text = which_cases(facts(cases), (False, False, True, False) * 2)
    assert text == "wrong in all 2 cases with stride > 1 and pad = 0, right in the other 6"


@pytest.mark.parametrize(
    "wrong", [(True, True, False, False, False), (True,) * 5, (False,) * 5], ids=["nothing-separates", "all", "none"]
)
def test_no_fact(wrong: tuple[bool, ...]) -> None:
    """Nothing is said where nothing separates the cases, or all of them fail."""
    assert which_cases(facts([{"pad": pad} for pad in (0, 1, 0, 2, 1)]), wrong) == ""


def test_too_few_cases() -> None:
    """Three cases are too few to speak of a fact."""
    assert which_cases(facts([{"pad": pad} for pad in (0, 1, 2)]), (True, False, False)) == ""


def test_single_right_case_by_chance_is_not_told() -> None:
    """That the only right case happens to have no negative number says nothing; that the only right one has pad = 0 does."""
    numbers = [{"x": np.array([1.0, sign])} for sign in (1.0, -1.0, -2.0, -3.0, -4.0)]
    wrong = (False, True, True, True, True)
    assert which_cases(facts(numbers), wrong) == ""
    assert "pad = 0" in which_cases(facts([{"pad": pad} for pad in (0, 1, 2, 1, 3)]), wrong)
