"""Everything known about grading a class, durable: one SQLite file in the results folder, one transaction a submission.

    records.sqlite    record: a row for each (student, assignment), the last hand-in: hashes, outcomes, verdicts, timings
                      attempt: the hand-ins before it that were graded and had another text, numbered from 1
    running.lock      held by the one run that writes

A record holds what the student's code returned, so that a changed rubric is applied without running anyone's code again. Which attempt
counts is not decided here (see `grader.gradebook.lateness.chosen`).
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.lateness import Attempt
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.submissions.read import Submission
from grader.submissions.submitted_at import Source, SubmittedAt

SCHEMA = 2
FILE = "records.sqlite"
LOCK = "running.lock"
BUSY_SECONDS = 60.0  # that another program may hold the file: somebody looks at the records with a database browser

_COLUMNS = """
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
"""
_TIMES = {"handed_in": "text", "time_source": "text not null default ''", "marked_late": "integer not null default 0"}
_FIELDS = (*(line.split()[0] for line in _COLUMNS.split("\n") if line.strip()), *_TIMES)
_TIME_COLUMNS = "".join(f"{name} {kind},\n" for name, kind in _TIMES.items())
_CREATE = (
    f"create table if not exists record ({_COLUMNS} {_TIME_COLUMNS} primary key (student, assignment)) without rowid",
    f"""create table if not exists attempt ({_COLUMNS} {_TIME_COLUMNS} number integer not null,
        primary key (student, assignment, number)) without rowid""",
)
_UPGRADES = {1: (*(f"alter table record add column {name} {kind}" for name, kind in _TIMES.items()), _CREATE[1])}
_ALL = ", ".join(_FIELDS)
_OF_ONE = "where student=? and assignment=?"

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
            self._db = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._db.execute("pragma journal_mode=wal")
            self._db.execute("pragma synchronous=normal")
            (version,) = self._db.execute("pragma user_version").fetchone()
            if version not in (0, SCHEMA, *_UPGRADES):
                raise UsageError(
                    f"{path} was written by another version of grader (schema {version}, this one reads {SCHEMA}). Use another --out."
                )
            if version in _UPGRADES:
                self._upgrade(version)
            elif write:
                self._make(_CREATE)
        except UsageError:
            self.close()
            raise
        except sqlite3.DatabaseError as error:
            self.close()
            raise UsageError(
                f"{path} cannot be used: {error}. Either {_mend(error)}, or choose another folder with --out."
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
            f"select source_hash, plan_hash, status from record {_OF_ONE}", (submission.student, submission.assignment)
        ).fetchone()
        return bool(row == (submission.hash, plan_hash, "graded"))

    def save(self, record: Record) -> None:
        """Write one record, in a transaction of its own.

        It is the student's last attempt from now on. The one before it stays as an earlier attempt if it was graded and had another
        text; otherwise this one takes its place.
        """
        grade, when = record.grade, record.submitted_at
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
            *_times(when),
        )
        one = (record.student, record.assignment)
        with self.together():
            last = self._db.execute(f"select source_hash, status from record {_OF_ONE}", one).fetchone()
            before = self._db.execute(
                f"select source_hash, number from attempt {_OF_ONE} order by number desc limit 1", one
            ).fetchone() or ("", 0)
            if last is not None and last[1] == "graded" and last[0] != record.source_hash:
                self._db.execute(
                    f"insert into attempt ({_ALL}, number) select {_ALL}, ? from record {_OF_ONE}", (before[1] + 1, *one)
                )
            elif last is not None and "graded" == grade.status != last[1] and before[0] == record.source_hash:
                # the same text once more, after a fault of the grader: no attempt of its own
                self._db.execute(f"delete from attempt {_OF_ONE} and number=?", (*one, before[1]))
            self._db.execute(f"insert or replace into record ({_ALL}) values ({', '.join('?' * len(row))})", row)

    def note_submitted_at(self, student: str, assignment: str, submitted_at: SubmittedAt) -> None:
        """Keep when the last attempt was handed in, where that is known otherwise than before."""
        query = f"select {', '.join(_TIMES)} from record {_OF_ONE}"
        row = self._db.execute(query, (student, assignment)).fetchone()
        if row is not None and row != _times(submitted_at):
            with self.together():
                setting = ", ".join(f"{name}=?" for name in _TIMES)
                self._db.execute(f"update record set {setting} {_OF_ONE}", (*_times(submitted_at), student, assignment))

    def regrade(self, grade: Grade, rubric_hash: str, attempt: int = 0) -> None:
        """Put another grade on what was run: on the last attempt (0), or on the earlier one of that number."""
        row = (
            grade.status,
            grade.score,
            grade.max_score,
            msgspec.json.encode(grade),
            rubric_hash,
            grade.student,
            grade.assignment,
        )
        setting = "set status=?, score=?, max_score=?, grade=?, rubric_hash=?"
        with self.together():
            if attempt:
                self._db.execute(f"update attempt {setting} {_OF_ONE} and number=?", (*row, attempt))
            else:
                self._db.execute(f"update record {setting} {_OF_ONE}", row)

    def judged_otherwise(self, assignment: str, rubric_hash: str) -> int:
        """How many records of an assignment were judged by another rubric than that of `rubric_hash`."""
        query = "select count(*) from record where assignment=? and rubric_hash!=?"
        return int(self._db.execute(query, (assignment, rubric_hash)).fetchone()[0])

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is written in here, or nothing; in a block around it, all of that block."""
        if self._db.in_transaction:
            yield
            return
        try:
            self._db.execute("begin immediate")
            yield
            self._db.execute("commit")
        except BaseException as error:
            with suppress(sqlite3.Error):
                self._db.execute("rollback")
            if not isinstance(error, sqlite3.Error):
                raise
            raise UsageError(
                f"{self._folder / FILE} cannot be written: {error}. "
                f"What was graded before is kept; {_mend(error)} and run the same command again."
            ) from error

    def _make(self, statements: Iterable[str]) -> None:
        """Execute all of `statements`, and the file is of this schema; or none of them."""
        self._db.execute("begin immediate")
        for statement in statements:
            self._db.execute(statement)
        self._db.execute(f"pragma user_version={SCHEMA}")
        self._db.execute("commit")

    def _upgrade(self, version: int) -> None:
        """Bring a file of an earlier version up to date, whoever opens it: nothing in it is lost."""
        if self._lock is None:
            lock = _take_lock(self._folder)
            try:
                self._make(_UPGRADES[version])
            finally:
                lock.close()
        else:
            self._make(_UPGRADES[version])

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
        row = self._db.execute(f"select grade from record {_OF_ONE}", (student, assignment)).fetchone()
        return _grades.decode(row[0]) if row else None

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment that there is a record of."""
        return list(self._db.execute("select student, assignment from record order by student, assignment"))

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every graded attempt of a student, the last one at the end; none where there is no record."""
        columns = f"grade, {', '.join(_TIMES)}"
        earlier = self._db.execute(f"select {columns} from attempt {_OF_ONE} order by number", (student, assignment))
        rows = [*earlier, *self._db.execute(f"select {columns} from record {_OF_ONE}", (student, assignment))]
        return [
            Attempt(number, _grades.decode(grade), _submitted_at(*times)) for number, (grade, *times) in enumerate(rows, start=1)
        ]

    def records(self) -> Iterator[Record]:
        """Every record, one after the other (they are read as they are wanted, not all at once)."""
        return self._read("select {}, 0 from record order by assignment, student")

    def earlier(self) -> Iterator[Record]:
        """Every earlier attempt."""
        return self._read("select {}, number from attempt order by assignment, student, number")

    def _read(self, query: str) -> Iterator[Record]:
        columns = ("student", "assignment", "source_hash", "plan_hash", "rubric_hash", "run", "grade", *_TIMES)
        for student, assignment, source, plan, rubric, run, grade, *times, number in self._db.execute(
            query.format(", ".join(columns))
        ):
            yield Record(
                student, assignment, source, plan, rubric, _runs.decode(run), _grades.decode(grade), _submitted_at(*times), number
            )


def _times(submitted_at: SubmittedAt) -> tuple[str | None, str, int]:
    """What is kept of a hand-in's time."""
    return submitted_at.time.isoformat() if submitted_at.time else None, submitted_at.source, int(submitted_at.marked_late)


def _submitted_at(time: str | None, source: Source, marked_late: int) -> SubmittedAt:
    return SubmittedAt(datetime.fromisoformat(time) if time else None, source, bool(marked_late))


def _mend(error: sqlite3.Error) -> str:
    """What to do about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "close the other program that has held the file for so long"
    if code == sqlite3.SQLITE_NOTADB:
        return "move it away: it is no file of grader's"
    return "make room"


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
