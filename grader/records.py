"""Everything known about grading a class, durable: one SQLite file in the results folder, one transaction a submission.

    records.sqlite    one row for each (student, assignment): hashes, outcomes, verdicts, timings
    running.lock      held by the one run that writes

A record holds what the student's code returned, so that a changed rubric is applied without running anyone's code again.
"""

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.errors import UsageError
from grader.judge.verdicts import Grade
from grader.record import Record
from grader.run import Run
from grader.submissions import Submission

SCHEMA = 1
FILE = "records.sqlite"
LOCK = "running.lock"

_CREATE = """
create table if not exists record (
    student text not null,
    assignment text not null,
    source_hash text not null,
    plan_hash text not null,
    rubric_hash text not null,
    status text not null,
    score real,
    max_score real not null,
    seconds real not null,
    graded_at real not null,
    run blob not null,
    grade blob not null,
    primary key (student, assignment)
) without rowid
"""


_runs = msgspec.msgpack.Decoder(Run)
_grades = msgspec.json.Decoder(Grade)


class Records:
    """The records of one results folder. Use as a context manager."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self._folder = folder
        self._lock: sqlite3.Connection | None = None
        path = folder / FILE
        if not write and not path.is_file():
            raise UsageError(f"{folder} has no records. Grade first: grader grade SUBMISSIONS --out {folder}")
        try:
            if write:
                folder.mkdir(parents=True, exist_ok=True)
                self._lock = _take_lock(folder)
            self._db = sqlite3.connect(path, timeout=10, isolation_level=None)
            self._db.execute("pragma journal_mode=wal")
            self._db.execute("pragma synchronous=normal")
            (version,) = self._db.execute("pragma user_version").fetchone()
            if version not in (0, SCHEMA):
                raise UsageError(
                    f"{path} was written by another version of grader (schema {version}, this one reads {SCHEMA}). Use another --out."
                )
            if write:
                self._db.execute(_CREATE)
                self._db.execute(f"pragma user_version={SCHEMA}")
        except UsageError:
            self.close()
            raise
        except sqlite3.DatabaseError as error:
            self.close()
            raise UsageError(
                f"{path} cannot be used: {error}. Is the disk full or read-only? Choose another folder with --out."
            ) from error
        except OSError as error:
            self.close()
            raise UsageError(f"{folder} cannot be written: {error.strerror}. Choose another folder with --out.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of the lock."""
        for connection in (getattr(self, "_db", None), self._lock):
            if connection is not None:
                connection.close()

    def is_current(self, submission: Submission, plan_hash: str) -> bool:
        """Whether this very text was graded with this very plan, without a fault of the grader."""
        row = self._db.execute(
            "select source_hash, plan_hash, status from record where student=? and assignment=?",
            (submission.student, submission.assignment),
        ).fetchone()
        return bool(row == (submission.hash, plan_hash, "graded"))

    def save(self, record: Record) -> None:
        """Write one record, in a transaction of its own, in place of an earlier one of the same student and assignment."""
        grade = record.grade
        row = (
            record.student,
            record.assignment,
            record.source_hash,
            record.plan_hash,
            record.rubric_hash,
            grade.status,
            grade.score,
            grade.max_score,
            record.run.seconds,
            time.time(),
            msgspec.msgpack.encode(record.run),
            msgspec.json.encode(grade),
        )
        self._write("insert or replace into record values (?,?,?,?,?,?,?,?,?,?,?,?)", row)

    def regrade(self, grade: Grade, rubric_hash: str) -> None:
        """Put another grade on what was run."""
        encoded = msgspec.json.encode(grade)
        self._write(
            "update record set status=?, score=?, max_score=?, grade=?, rubric_hash=? where student=? and assignment=?",
            (grade.status, grade.score, grade.max_score, encoded, rubric_hash, grade.student, grade.assignment),
        )

    def judged_otherwise(self, assignment: str, rubric_hash: str) -> int:
        """How many records of an assignment were judged by another rubric than that of `rubric_hash`."""
        query = "select count(*) from record where assignment=? and rubric_hash!=?"
        return int(self._db.execute(query, (assignment, rubric_hash)).fetchone()[0])

    def _write(self, statement: str, row: tuple[object, ...]) -> None:
        try:
            self._db.execute(statement, row)
        except sqlite3.Error as error:
            raise UsageError(
                f"{self._folder / FILE} cannot be written: {error}. "
                "What was graded before is kept; make room and run the same command again."
            ) from error

    def plans(self) -> list[tuple[str, str, int]]:
        """Each assignment and plan hash that there are records of, and how many."""
        query = "select assignment, plan_hash, count(*) from record group by assignment, plan_hash order by assignment"
        return list(self._db.execute(query))

    def assignments(self) -> list[str]:
        """The names of the assignments that have records."""
        return [name for (name,) in self._db.execute("select distinct assignment from record order by assignment")]

    def grades(self) -> Iterator[Grade]:
        """Every grade, by student and assignment."""
        for (grade,) in self._db.execute("select grade from record order by student, assignment"):
            yield _grades.decode(grade)

    def grade(self, student: str, assignment: str) -> Grade | None:
        """One grade, or None where there is no record."""
        row = self._db.execute("select grade from record where student=? and assignment=?", (student, assignment)).fetchone()
        return _grades.decode(row[0]) if row else None

    def records(self) -> Iterator[Record]:
        """Every record, one after the other (they are read as they are wanted, not all at once)."""
        reader = self._db.execute(
            "select student, assignment, source_hash, plan_hash, rubric_hash, run, grade from record order by assignment, student"
        )
        for student, assignment, source_hash, plan_hash, rubric_hash, run, grade in reader:
            yield Record(student, assignment, source_hash, plan_hash, rubric_hash, _runs.decode(run), _grades.decode(grade))


def _take_lock(folder: Path) -> sqlite3.Connection:
    """A lock that ends with the process, on every system: an exclusive transaction on a file of its own."""
    lock = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
    try:
        lock.execute("begin exclusive")
    except sqlite3.OperationalError as error:
        lock.close()
        if "locked" in str(error):
            raise UsageError(
                f"another run is writing to {folder}. Wait for it to end, or choose another folder with --out."
            ) from None
        raise
    return lock
