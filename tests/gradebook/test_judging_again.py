"""Judging again what was run: only the rubric decides, and only where the outcomes are those of its calls."""

from collections.abc import Callable
from pathlib import Path

import pytest
from kept import grade
from toys import CHECKS, source_functions, write_course

from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.rejudge import Change, rejudge
from grader.gradebook.sqlite import SqliteStore
from grader.judge.judge import judge
from grader.judge.oracle import run_trusted
from grader.run import Run
from grader.sandbox.outcome import Returned

WRONG = "def f(x, factor=2.0):\n    return 3 * x\n"
Ready = Callable[..., Prepared]


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    """An assignment, prepared with this rubric."""
    return lambda checks=CHECKS: prepare(write_course(tmp_path / "course", checks), "seed")


def kept(records: SqliteStore, ready: Prepared, folder: Path, text: str = WRONG, student: str = "ana") -> Record:
    """Save what a submission of this text gets."""
    file = folder / "submitted.py"
    file.write_text(text)
    outcomes = run_trusted(ready.plan, source_functions(file), range(len(ready.plan.steps)))
    ran = Run(Returned(), tuple(outcomes.values()))
    found = Record(student, "work", text, ready.plan.hash, ready.rubric_hash, ran, judge(ready.plan, ran, ready.oracle, student))
    records.save(found)
    return found


def test_same_rubric_moves_nothing(ready: Ready, tmp_path: Path) -> None:
    """With the rubric as it was, the grade is the same, verdict for verdict."""
    with SqliteStore(tmp_path, write=True) as records:
        before = kept(records, ready(), tmp_path).grade
        (change,) = rejudge(records, {"work": ready()})
    assert change == Change(before, before)
    assert not change.moved


def test_weight_moves_the_maximum(ready: Ready, tmp_path: Path) -> None:
    """An exercise that is worth more now gives another maximum, which counts as moved though the score stays 0."""
    with SqliteStore(tmp_path, write=True) as records:
        kept(records, ready(), tmp_path)
        (change,) = rejudge(records, {"work": ready(CHECKS.replace("points=1", "points=4"))})
    assert (change.before.score, change.before.max_score, change.after.score, change.after.max_score) == (0, 1, 0, 4)
    assert change.moved


def test_tolerance_moves_the_score(ready: Ready, tmp_path: Path) -> None:
    """What was returned is compared by today's tolerance, without being returned again."""
    lenient = CHECKS.replace("cases=cases)", "cases=cases, atol=10.0)")
    with SqliteStore(tmp_path, write=True) as records:
        kept(records, ready(), tmp_path)
        (change,) = rejudge(records, {"work": ready(lenient)})
    assert (change.before.score, change.after.score) == (0, 1)


def test_other_calls_are_refused(ready: Ready, tmp_path: Path) -> None:
    """Outcomes of other calls than today's are refused before anything is judged."""
    with SqliteStore(tmp_path, write=True) as records:
        kept(records, ready(), tmp_path)
        with pytest.raises(UsageError, match="the calls of work changed since 1 of its records were made"):
            next(rejudge(records, {"work": ready(CHECKS.replace("(2, 3)", "(2, 4)"))}))


def test_assignments_that_are_not_asked_for(ready: Ready, tmp_path: Path) -> None:
    """What is not prepared is left alone."""
    with SqliteStore(tmp_path, write=True) as records:
        kept(records, ready(), tmp_path)
        assert list(rejudge(records, {})) == []


def test_earlier_attempts_come_last(ready: Ready, tmp_path: Path) -> None:
    """Earlier attempts are judged too, after all others and under their number."""
    right = WRONG.replace("3", "2")
    with SqliteStore(tmp_path, write=True) as records:
        for text in (right, WRONG):
            kept(records, ready(), tmp_path, text)
        kept(records, ready(), tmp_path, right, "bea")
        changes = list(rejudge(records, {"work": ready(CHECKS.replace("points=1", "points=4"))}))
    found = [(change.after.student, change.attempt, change.before.score, change.after.score) for change in changes]
    assert found == [("ana", 0, 0, 0), ("bea", 0, 1, 4), ("ana", 1, 1, 4)]


def test_earlier_attempt_of_other_calls(ready: Ready, tmp_path: Path) -> None:
    """An earlier attempt whose calls are not today's keeps its grade, and keeps nobody from being judged."""
    today = CHECKS.replace("(2, 3)", "(2, 4)")
    with SqliteStore(tmp_path, write=True) as records:
        kept(records, ready(), tmp_path, WRONG.replace("3", "2"))
        kept(records, ready(today), tmp_path)
        assert [change.attempt for change in rejudge(records, {"work": ready(today)})] == [0]


def test_fault_of_the_grader_is_not_judged(ready: Ready, tmp_path: Path) -> None:
    """Where the sandbox failed there is nothing to judge: no score comes of it."""
    prepared = ready()
    failed = grade("ana", "work", None)
    with SqliteStore(tmp_path, write=True) as records:
        records.save(Record("ana", "work", "text", prepared.plan.hash, "", Run(Returned(), ()), failed))
        (change,) = rejudge(records, {"work": prepared})
    assert change == Change(failed, failed)
