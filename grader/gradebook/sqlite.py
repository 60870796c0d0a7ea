"""The store as one SQLite file in the results folder, one transaction a submission.

records.sqlite    attempt: a row for each (student, assignment, number): hashes, outcomes, verdicts, timings; only its owner can read it
running.lock      held by the run that writes
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import Attempt
from grader.gradebook.store import place
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.submissions.read import Submission
from grader.submissions.submitted_at import Source, SubmittedAt

SCHEMA = 4
FILE = "records.sqlite"
LOCK = "running.lock"
BUSY_SECONDS = 60.0  # that another program may lock the file, such as a database browser

_COLUMNS = {
    "student": "text not null",
    "assignment": "text not null",
    "number": "integer not null",
    "source_hash": "text not null",
    "plan_hash": "text not null",
    "rubric_hash": "text not null",
    "status": "text not null",
    "score": "real",
    "max_score": "real not null",
    "seconds": "real not null",
    "graded_at": "real not null",
    "run": "blob not null",
    "grade": "blob not null",
    "submitted_at": "text",
    "time_source": "text not null",
    "marked_late": "integer not null",
}
_TIMES = ("submitted_at", "time_source", "marked_late")
_CREATE = f"""create table if not exists attempt ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())},
    primary key (student, assignment, number)) without rowid"""
_SAVE = f"insert into attempt ({', '.join(_COLUMNS)}) values ({', '.join(f':{name}' for name in _COLUMNS)})"
_OF_ONE = "student=? and assignment=?"
_HIGHEST = "select max(number) from attempt as other where other.student=attempt.student and other.assignment=attempt.assignment"
_IS_LAST = f"number=({_HIGHEST})"
_VIEW = f"create view record as select * from attempt where {_IS_LAST}"  # for a database browser: the last attempts

_ADJUSTMENTS = (
    "create table adjustment (number integer primary key, student text not null, assignment text not null, adjustment blob not null)",
    "create index adjustment_of on adjustment (student, assignment)",
)
# Schema 1 had only the last attempts, in `record`, and no times; schema 2 had the earlier ones in `attempt`.
_KEPT = ", ".join(name for name in _COLUMNS if name not in ("number", "submitted_at"))
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
_UPGRADES = {1: (*_FROM_1, *_ADJUSTMENTS), 2: (*_FROM_2, *_ADJUSTMENTS), 3: _ADJUSTMENTS}

_runs = msgspec.msgpack.Decoder(Run)
_grades = msgspec.json.Decoder(Grade)
_adjustments = msgspec.json.Decoder(Adjustment)


class SqliteStore:
    """The attempts in the file of one results folder; see `grader.gradebook.store.Store`."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self._folder = folder
        path = folder / FILE
        if not write and not path.is_file():
            raise _empty(folder)
        try:
            with ExitStack() as opened:
                if write:
                    folder.mkdir(parents=True, exist_ok=True)
                    opened.enter_context(closing(_take_lock(folder)))
                    if not path.exists():  # SQLite gives the files that it puts beside this one the same mode
                        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
                self._db = opened.enter_context(closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)))
                self._db.execute("pragma journal_mode=wal")
                self._db.execute("pragma synchronous=normal")
                self._bring_up_to_date(write)
                self._opened = opened.pop_all()
        except sqlite3.DatabaseError as error:
            message = f"{path} cannot be used: {error}. Either {_remedy(error)}, or choose another folder with --out."
            raise UsageError(message) from error
        except OSError as error:
            raise UsageError(f"{folder} cannot be written: {error.strerror}. Choose another folder with --out.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Release the file and the lock."""
        self._opened.close()

    def save(self, record: Record) -> None:
        """Write one record, which becomes the student's last attempt, numbered by `place`."""
        grade, one = record.grade, (record.student, record.assignment)
        with self.together():
            latest = self._db.execute(
                f"select number, source_hash, status from attempt where {_OF_ONE} order by number desc limit 2", one
            ).fetchall()
            number = place(latest, record)
            self._db.execute(f"delete from attempt where {_OF_ONE} and number>=?", (*one, number))
            row = {
                "student": record.student,
                "assignment": record.assignment,
                "number": number,
                "source_hash": record.source_hash,
                "plan_hash": record.plan_hash,
                "rubric_hash": record.rubric_hash,
                "status": grade.status,
                "score": grade.score,
                "max_score": grade.max_score,
                "seconds": record.run.seconds,
                "graded_at": time.time(),
                "run": msgspec.msgpack.encode(record.run),
                "grade": msgspec.json.encode(grade),
            }
            self._db.execute(_SAVE, row | dict(zip(_TIMES, _times(record.submitted_at), strict=True)))

    def note_submitted_at(self, student: str, assignment: str, submitted_at: SubmittedAt) -> None:
        """Update the hand-in time of the last attempt if it changed."""
        where = f"where {_OF_ONE} and {_IS_LAST}"
        row = self._db.execute(f"select {', '.join(_TIMES)} from attempt {where}", (student, assignment)).fetchone()
        if row is not None and row != _times(submitted_at):
            with self.together():
                setting = ", ".join(f"{name}=?" for name in _TIMES)
                self._db.execute(f"update attempt set {setting} {where}", (*_times(submitted_at), student, assignment))

    def regrade(self, grade: Grade, rubric_hash: str, attempt: int = 0) -> None:
        """Replace the grade of the last attempt (0), or of the earlier one of that number."""
        values = (grade.status, grade.score, grade.max_score, msgspec.json.encode(grade), rubric_hash)
        with self.together():
            self._db.execute(
                "update attempt set status=?, score=?, max_score=?, grade=?, rubric_hash=? "
                f"where {_OF_ONE} and number=coalesce(nullif(?, 0), ({_HIGHEST}))",
                (*values, grade.student, grade.assignment, attempt),
            )

    def adjust(self, adjustment: Adjustment) -> int:
        """Add an adjustment to the history; returns its number."""
        row = (adjustment.student, adjustment.assignment, msgspec.json.encode(adjustment))
        with self.together():
            done = self._db.execute("insert into adjustment (student, assignment, adjustment) values (?, ?, ?)", row)
        assert done.lastrowid is not None
        return done.lastrowid

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """The history, the first one first; of one student or assignment, if given."""
        asked = {name: value for name, value in (("student", student), ("assignment", assignment)) if value}
        where = " and ".join(f"{name}=:{name}" for name in asked) or "true"
        rows = self._db.execute(f"select number, adjustment from adjustment where {where} order by number", asked)
        return [msgspec.structs.replace(_adjustments.decode(text), number=number) for number, text in rows]

    @contextmanager
    def together(self) -> Iterator[None]:
        """A transaction: all that is written in this block, or nothing; nested blocks join the outermost one."""
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
                f"What was graded before is kept; {_remedy(error)} and run the same command again."
            ) from error

    def is_current(self, submission: Submission, plan_hash: str) -> bool:
        """Whether the last attempt is this same text, graded with this same plan and without a fault of the grader."""
        row = self._db.execute(
            f"select source_hash, plan_hash, status from attempt where {_OF_ONE} and {_IS_LAST}",
            (submission.student, submission.assignment),
        ).fetchone()
        return bool(row == (submission.hash, plan_hash, "graded"))

    def judged_otherwise(self, assignment: str, rubric_hash: str) -> int:
        """How many last attempts at an assignment were judged by a rubric with another hash."""
        query = f"select count(*) from attempt where assignment=? and rubric_hash!=? and {_IS_LAST}"
        return int(self._db.execute(query, (assignment, rubric_hash)).fetchone()[0])

    def plans(self) -> list[tuple[str, str, int]]:
        """Each assignment, plan hash and number of last attempts with them, by assignment."""
        query = f"select assignment, plan_hash, count(*) from attempt where {_IS_LAST} group by assignment, plan_hash order by 1"
        return list(self._db.execute(query))

    def assignments(self) -> list[str]:
        """The names of the assignments that have records, sorted."""
        return [name for (name,) in self._db.execute("select distinct assignment from attempt order by assignment")]

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment with a record, sorted."""
        return list(self._db.execute("select distinct student, assignment from attempt order by student, assignment"))

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student at an assignment, the last one at the end."""
        query = f"select number, grade, {', '.join(_TIMES)} from attempt where {_OF_ONE} order by number"
        rows = self._db.execute(query, (student, assignment))
        return [Attempt(number, _grades.decode(grade), _submitted_at(*times)) for number, grade, *times in rows]

    def record(self, student: str, assignment: str, attempt: int) -> Record | None:
        """One attempt, by its number; None if there is none."""
        return next(self._read("number", f"{_OF_ONE} and number=?", (student, assignment, attempt)), None)

    def records(self) -> Iterator[Record]:
        """Every last attempt, by assignment and student; read lazily."""
        return self._read("0", _IS_LAST)

    def earlier(self) -> Iterator[Record]:
        """Every earlier attempt, by assignment, student and number; read lazily."""
        return self._read("number", f"not {_IS_LAST}")

    def _read(self, attempt: str, where: str, values: Sequence[str | int] = ()) -> Iterator[Record]:
        columns = f"student, assignment, source_hash, plan_hash, rubric_hash, run, grade, {attempt}, {', '.join(_TIMES)}"
        rows = self._db.execute(f"select {columns} from attempt where {where} order by assignment, student, number", values)
        for student, assignment, source, plan, rubric, run, grade, number, *times in rows:
            yield Record(
                student, assignment, source, plan, rubric, _runs.decode(run), _grades.decode(grade), _submitted_at(*times), number
            )

    def _bring_up_to_date(self, write: bool) -> None:
        """Migrate the file to the current schema, without losing anything."""
        version = self._version()
        if version in _UPGRADES:  # for readers as well
            with nullcontext() if write else closing(_take_lock(self._folder)):
                self._make(_UPGRADES.get(self._version(), ()))  # another reader may have been faster
        elif version == 0 and write:
            self._make((_CREATE, _VIEW, *_ADJUSTMENTS))
        elif version == 0:
            raise _empty(self._folder)
        elif version != SCHEMA:
            raise UsageError(
                f"{self._folder / FILE} was written by another version of grader (schema {version}, this one reads {SCHEMA}). "
                "Use another --out."
            )

    def _version(self) -> int:
        return int(self._db.execute("pragma user_version").fetchone()[0])

    def _make(self, statements: Iterable[str]) -> None:
        """Execute all of `statements` and set the schema version, or nothing."""
        self._db.execute("begin immediate")
        for statement in statements:
            self._db.execute(statement)
        self._db.execute(f"pragma user_version={SCHEMA}")
        self._db.execute("commit")


def _times(submitted_at: SubmittedAt) -> tuple[str | None, str, int]:
    """A hand-in's time as the columns `_TIMES`."""
    return submitted_at.time.isoformat() if submitted_at.time else None, submitted_at.source, int(submitted_at.marked_late)


def _submitted_at(time: str | None, source: Source, marked_late: int) -> SubmittedAt:
    return SubmittedAt(datetime.fromisoformat(time) if time else None, source, bool(marked_late))


def _empty(folder: Path) -> UsageError:
    return UsageError(f"{folder} has no records. Grade first: grader grade SUBMISSIONS --out {folder}")


def _remedy(error: sqlite3.Error) -> str:
    """What a person can do about an error."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary one
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "close the other program that has held the file for so long"
    if code == sqlite3.SQLITE_NOTADB:
        return "move it away: it is not a file of grader's"
    return "make room"


def _take_lock(folder: Path) -> sqlite3.Connection:
    """A lock that ends with the process on every system: an exclusive transaction on its own file."""
    lock = sqlite3.connect(folder / LOCK, timeout=0, isolation_level=None)
    try:
        lock.execute("begin exclusive")
    except sqlite3.Error as error:
        lock.close()
        if "locked" in str(error):
            message = f"another run is writing to {folder}. Wait for it to end, or choose another folder with --out."
            raise UsageError(message) from None
        raise
    return lock
