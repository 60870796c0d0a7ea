"""Whose fault it is when a check cannot be judged: the student's value, or the rubric."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, grade, one_case, prepared

from grader.checks.agrees import agrees
from grader.checks.draft import Example
from grader.checks.evidence import Evidence
from grader.checks.example import example
from grader.checks.findings import PASSED, Finding
from grader.checks.property import has_property
from grader.engine.prepare import Prepared
from grader.judge.verdicts import Verdict


def double(x: Any) -> Any:
    """The reference."""
    return x * 2.0


def vectors(rng: np.random.Generator) -> Iterable[Any]:
    """Two vectors."""
    yield dict(x=rng.normal(size=3))
    yield dict(x=rng.normal(size=3))


class Choosy:
    """A check whose judge side raises at numbers above 1000, or always."""

    kind, name, share, needs_reference, published = "agrees", "choosy", 1.0, False, False

    def __init__(self, limit: float) -> None:
        self.limit = limit

    def plan(self, draft: Any) -> int:
        """One call."""
        draft.case()
        return int(draft.call(draft.exercise, dict(x=np.arange(3.0))))

    def judge(self, evidence: Evidence) -> Finding:
        """It raises, or passes."""
        if np.max(evidence.value(evidence.data)) > self.limit:
            raise OverflowError("too large for me")
        return PASSED


def overflowing(case: Any, results: list[Any]) -> str | None:
    """A law that cannot bear large numbers."""
    return None if int(float(np.max(results[0])) ** 2) >= 0 else "negative"


def always_raising(case: Any, results: list[Any]) -> str | None:
    """A law that cannot bear anything."""
    raise KeyError("x")


def raising_explain(inputs: Any, result: str, index: Any) -> str:
    """Arithmetic that knows the first element only."""
    if index != (0,):
        raise IndexError("no such element")
    return "2*1 = 2"


GOOD = agrees("good", cases=vectors)
SLIDE = {"slide": Example("slide", "L1", "A slide", {"x": np.arange(3.0)}, 2 * np.arange(3.0), None)}


def ready(*checks: Any, with_reference: bool = True) -> Prepared:
    """The checks planned."""
    return prepared(exercise_of("double", *checks), functions={"double": double}, examples=SLIDE, with_reference=with_reference)


def verdicts(using: Prepared, student: Any) -> list[Verdict]:
    """What each check says."""
    return list(grade(using, {"double": student}).exercises[0].checks)


@pytest.mark.parametrize("with_reference", [True, False], ids=["submission", "self-check"])
@pytest.mark.parametrize("check", [Choosy(1000), has_property("law", cases=vectors, law=overflowing)], ids=["check", "law"])
def test_value_that_cannot_be_judged_fails(check: Any, with_reference: bool) -> None:
    """An exception at a student's value, where the reference's passes, is a failed check that says so."""
    found = verdicts(ready(check, with_reference=with_reference), lambda x: np.full(3, 1e200) + x)[0]
    assert found.verdict == "failed"
    assert "OverflowError" in found.message and "the form that the docstring asks for" in found.message


def test_the_other_checks_are_paid() -> None:
    """A value that one check cannot bear costs that check only."""
    using = ready(Choosy(2), GOOD, has_property("law", cases=one_case(x=np.ones(3)), law=overflowing))
    large = grade(ready(Choosy(1000), GOOD), {"double": lambda x: x * 2.0 + (1e9 if x[0] == 0 else 0)})
    assert [check.verdict for check in large.exercises[0].checks] == ["failed", "passed"]
    assert (large.status, large.score) == ("graded", 0.5)
    assert grade(using, {"double": double}).status == "grader_error"  # 4 > 2: the reference's own value


@pytest.mark.parametrize("check", [Choosy(-1), has_property("law", cases=vectors, law=always_raising)], ids=["check", "law"])
def test_check_that_the_reference_cannot_pass_is_the_rubrics_fault(check: Any) -> None:
    """Where the reference's value makes it raise too, no points move."""
    graded = grade(ready(check, GOOD), {"double": double})
    assert (graded.status, graded.score) == ("grader_error", None)
    assert "failed itself: " in graded.message and "your file is not the cause" in graded.message


def test_explain_that_raises_leaves_the_numbers() -> None:
    """Arithmetic that raises at an element is left out: the check fails, and the two numbers are said."""
    found = verdicts(ready(example("slide", raising_explain), GOOD), lambda x: x * 2.0 + np.array([0, 1, 0]))[0]
    assert (found.verdict, found.message) == ("failed", "1 of 3 values of the result is wrong; first [1] = 3 (should be 2)")


def test_explain_is_tried_at_every_element() -> None:
    """What `validate` reports of it: each element where it raises or gives no text."""
    using = ready(example("slide", raising_explain), GOOD)
    (planned,) = using.plan.exercises
    assert [(place, str(error)) for place, error in planned.checks[0].check.faults(planned.checks[0].data, ())] == [  # type: ignore[attr-defined]
        ("[1]", "no such element"),
        ("[2]", "no such element"),
    ]


@pytest.mark.parametrize(
    ("expected", "names", "places"),
    [
        ({"a": 1.0, "b": np.ones(2)}, ("a", "b"), ["a", "b[0]", "b[1]"]),
        ([np.ones(1), np.ones(2)], ("all",), ["all[0][0]", "all[1][0]", "all[1][1]"]),
        (3.0, (), [""]),
    ],
    ids=["by-name", "list-of-arrays", "number"],
)
def test_places_of_explain(expected: Any, names: tuple[str, ...], places: list[str]) -> None:
    """Each element of each result is named as in a message, and what gives no text is a fault too."""
    check = example("slide", lambda inputs, result, index: 7)  # type: ignore[arg-type, return-value]
    data = (0, Example("slide", "L1", "A slide", {}, expected, None))
    found = list(check.faults(data, names))
    assert [place for place, _ in found] == places
    assert {str(error) for _, error in found} == {"it returned the int 7, not a text"}
