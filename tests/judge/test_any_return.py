"""Whatever a child answers, judging it is a grade: never a fault of the grader, never a point for nonsense."""

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import toy

sys.path.insert(0, str(Path(__file__).parents[1] / "sandbox"))
from frames import FIELDS, OUTCOMES, VALUES

from grader.engine.prepare import Prepared
from grader.judge.judge import judge
from grader.run import Run
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.values import Complex, Items, Mapping


@pytest.fixture(scope="module")
def ready() -> Prepared:
    """The toy course's assignment."""
    return toy()


def graded(ready: Prepared, outcomes: list[Outcome]) -> Any:
    """The grade of a child that answered with these, over and over."""
    steps = len(ready.plan.steps)
    return judge(ready.plan, Run(Returned(), tuple(outcomes * steps)[:steps]), ready.oracle, "ana", ready.known)


@pytest.mark.filterwarnings("ignore:Generating overly large repr")  # a large answer is as good a try as a small one
@given(st.lists(st.one_of(*(FIELDS[outcome] for outcome in OUTCOMES)), min_size=1, max_size=4))
def test_any_answers_can_be_judged(ready: Prepared, outcomes: list[Outcome]) -> None:
    """Outcomes of every kind, one after the other, are graded, whatever they hold."""
    assert graded(ready, outcomes).status == "graded"


@given(st.builds(Returned, VALUES.filter(lambda value: isinstance(value, str | Complex | Items | Mapping | None))))
def test_nonsense_earns_nothing(ready: Prepared, outcome: Outcome) -> None:
    """The same value of a wrong type for every call earns no point."""
    assert graded(ready, [outcome]).score == 0
