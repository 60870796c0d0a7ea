"""The tables of a store, and how an SQLite file of an earlier schema becomes one of today's."""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from grader.errors import UsageError
from grader.gradebook.rows import COLUMNS

SCHEMA = 5
_CREATE = f"""create table if not exists attempt ({", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())},
    primary key (student, assignment, number)) without rowid"""
HIGHEST = "select max(number) from attempt as other where other.student=attempt.student and other.assignment=attempt.assignment"
IS_LAST = f"number=({HIGHEST})"
_VIEW = f"create view record as select * from attempt where {IS_LAST}"  # for a database browser: the last attempts

_ADJUSTMENTS = (
    "create table adjustment (number integer primary key, student text not null, assignment text not null, adjustment blob not null)",
    "create index adjustment_of on adjustment (student, assignment)",
)
# A cache, which is not moved with the other tables; a store of this schema may be older than it.
READING = "create table if not exists reading (files_hash text primary key, source_hash text not null, problem integer not null)"
_CLASS = (  # the folders that the class was graded from, who left it, what people reviewed, and what was written elsewhere
    "create table review (number integer primary key, event blob not null)",
    "create table note (key text primary key, value text not null) without rowid",
    "create table folder (path text primary key, folder blob not null) without rowid",
    "create table dropped (student text primary key, dropped blob not null) without rowid",
    READING,
)
ORDERED_BY = {  # the tables that hold what was graded, decided and noted, and the order of their rows
    "attempt": "assignment, student, number",
    "adjustment": "number",
    "review": "number",
    "note": "key",
    "folder": "path",
    "dropped": "student",
}
# Schema 1 had only the last attempts, in `record`, and no times; schema 2 had the earlier ones in `attempt`.
_KEPT = ", ".join(name for name in COLUMNS if name not in ("number", "submitted_at"))
_NEXT = "select coalesce(max(number), 0) + 1 from earlier as e where e.student=record.student and e.assignment=record.assignment"
_FROM_2 = (
    "alter table attempt rename to earlier",
    _CREATE,
    f"insert into attempt (number, submitted_at, {_KEPT}) select number, handed_in, {_KEPT} from earlier",
    f"insert into attempt (number, submitted_at, {_KEPT}) select ({_NEXT}), handed_in, {_KEPT} from record",
    "drop table earlier",
    "drop table record",
    _VIEW,
)
_FROM_1 = (
    "alter table record add column handed_in text",
    "alter table record add column time_source text not null default ''",
    "alter table record add column marked_late integer not null default 0",
    "create table attempt as select *, 0 as number from record where false",
    *_FROM_2,
)
_FROM_3 = (*_ADJUSTMENTS, *_CLASS)
TABLES = (_CREATE, _VIEW, *_FROM_3)
_UPGRADES = {1: (*_FROM_1, *_FROM_3), 2: (*_FROM_2, *_FROM_3), 3: _FROM_3, 4: _CLASS}


def bring_up_to_date(
    db: sqlite3.Connection, file: Path, write: bool, alone: Callable[[], AbstractContextManager[object]]
) -> bool:
    """Migrate the file to the current schema, without losing anything; False if there is nothing in it to read.

    Args:
        alone: keeps other programs from writing meanwhile.

    Raises:
        UsageError: another version of grader wrote it.
    """
    version = _version(db)
    if version in _UPGRADES:  # for readers as well
        with alone():
            _make(db, _UPGRADES.get(_version(db), ()))  # another reader may have been faster
    elif version == 0 and write:
        _make(db, TABLES)
    elif version not in (0, SCHEMA):
        raise other_version(file, version)
    return write or version != 0


def other_version(place: object, version: int) -> UsageError:
    """The error for records in `place` that another version of grader wrote."""
    return UsageError(
        f"{place} was written by another version of grader (schema {version}, this one reads {SCHEMA}). Use another --out."
    )


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def _make(db: sqlite3.Connection, statements: Iterable[str]) -> None:
    """Execute all of `statements` and set the schema version, or nothing."""
    db.execute("begin immediate")
    for statement in statements:
        db.execute(statement)
    db.execute(f"pragma user_version={SCHEMA}")
    db.execute("commit")
