"""How close is close enough, where the rubric says so: by part, by number, and said to who is not."""

from typing import Any

import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.effort import within
from grader.checks.example import example, examples
from grader.checks.tolerance import Tolerance

X = np.array([10.0, 0.5])


def double(x: Any) -> Any:
    """Twice x."""
    return 2.0 * x


@pytest.mark.parametrize(
    ("tolerance", "off", "outcome"),
    [
        (dict(atol=0.05), 0.04, "passed"),
        (dict(atol=0.05), 0.06, "failed"),
        (dict(rtol=1e-2), 0.19, "passed"),
        (dict(rtol=1e-2), 0.21, "failed"),
        (dict(rtol=1e-3, atol=0.05), 0.04, "passed"),
        (dict(rtol=1e-2, atol=0.05), 0.19, "passed"),
        (dict(rtol=1e-3, atol=0.05), 0.06, "failed"),
    ],
)
def test_agreement_within_a_tolerance_of_its_own(tolerance: dict[str, float], off: float, outcome: str) -> None:
    """`rtol` is a part of the largest number, 20 here; `atol` a number; of both the larger one counts."""
    ready = prepared(exercise_of("double", agrees("near", cases=one_case(x=X), **tolerance)), functions={"double": double})
    assert verdict(ready, {"double": lambda x: 2.0 * x + np.array([0.0, off])}).verdict == outcome


def test_the_message_says_the_tolerance() -> None:
    """Beside the number that is wrong, and only where the rubric has a tolerance of its own."""
    wrong = {"double": lambda x: 2.0 * x + 1}
    told = [
        verdict(
            prepared(exercise_of("double", agrees("near", cases=one_case(x=X), **options)), functions={"double": double}), wrong
        ).message
        for options in (dict(atol=0.05), dict(rtol=1e-3), dict(rtol=1e-3, atol=0.05), dict[str, float]())
    ]
    assert told[0].endswith("; a number may be off by 0.05")
    assert told[1].endswith("; a number may be off by 0.001 of the largest number that is expected")
    assert told[2].endswith("; a number may be off by 0.05, or by 0.001 of the largest number that is expected")
    assert "may be off" not in told[3]


def test_a_number_that_is_far_off_is_no_matter_of_tolerance() -> None:
    """Three times the right number: how close it should have been explains nothing."""
    ready = prepared(exercise_of("double", agrees("near", cases=one_case(x=X), atol=0.05)), functions={"double": double})
    assert "may be off" not in verdict(ready, {"double": lambda x: 6.0 * x}).message


@pytest.mark.parametrize(("tolerance", "outcome"), [(dict(atol=0.3), "passed"), (dict(rtol=0.02), "passed"), ({}, "failed")])
def test_an_example_within_a_tolerance_of_its_own(tolerance: dict[str, float], outcome: str) -> None:
    """In place of the precision that the slide prints."""
    slide = Example("slide", "L1", "1", dict(x=X), np.array([20.2, 1.0]), atol=0.05, exercise="double")
    ready = prepared(
        exercise_of("double", example("slide", **tolerance), agrees("near", cases=one_case(x=X + 1))),
        functions={"double": double},
        examples={"slide": slide},
    )
    assert verdict(ready, {"double": double}).verdict == outcome


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (dict(rtol=0.5), "rtol=0.5, but it is a part"),
        (dict(rtol=-1e-3), "rtol=-0.001"),
        (dict(rtol=float("nan")), "rtol=nan"),
        (dict(atol=-1.0), "atol=-1.0, but it is how far"),
        (dict(atol=float("inf")), "atol=inf"),
        (dict(atol=True), "atol=True"),
    ],
)
def test_a_tolerance_that_makes_no_sense_is_refused(options: dict[str, Any], problem: str) -> None:
    """By every check that takes one, with what it should be."""
    with pytest.raises(ValueError, match=problem):
        agrees("near", cases=one_case(x=X), **options)
    with pytest.raises(ValueError, match=problem):
        example("slide", **options)
    with pytest.raises(ValueError, match=problem):
        list(examples(**options))
    if "rtol" in options:
        with pytest.raises(ValueError, match=problem):
            within(cases=one_case(x=X), **options)


def test_a_printed_precision_alone_replaces_the_part() -> None:
    """As before there was more than one: the slide's decimals decide, however large the numbers are."""
    assert Tolerance(atol=0.05).at(np.array([1e9])) == 0.05
