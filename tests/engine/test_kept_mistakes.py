"""Of every topic, the records of the known mistakes, judged again: the same grades, whatever was too large to keep."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.folder import PUBLIC_SEED, find_course
from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record, abridged, restored
from grader.judge.judge import judge
from grader.run import Run
from grader.sandbox.outcome import Outcome, Returned

pytestmark = pytest.mark.slow

COURSE = find_course(Path(__file__).parents[2])
EACH = 12  # mistakes are too many to judge all of them twice


def mistaken(ready: Prepared) -> Iterator[tuple[str, Run]]:
    """A run for each of the mistakes, made in every function that knows it, with right code that calls these."""
    assert ready.oracle is not None
    every = range(len(ready.plan.steps))
    names = list(dict.fromkeys(found.name for found in ready.oracle.misconceptions))
    for name in names[::EACH]:
        same = [found for found in ready.oracle.misconceptions if found.name == name]
        made = ready.oracle.composed(same, every) or ready.oracle.wrong(same[0], every)
        outcomes: tuple[Outcome, ...] = tuple(made[seq] for seq in every)
        yield name, Run(Returned(), outcomes)


@pytest.mark.parametrize("topic", [assignment.name for assignment in COURSE.assignments])
def test_the_same_rubric_gives_the_same_grade_again(topic: str) -> None:
    """Nobody loses points because large results are not kept."""
    ready = prepare(COURSE.assignment(topic), PUBLIC_SEED)
    for name, run in mistaken(ready):
        grade = judge(ready.plan, run, ready.oracle, "ana")
        record = Record("ana", topic, "", ready.plan.hash, "", abridged(run, grade, ready.plan, ready.oracle), grade)
        again = restored(record, ready.plan, ready.oracle)
        assert again is not None, name
        assert judge(ready.plan, again, ready.oracle, "ana") == grade, name
