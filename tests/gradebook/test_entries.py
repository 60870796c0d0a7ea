"""What counts for a student, and how it is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from kept import grade, record

from grader.gradebook.entries import line
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.sqlite import SqliteStore
from grader.gradebook.term import Term
from grader.submissions.submitted_at import SubmittedAt

DUE = datetime(2027, 4, 24, tzinfo=UTC)
BEST = LatePolicy(per_day=0.1, due={"conv": DUE}, attempts="best")
NO_RULES = LatePolicy()


def handed_in(days: float) -> SubmittedAt:
    """So many days after the due date."""
    return SubmittedAt(DUE + timedelta(days=days), "timestamp.txt")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqliteStore]:
    """Ana hands in `conv` twice, the second time late; bea hands in both topics."""
    with SqliteStore(tmp_path, write=True) as found:
        found.save(record("bea", "pooling", 4.0))
        found.save(record("bea", "conv", 5.0, submitted_at=handed_in(-1)))
        found.save(record("ana", "conv", 3.0, text="x = 1", submitted_at=handed_in(-1)))
        found.save(record("ana", "conv", 2.0, text="x = 2", submitted_at=handed_in(0.5)))
        yield found


@pytest.mark.parametrize(
    ("policy", "score", "number", "penalty"),
    [(NO_RULES, 2.0, 2, 0.0), (BEST, 3.0, 1, 0.0), (LatePolicy(0.1, due=BEST.due), 2.0, 2, 0.5)],
)
def test_what_counts(records: SqliteStore, policy: LatePolicy, score: float, number: int, penalty: float) -> None:
    """The policy chooses the attempt, whose raw score stands beside what lateness takes of it."""
    found = Term(records, policy).entry("ana", "conv")
    assert found is not None
    assert (found.grade.score, found.attempt, found.attempts, found.late.penalty) == (score, number, 2, penalty)


def test_nothing_counts_where_nothing_was_graded(records: SqliteStore) -> None:
    """Somebody who handed in nothing has no entry."""
    assert Term(records, NO_RULES).entry("caro", "conv") is None


def test_order_of_a_class(records: SqliteStore) -> None:
    """Entries come by assignment in the order asked for, then by student."""
    found = [(one.grade.assignment, one.grade.student) for one in Term(records, NO_RULES).entries(["pooling", "conv"])]
    assert found == [("pooling", "bea"), ("conv", "ana"), ("conv", "bea")]


def test_some_students(records: SqliteStore) -> None:
    """With students named, only theirs come; an assignment that nobody handed in gives nothing."""
    found = [one.grade.student for one in Term(records, NO_RULES).entries(["conv", "digits"], ["ana", "caro"])]
    assert found == ["ana"]


def test_line_of_the_contract(records: SqliteStore) -> None:
    """A line keeps the raw score; what is left, and which attempt it is, stand beside it."""
    found = Term(records, LatePolicy(0.1, due=BEST.due)).entry("ana", "conv")
    assert found is not None
    said = line(found)
    assert (said["score"], said["max_score"], said["attempt"], said["attempts"]) == (2.0, 5.0, 2, 2)
    assert (said["late"]["days"], said["late"]["penalty"], said["late"]["final_score"]) == (1, 0.5, 1.5)
    assert "score" not in said["late"]


def test_line_without_rules(records: SqliteStore) -> None:
    """Where nothing is due and nothing was handed in twice, a line is the grade and no more."""
    found = Term(records, NO_RULES).entry("bea", "pooling")
    assert found is not None
    assert line(found).keys() == {*grade().__struct_fields__}
