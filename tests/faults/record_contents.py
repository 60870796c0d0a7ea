"""Looking at a results folder from outside, while a run writes it or after something went wrong."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from grader.gradebook.sqlite import FILE
from grader.judge.verdicts import Grade
from grader.run import Run

Key = tuple[str, str]
_runs = msgspec.msgpack.Decoder(Run)
_grades = msgspec.json.Decoder(Grade)


class Row(msgspec.Struct, frozen=True):
    """A record: when it was made, whether it is a grade or a fault, the grade, and all that it holds but timings."""

    made: float
    graded: bool
    grade: Grade
    content: bytes


def look(out: Path) -> dict[Key, Row]:
    """Every record, each of them read in full; none where there is no file yet.

    Raises:
        AssertionError: a record is there twice.
        sqlite3.DatabaseError, msgspec.DecodeError: the file is broken, or half a record is in it.
    """
    if not (out / FILE).is_file():
        return {}
    found: dict[Key, Row] = {}
    with closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True, timeout=60)) as connection:
        if not connection.execute("select 1 from sqlite_schema where name = 'attempt'").fetchone():
            return {}
        connection.execute("begin")
        rows = connection.execute("select student, assignment, graded_at, status, score, source_hash, run, grade from attempt")
        for student, topic, made, status, score, source, run, grade in rows:
            assert (student, topic) not in found, f"{student}'s {topic} is there twice"
            decoded = _grades.decode(grade)
            found[student, topic] = Row(made, status == "graded", decoded, content(source, _runs.decode(run), decoded))
            assert decoded.score == score, f"{student}'s {topic} has two scores"
    return found


def count(out: Path) -> int:
    """How many records there are; 0 where there is no file yet."""
    try:
        with closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True, timeout=60)) as connection:
            return int(connection.execute("select count(*) from attempt").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def whole(out: Path) -> bool:
    """Whether the file is in order, down to its pages. For a file that nobody writes."""
    if not (out / FILE).is_file():
        return True
    with closing(sqlite3.connect(out / FILE)) as connection:
        return bool(connection.execute("pragma integrity_check").fetchall() == [("ok",)])


def contents(rows: Mapping[Key, Row]) -> dict[Key, bytes]:
    """What the records hold but timings."""
    return {key: row.content for key, row in rows.items()}


def content(source: str, run: Run, grade: Grade) -> bytes:
    """All that a record holds but what was measured: times and memory."""
    used = msgspec.structs.replace(run.usage, cpu_seconds=0.0, wall_seconds=0.0, peak_kib=0)
    timeless = msgspec.structs.replace(run, usage=used, seconds=0.0)
    return msgspec.msgpack.encode((source, timeless, grade))
