"""SQLite keeps the contract of a store, reads the files of earlier versions, and shows them to nobody else."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from old_stores import OLD_SCHEMAS, age
from store_contract import ANA, NO_TIME, Opener, StoreContract, kept, record, save

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.open_store import open_store
from grader.gradebook.schema import SCHEMA
from grader.gradebook.sqlite import FILE, LOCK
from grader.gradebook.store import Store
from grader.submissions.submitted_at import SubmittedAt


@pytest.fixture
def opener(tmp_path: Path) -> Opener:
    """Opens the store of this test's folder."""

    def open_(write: bool) -> Store:
        return open_store(tmp_path / "results", write=write)

    return open_


class TestSqlite(StoreContract):
    """The contract, on SQLite."""

    def test_one_writer(self, opener: Opener) -> None:
        """A second writer is refused until the first one has closed the store."""
        with opener(True), pytest.raises(UsageError, match="another run is writing"):
            opener(True)
        opener(True).close()


TIME = SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "timestamp.txt", True)
SAVED = (record("a", 3.0), record("b", 4.0, TIME), record("c", None), record("d", 2.0, student="bea"))


def _all(store: Store) -> tuple[list[Record], list[Record]]:
    return list(store.records()), list(store.earlier())


@pytest.mark.parametrize("write", [True, False], ids=["writing", "reading"])
def test_second_schema_is_brought_up_to_date(opener: Opener, tmp_path: Path, write: bool) -> None:
    """Two tables become one by whoever opens the file, and nothing in them changes: records, attempts, numbers, times."""
    save(opener, *SAVED)
    with opener(False) as store:
        before = _all(store)
    age(tmp_path / "results", 2)
    with opener(write) as store:
        assert _all(store) == before
        assert [attempt.number for attempt in store.attempts(*ANA)] == [1, 2, 3]
        assert [attempt.submitted_at for attempt in store.attempts(*ANA)] == [NO_TIME, TIME, NO_TIME]


@pytest.mark.parametrize("write", [True, False], ids=["writing", "reading"])
def test_first_schema_is_brought_up_to_date(opener: Opener, tmp_path: Path, write: bool) -> None:
    """Records of the first schema, which knew neither attempts nor times, are each student's first attempt."""
    save(opener, *SAVED)
    age(tmp_path / "results", 1)
    with opener(write) as store:
        assert [(found.student, found.source_hash, found.grade.score) for found in store.records()] == [
            ("ana", "c", None),
            ("bea", "d", 2.0),
        ]
        assert [(attempt.number, attempt.submitted_at) for attempt in store.attempts(*ANA)] == [(1, NO_TIME)]


@pytest.mark.parametrize("schema", OLD_SCHEMAS)
def test_one_table_after_an_upgrade(opener: Opener, tmp_path: Path, schema: int) -> None:
    """An upgraded file is of today's schema, with the very tables of a new one and none beside them."""
    with opener(True):
        pass
    tables = _tables(tmp_path / "results")
    age(tmp_path / "results", schema)
    with opener(False):
        pass
    assert _tables(tmp_path / "results") == tables
    assert (sorted(name for name, _ in tables[1]), tables[0]) == (
        ["adjustment", "attempt", "dropped", "folder", "note", "reading", "review"],
        SCHEMA,
    )


def _tables(folder: Path) -> tuple[int, list[tuple[str, str]]]:
    with closing(sqlite3.connect(folder / FILE)) as db:
        (version,) = db.execute("pragma user_version").fetchone()
        return version, db.execute("select name, sql from sqlite_schema where type = 'table'").fetchall()


def test_upgrade_goes_on_from_there(opener: Opener, tmp_path: Path) -> None:
    """The next submission after an upgrade has the next number."""
    save(opener, record("a", 3.0), record("b", 4.0))
    age(tmp_path / "results", 2)
    save(opener, record("c", 5.0))
    with opener(False) as store:
        assert kept(store) == [3.0, 4.0, 5.0]


def test_upgrade_waits_for_the_run(opener: Opener, tmp_path: Path) -> None:
    """A reader does not upgrade a file while a run holds the lock: it is refused, and the file stays."""
    save(opener, *SAVED)
    with opener(True):
        age(tmp_path / "results", 2)
        with pytest.raises(UsageError, match="another run is writing"):
            opener(False)
    assert _tables(tmp_path / "results")[0] == 2


def test_only_its_owner_reads_the_records(opener: Opener, tmp_path: Path) -> None:
    """The file with every student's grades is made with mode 0600, and what SQLite puts beside it too."""
    with opener(True) as store:
        store.save(record("a", 3.0))
        modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "results").glob(f"{FILE}*")}
    assert modes == dict.fromkeys((FILE, f"{FILE}-wal", f"{FILE}-shm"), 0o600)


@pytest.mark.parametrize("write", [True, False], ids=["writing", "reading"])
def test_files_of_earlier_versions_are_narrowed(opener: Opener, tmp_path: Path, write: bool) -> None:
    """Files that others can read are no longer, once they were opened, with those that SQLite has put beside them."""
    names = [FILE, f"{FILE}-wal", f"{FILE}-shm"]
    with opener(True) as store:
        store.save(record("a", 3.0))
        for name in names:
            (tmp_path / "results" / name).chmod(0o644)
        copies = {name: (tmp_path / "results" / name).read_bytes() for name in names}
    for name, data in copies.items():
        (tmp_path / "results" / name).write_bytes(data)
        (tmp_path / "results" / name).chmod(0o644)
    with opener(write):
        assert {(tmp_path / "results" / name).stat().st_mode & 0o777 for name in names} == {0o600}


def test_only_its_owner_enters_the_results(opener: Opener, tmp_path: Path) -> None:
    """The folder of the results is made for its owner alone, the lock in it too; one that was there stays as it is."""
    with opener(True):
        assert (tmp_path / "results").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "results" / LOCK).stat().st_mode & 0o777 == 0o600
    (tmp_path / "results").chmod(0o755)
    with opener(True):
        assert (tmp_path / "results").stat().st_mode & 0o777 == 0o755
