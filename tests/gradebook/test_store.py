"""The store answers about what it holds, and writes all of a change or nothing of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from kept import grade, record

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook import sqlite
from grader.gradebook.sqlite import FILE, LOCK, SqliteStore
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import SubmittedAt

IN_TIME = SubmittedAt(datetime(2027, 4, 23, 20, 0, tzinfo=UTC), "timestamp.txt")
LATER = SubmittedAt(datetime(2027, 4, 25, 1, 0, tzinfo=UTC), "archive", True)


def last(records: SqliteStore, student: str, assignment: str) -> Grade | None:
    """The grade of the last attempt."""
    attempts = records.attempts(student, assignment)
    return attempts[-1].grade if attempts else None


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqliteStore]:
    """Records that may be written, of ana and bea."""
    with SqliteStore(tmp_path, write=True) as found:
        found.save(record("bea", "pooling", 4.0))
        found.save(record("ana", "conv", 3.0))
        found.save(record("ana", "pooling", None))
        yield found


def test_what_there_is(records: SqliteStore) -> None:
    """Students and assignments are listed in order, each assignment once."""
    assert records.keys() == [("ana", "conv"), ("ana", "pooling"), ("bea", "pooling")]
    assert records.assignments() == ["conv", "pooling"]
    assert records.plans() == [("conv", "plan", 1), ("pooling", "plan", 2)]


def test_one_grade(records: SqliteStore) -> None:
    """A grade is that of the record; where there is no record there is none."""
    assert last(records, "ana", "conv") == grade("ana", "conv", 3.0)
    assert last(records, "caro", "conv") is None


def test_time_that_becomes_known(records: SqliteStore) -> None:
    """A time of submission that is learned later is kept, and changes nothing else."""
    records.note_submitted_at("ana", "conv", LATER)
    (attempt,) = records.attempts("ana", "conv")
    assert (attempt.submitted_at, attempt.grade) == (LATER, grade("ana", "conv", 3.0))


def test_time_of_somebody_without_a_record(records: SqliteStore) -> None:
    """A time for what was never graded is not kept, and is not an error."""
    records.note_submitted_at("caro", "conv", IN_TIME)
    assert records.attempts("caro", "conv") == []


def test_same_time_is_not_written_again(records: SqliteStore, tmp_path: Path) -> None:
    """Noting the time that is there already writes nothing, also while somebody else writes."""
    records.note_submitted_at("ana", "conv", IN_TIME)
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        records.note_submitted_at("ana", "conv", IN_TIME)


def test_judged_by_another_rubric(records: SqliteStore) -> None:
    """The records that were judged by another rubric are counted for each assignment by itself."""
    assert [records.judged_otherwise(name, "rubric") for name in records.assignments()] == [0, 0]
    records.regrade(grade("bea", "pooling", 5.0), "another")
    assert [records.judged_otherwise(name, "rubric") for name in records.assignments()] == [0, 1]


def test_another_grade_on_what_was_run(records: SqliteStore) -> None:
    """A new grade takes the place of the old one; hashes of text and calls, and the time, stay."""
    records.note_submitted_at("bea", "pooling", IN_TIME)
    records.regrade(grade("bea", "pooling", 5.0), "another")
    found = next(one for one in records.records() if one.student == "bea")
    before = record("bea", "pooling", 4.0, submitted_at=IN_TIME)
    assert found == msgspec.structs.replace(before, grade=grade("bea", "pooling", 5.0), rubric_hash="another")


def interrupted(records: SqliteStore, error: type[BaseException]) -> None:
    """Begin to write, in two blocks, and end with an exception."""
    with records.together():
        with records.together():
            records.save(record("caro"))
        records.regrade(grade("ana", "conv", 5.0), "another")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_all_or_nothing(records: SqliteStore, error: type[BaseException]) -> None:
    """When a block ends with an exception, Ctrl-C included, nothing that it wrote is there, nor what a block in it wrote."""
    with pytest.raises(error):
        interrupted(records, error)
    assert last(records, "caro", "conv") is None
    assert last(records, "ana", "conv") == grade("ana", "conv", 3.0)


def test_blocks_that_end_well(records: SqliteStore) -> None:
    """What two blocks, one in the other, wrote is there after the outer one."""
    with records.together():
        with records.together():
            records.save(record("caro"))
        records.regrade(grade("ana", "conv", 5.0), "another")
    assert last(records, "caro", "conv") == grade("caro")
    assert last(records, "ana", "conv") == grade("ana", "conv", 5.0)


def test_file_that_cannot_be_written_any_more(records: SqliteStore, tmp_path: Path) -> None:
    """An error of the database is said to a person, with what is safe and what to do."""
    with closing(sqlite3.connect(tmp_path / FILE)) as other:
        other.execute("drop table attempt")
    with pytest.raises(UsageError, match=r"cannot be written: no such table.*What was graded before is kept; make room and run"):
        records.save(record("caro"))


def test_file_that_another_program_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After waiting for another program that writes, the message says to close it."""
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.0)
    with SqliteStore(tmp_path, write=True) as records, closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(UsageError, match="close the other program that has held the file for so long"):
            records.save(record())


def test_one_writer(records: SqliteStore, tmp_path: Path) -> None:
    """A second writer is refused while the first one holds the folder, and a reader is not."""
    with pytest.raises(UsageError, match="another run is writing to"):
        SqliteStore(tmp_path, write=True)
    with SqliteStore(tmp_path, write=False) as reader:
        assert reader.assignments() == ["conv", "pooling"]


def test_writer_after_a_writer(tmp_path: Path) -> None:
    """Closing lets the next one write."""
    for score in (1.0, 2.0):
        with SqliteStore(tmp_path, write=True) as records:
            records.save(record(score=score))
    with SqliteStore(tmp_path, write=False) as records:
        assert last(records, "ana", "conv") == grade(score=2.0)


@pytest.mark.parametrize("name", [FILE, LOCK])
def test_file_of_something_else(tmp_path: Path, name: str) -> None:
    """A file that is not a database is said to be none, and is left as it is."""
    (tmp_path / name).write_bytes(b"a diary, not a database " * 50)
    with pytest.raises(UsageError, match="cannot be used: file is not a database"):
        SqliteStore(tmp_path, write=True)
    assert (tmp_path / name).read_bytes().startswith(b"a diary")


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """Where a file has the folder's name, the message says to choose another."""
    (tmp_path / "results").write_text("")
    with pytest.raises(UsageError, match=r"cannot be written: .* Choose another folder with --out"):
        SqliteStore(tmp_path / "results", write=True)


def test_nothing_to_read(tmp_path: Path) -> None:
    """Reading where nothing was graded says to grade first."""
    with pytest.raises(UsageError, match=r"has no records\. Grade first"):
        SqliteStore(tmp_path, write=False)


def test_records_one_after_the_other(records: SqliteStore) -> None:
    """Records are read as they were saved, by assignment and student; earlier attempts by themselves."""
    records.save(record("ana", "conv", 2.0, text="x = 2"))
    saved: list[Record] = [
        record("ana", "conv", 2.0, text="x = 2"),
        record("ana", "pooling", None),
        record("bea", "pooling", 4.0),
    ]
    assert list(records.records()) == saved
    assert list(records.earlier()) == [msgspec.structs.replace(record("ana", "conv", 3.0), attempt=1)]
