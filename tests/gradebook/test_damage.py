"""A damaged row costs itself and no other; a damaged file says how to save what is in it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kept import record

from grader.errors import UsageError
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.open_store import open_store
from grader.gradebook.rows import COLUMNS
from grader.gradebook.same_class import Dropped, Folder
from grader.gradebook.sqlite import FILE, SqliteStore
from grader.gradebook.term import Term

# What each column may hold after an accident. A hash that became another hash is one of another text or plan: it is graded again.
DAMAGE: dict[str, list[object]] = {
    "student": ["bea\udcff", b"\xff", "someone else"],
    "assignment": ["con\udcff", b"\x00"],
    "number": [-3, "x"],
    "source_hash": [b"\xff"],
    "plan_hash": [b"\xff"],
    "rubric_hash": [b"\xff"],
    "status": ["grad", "grader_error", b""],
    "score": [99.0, "much", None],
    "max_score": [99.0, b"\x00"],
    "seconds": ["long", b""],
    "graded_at": ["long", b""],
    "run": [b"", b"\x00" * 20, b"\xff" * 500, "text"],
    "grade": [b"", b"{}", b'{"schema": 2', b"\xff\xfe", "text"],
    "submitted_at": ["yesterday", b"\x00", 7.0],
    "time_source": ["moon", b"\x00"],
    "marked_late": ["late", b""],
}
CASES = [pytest.param(name, value, id=f"{name}-{value!r:.20}") for name, values in DAMAGE.items() for value in values]
TIMES = LatePolicy()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The records of three students; bea's will be damaged."""
    with open_store(tmp_path, write=True) as store:
        for student in ("ana", "bea", "caro"):
            store.save(record(student))
    return tmp_path


def damage(folder: Path, column: str, value: object, student: str = "bea") -> None:
    """Put `value` into a column of a student's row; half letters as the bytes that they stand for."""
    held = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    what = "cast(? as text)" if isinstance(value, str) else "?"
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        changed = db.execute(f"update attempt set {column}={what} where student=?", (held, student))
        assert changed.rowcount == 1


def test_every_column_is_tried() -> None:
    """There is no column whose damage is not tried."""
    assert DAMAGE.keys() == COLUMNS.keys()


@pytest.mark.parametrize(("column", "value"), CASES)
def test_others_are_read(folder: Path, column: str, value: object) -> None:
    """The records of all others come, and the damaged one is named."""
    damage(folder, column, value)
    with open_store(folder, write=False) as store:
        assert [found.student for found in store.records()] == ["ana", "caro"]
        assert store.assignments() == ["conv"]
        assert [plan[:2] for plan in store.plans()] == [("conv", "plan")]
        (found,) = store.damage()
        assert "is damaged" in found.text and "grader grade" in found.text


@pytest.mark.parametrize(("column", "value"), [case for case in CASES if case.values[0] != "run"])
def test_others_have_entries(folder: Path, column: str, value: object) -> None:
    """A class is exported without the damaged row, which is named."""
    damage(folder, column, value)
    with open_store(folder, write=False) as store:
        assert [entry.grade.student for entry in Term(store, TIMES).entries(["conv"])] == ["ana", "caro"]
        if column != "assignment":  # then it is a record of something else
            assert len(store.damage()) == 1


@pytest.mark.parametrize(("column", "value"), [case for case in CASES if case.values[0] not in ("student", "assignment")])
def test_graded_again(folder: Path, column: str, value: object) -> None:
    """It is not among the last attempts, is graded again, takes its old place, and the damaged row is kept aside."""
    damage(folder, column, value)
    with open_store(folder, write=True) as store:
        assert [one.student for one in store.last_attempts("conv", ["ana", "bea", "caro"])] == ["ana", "caro"]
        store.save(record("bea", score=4.0))
        assert [(attempt.number, attempt.grade.score) for attempt in store.attempts("bea", "conv")] == [(1, 4.0)]
        (found,) = store.damage()
        assert "kept aside" in found.text
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.text_factory = bytes
        assert db.execute("select count(*) from damaged").fetchone() == (1,)


def test_earlier_attempts_stay(tmp_path: Path) -> None:
    """Of a student's attempts, only the damaged one is put aside."""
    with open_store(tmp_path, write=True) as store:
        store.save(record("ana", score=1.0, text="x = 1"))
        store.save(record("ana", score=2.0, text="x = 2"))
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as db:
        db.execute("update attempt set grade=x'00' where number=2")
    with open_store(tmp_path, write=True) as store:
        store.save(record("ana", score=2.5, text="x = 2"))
        assert [(found.number, found.grade.score) for found in store.attempts("ana", "conv")] == [(1, 1.0), (2, 2.5)]


def test_damaged_pages(folder: Path) -> None:
    """A file whose pages are damaged says how to save what can be read."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("pragma journal_mode=delete")
    data = bytearray((folder / FILE).read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    (folder / FILE).write_bytes(data)
    with pytest.raises(UsageError, match=r"sqlite3 .*\.recover"), SqliteStore(folder, write=False) as store:
        list(store.records())


def test_no_database(folder: Path) -> None:
    """A file that is not a database says to move it away."""
    (folder / FILE).write_bytes(b"\xff" * 8192)
    with pytest.raises(UsageError, match="move it away"):
        open_store(folder, write=False)


def test_damaged_notes_on_the_class(folder: Path) -> None:
    """A damaged note on who left is named; one on the class's folder is as if there were none. All records are read."""
    with open_store(folder, write=True) as store:
        store.keep_folders([Folder("/u/class", ("ana",), ("conv",))])
        store.drop(Dropped("bea", "me", datetime(2027, 4, 1, tzinfo=UTC)))
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as db:
        db.execute("update folder set folder='{'")
        db.execute("update dropped set dropped='{'")
    with open_store(folder, write=False) as store:
        assert (store.folders(), store.dropped()) == ([], [])
        assert [found.student for found in store.records()] == ["ana", "bea", "caro"]
        (found,) = store.damage()
        assert found.text.startswith("bea") and "that the student was dropped" in found.text
