"""Records move whole from a results folder into a database and back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from store_contract import record
from typer.testing import CliRunner

from grader.cli.app import app
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.move import KEPT, move_records
from grader.gradebook.open_store import ADDRESS, open_address, open_store
from grader.gradebook.same_class import Dropped
from grader.gradebook.sqlite_file import FILE
from grader.gradebook.store import Store

AT = datetime(2027, 4, 2, tzinfo=UTC)
CHANGE = Adjustment(student="ana", assignment="vectors", because="the second part was right", by="marta", at=AT, points=0.5)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A results folder with two attempts, a change by hand, a note and a student who left."""
    folder = tmp_path / "results"
    with open_store(folder, write=True) as store:
        store.save(record("a", 3.0))
        store.save(record("b", 4.0))
        store.save(record("a", 2.0, student="zoë"))
        store.adjust(CHANGE)
        store.drop(Dropped("zoë", "marta", AT, "left"))
        store.note({"gradebook": "grader export"})
    return folder


def held(store: Store) -> object:
    """All that a store holds."""
    return [*store.records()], [*store.earlier()], store.adjustments(), store.dropped(), store.notes(), store.version()


def test_all_is_there_afterwards(results: Path, address: str) -> None:
    """Every attempt, adjustment and note; and the folder uses them there, so that commands go on as before."""
    with open_store(results, write=False) as store:
        before = held(store)
    moved = move_records(str(results), address)
    assert moved.rows == {"attempt": 3, "adjustment": 1, "review": 0, "note": 1, "folder": 0, "dropped": 1}
    with open_store(results, write=False) as store:
        assert held(store) == before
    assert (results / ADDRESS).stat().st_mode & 0o077 == 0
    assert not (results / FILE).exists() and (results / KEPT).exists()


def test_and_back_again(results: Path, address: str) -> None:
    """Into the folder's own file, which the folder then uses."""
    with open_store(results, write=False) as store:
        before = held(store)
    move_records(str(results), address)
    move_records(address, f"sqlite:///{results}")
    with open_store(results, write=False) as store:
        assert held(store) == before
    assert not (results / ADDRESS).exists()


def test_numbers_go_on(results: Path, address: str) -> None:
    """The next change by hand is numbered after those that were moved."""
    move_records(str(results), address)
    with open_store(results, write=True) as store:
        assert store.adjust(CHANGE) == 2


def test_records_that_are_there_are_not_mixed_with_others(results: Path, address: str) -> None:
    """A class that has records takes no other's; nothing moves."""
    with open_address(address, write=True) as store:
        store.save(record("c", 1.0, student="bea"))
    with pytest.raises(UsageError, match="the target has records already"):
        move_records(str(results), address)
    with open_store(results, write=False) as store:
        assert len(store.keys()) == 2


def test_a_folder_moved_onto_itself(results: Path, address: str) -> None:
    """Two names of one place are noticed, also after a move."""
    for source, target in [(str(results), f"sqlite:///{results}"), (f"{results}/.", str(results))]:
        with pytest.raises(UsageError, match="are the same place"):
            move_records(source, target)
    move_records(str(results), address)
    with pytest.raises(UsageError, match="are the same place"):
        move_records(str(results), address)


def test_the_commands(results: Path, address: str, tmp_path: Path) -> None:
    """`records move` tells what was moved, `records use` lets a second folder use it, and `records` says where they are."""
    run = CliRunner().invoke
    done = run(app, ["records", "move", str(results), address])
    assert done.exit_code == 0 and "3 attempts, 1 changes by hand and 0 reviews are moved to" in done.stdout
    done = run(app, ["records", "use", address, "--out", str(tmp_path / "second")])
    assert done.exit_code == 0, done.stderr
    done = run(app, ["records", "--out", str(tmp_path / "second")])
    assert done.stdout == f"{address}: 2 records of 2 students, 1 of them dropped\n"
