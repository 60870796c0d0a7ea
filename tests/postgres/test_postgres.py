"""PostgreSQL keeps the contract of a store, and lets several writers in."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from store_contract import ANA, Opener, StoreContract, kept, record

from grader.errors import UsageError
from grader.gradebook.open_store import ADDRESS, open_address, open_store, open_to_change
from grader.gradebook.schema import SCHEMA
from grader.gradebook.store import BusyError, Store
from grader.submissions.submitted_at import SubmittedAt


@pytest.fixture
def results(address: str, tmp_path: Path) -> Path:
    """A results folder whose records are in the database."""
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / ADDRESS).write_text(address + "\n")
    return folder


@pytest.fixture
def opener(results: Path) -> Opener:
    """Opens the store of this test's class."""

    def open_(write: bool) -> Store:
        return open_store(results, write=write)

    return open_


class TestPostgres(StoreContract):
    """The contract, on PostgreSQL."""


def test_writers_of_one_student_do_not_lose_an_attempt(opener: Opener) -> None:
    """Eight writers save eight different texts of one student at once: eight attempts, numbered without a gap."""
    opener(True).close()
    start = threading.Barrier(8)

    def write(number: int) -> None:
        with opener(True) as store:
            start.wait()
            store.save(record(f"text {number}", float(number % 5)))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opener(False) as store:
        assert len(kept(store)) == 8
        assert {one.source_hash for one in [*store.records(), *store.earlier()]} == {f"text {number}" for number in range(8)}


def test_first_writers_make_the_tables_once(opener: Opener) -> None:
    """Several graders may be the first ones in a new class."""
    start = threading.Barrier(4)
    failed: list[Exception] = []

    def write(number: int) -> None:
        start.wait()
        try:
            with opener(True) as store:
                store.save(record("a", 1.0, student=f"s{number}"))
        except UsageError as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with opener(False) as store:
        keys = store.keys()
        assert [student for student, _ in keys] == ["s0", "s1", "s2", "s3"]


def test_a_writer_waits_for_an_open_block_on_the_same_student_only(opener: Opener) -> None:
    """What one block holds back is one student's assignment."""
    with opener(True) as first, opener(True) as second:
        with first.together():
            first.save(record("a", 3.0))
            second.save(record("a", 3.0, student="bea"))
            with opener(False) as reader:
                assert reader.keys() == [("bea", "vectors")]
        assert second.keys() == [("ana", "vectors"), ("bea", "vectors")]


def test_who_comes_right_after_another_is_not_refused(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is closed holds no lock any more, however long a busy server takes to notice the end of its connection."""
    unnoticed: list[psycopg.Connection[Any]] = []
    with monkeypatch.context() as busy:
        busy.setattr(psycopg.Connection, "close", lambda connection: unnoticed.append(connection))
        open_store(results, write=True).close()
    open_store(results, write=True, alone=True).close()
    (connection,) = unnoticed
    connection.close()


def test_a_run_that_must_be_alone_is_refused_beside_another(results: Path) -> None:
    """And while it writes, others are: it would judge an attempt that is no more the last one."""
    with open_store(results, write=True), pytest.raises(BusyError, match="another run writes to"):
        open_store(results, write=True, alone=True)
    with open_store(results, write=True, alone=True), pytest.raises(BusyError, match="rejudge --apply"):
        open_store(results, write=True)
    open_store(results, write=True).close()


def test_two_classes_of_one_database_share_nothing(server: str, address: str) -> None:
    """A class is a schema of its own."""
    import psycopg

    with open_address(address, write=True) as store:
        store.save(record("a", 3.0))
    other = f"{server}&class=other"
    with open_address(other, write=True) as store:
        assert store.keys() == []
    with psycopg.connect(server) as conn:
        conn.execute("drop schema other cascade")


def test_what_is_only_read_makes_nothing(results: Path) -> None:
    """A change by hand where there are no records is wrong use, and no tables are made for it."""
    with pytest.raises(UsageError, match=r"has no records.*grader records move"):
        open_to_change(results)
    with pytest.raises(UsageError, match="has no records"):
        open_store(results, write=False)


def test_tables_of_another_version_are_refused(address: str, results: Path) -> None:
    """Nothing is read wrongly, and nothing is overwritten."""
    import psycopg

    open_store(results, write=True).close()
    with psycopg.connect(address.partition("&")[0]) as conn:
        conn.execute("update tested.about set schema = 99")
    with pytest.raises(UsageError, match=f"schema 99, this one reads {SCHEMA}"):
        open_store(results, write=False)


def test_a_lost_connection_loses_only_what_was_not_saved(address: str, opener: Opener) -> None:
    """The error says what to do, and what was saved before is there."""
    import psycopg

    with opener(True) as store:
        store.save(record("a", 3.0))
        with psycopg.connect(address.partition("&")[0], autocommit=True) as conn:
            conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'grader'")
        with pytest.raises(UsageError, match="run the same command again"):
            store.save(record("b", 4.0))
    with opener(False) as store:
        assert kept(store) == [3.0]


def test_no_server(tmp_path: Path) -> None:
    """A server that does not answer is told with its address, and without a traceback."""
    with pytest.raises(UsageError, match=r"postgresql://ana@/grades\?host=.*&class=tested cannot be used"):
        open_address(f"postgresql://ana@/grades?host={tmp_path}&class=tested", write=True)


def test_time_of_a_submission_is_updated_by_the_last_who_knows_better(opener: Opener) -> None:
    """As on SQLite, and between two writers."""
    time = SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "timestamp.txt", False)
    with opener(True) as first, opener(True) as second:
        first.save(record("a", 3.0))
        assert second.note_submitted_at(*ANA, time) == time
        assert [one.submitted_at for one in first.attempts(*ANA)] == [time]
