"""What a record keeps of what was returned: all of it where there is room, and hashes of the largest where there is not."""

from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pytest
from toys import exercise_of, one_case, prepared

from grader.checks.agrees import agrees
from grader.checks.effort import within
from grader.engine.record import ROOM, Record, abridged, restored
from grader.gradebook.rejudge import rejudge
from grader.gradebook.sqlite import SqliteStore
from grader.judge.judge import judge
from grader.judge.oracle import run_trusted
from grader.run import Run
from grader.sandbox.outcome import Kept, Returned


def sizes(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """A small and a larger array."""
    yield {"x": rng.normal(size=3)}
    yield {"x": rng.normal(size=5)}


LARGE = one_case(x=np.linspace(0.0, 1.0, 2000))
CLASS = prepared(
    exercise_of("f", agrees("some", cases=sizes)),
    exercise_of("g", agrees("some", cases=sizes), within("large", cases=LARGE)),
    functions={"f": lambda x: 2 * x, "g": lambda x: 3 * x},
)
RIGHT = {"f": lambda x: 2 * x, "g": lambda x: 3 * x * (1 + 1e-9)}


def graded(functions: dict[str, Any]) -> Record:
    """The record of a submission with these functions."""
    ran = Run(Returned(), tuple(run_trusted(CLASS.plan, functions, range(len(CLASS.plan.steps))).values()))
    grade = judge(CLASS.plan, ran, CLASS.oracle, "ana")
    return Record("ana", "work", "text", CLASS.plan.hash, "", abridged(ran, grade, CLASS.plan, CLASS.oracle), grade)


def kept(record: Record) -> list[int]:
    """The steps whose outcomes are hashes."""
    return [seq for seq, outcome in enumerate(record.run.outcomes) if isinstance(outcome, Kept)]


def stored(record: Record) -> int:
    """The bytes of the outcomes in a record."""
    return len(msgspec.msgpack.encode(record.run.outcomes))


LAST = len(CLASS.plan.steps) - 1  # the call on the large array


def test_right_results_on_large_arrays_are_hashes() -> None:
    """A right result of a large call takes the room of a hash; the others are all there."""
    record = graded(RIGHT)
    assert kept(record) == [LAST]
    assert stored(record) < 1000


def test_wrong_results_on_large_arrays_are_kept() -> None:
    """A wrong one is kept, since another tolerance may find it right."""
    assert kept(graded(RIGHT | {"g": lambda x: 3 * x + 0.1})) == []


def test_no_more_than_there_is_room_for() -> None:
    """The largest results are hashes where all of them would be too much."""
    record = graded(RIGHT | {"f": lambda x: np.zeros(ROOM // 8 + 20_000)})
    assert kept(record) == [0, 1, 2, LAST]
    assert stored(record) < ROOM


@pytest.mark.parametrize("wrong", [False, True], ids=["right", "wrong too"])
def test_judged_again_as_it_was(wrong: bool) -> None:
    """A record with hashes of right results gets the very same grade again, whatever is wrong beside them."""
    record = graded(RIGHT | ({"f": lambda x: 2 * x + 1} if wrong else {}))
    assert kept(record) == [LAST]
    again = restored(record, CLASS.plan, CLASS.oracle)
    assert again is not None
    assert judge(CLASS.plan, again, CLASS.oracle, "ana") == record.grade


def test_the_same_result_is_known_by_its_hash() -> None:
    """In a check that failed, a result that was the reference's own is judged from its hash."""
    record = graded(RIGHT | {"f": lambda x: 2 * x if len(x) == 3 else x})
    digests = tuple(_hashed(outcome) if seq == 0 else outcome for seq, outcome in enumerate(record.run.outcomes))
    again = restored(
        msgspec.structs.replace(record, run=msgspec.structs.replace(record.run, outcomes=digests)), CLASS.plan, CLASS.oracle
    )
    assert again is not None and CLASS.oracle is not None
    assert again.outcomes[0] == CLASS.oracle.outcome(0)


def _hashed(outcome: Any) -> Kept:
    from grader.engine.record import _kept

    return _kept(outcome)


def test_a_wrong_result_that_is_gone_keeps_its_grade(tmp_path: Any) -> None:
    """Where a wrong result was too large to keep, the whole grade stays, and that is said."""
    record = graded(RIGHT | {"f": lambda x: np.zeros(ROOM // 8 + 20_000)})
    with SqliteStore(tmp_path, write=True) as store:
        store.save(record)
        (change,) = rejudge(store, {"work": CLASS})
    assert (change.after, change.stays) == (record.grade, "all")


def test_what_stays_is_said(tmp_path: Any) -> None:
    """Where only right results are hashes, all is judged again, and that their verdicts stay is said."""
    with SqliteStore(tmp_path, write=True) as store:
        store.save(graded(RIGHT))
        (change,) = rejudge(store, {"work": CLASS})
    assert (change.after, change.stays) == (change.before, "some")
