"""The store as one SQLite file in the results folder, one transaction a submission.

records.sqlite    attempt: a row for each (student, assignment, number): hashes, outcomes, verdicts, timings; only its owner can read it
                  adjustment: changes by hand; folder, dropped: what the class was graded from, and who left it
                  damaged: rows that could not be read any more and whose place a new record has taken
                  note: what was written elsewhere, into the gradebook of a learning system
running.lock      held by the run that writes
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.lateness import Attempt
from grader.gradebook.rows import (
    COLUMNS,
    TIMES,
    Damage,
    DamagedError,
    Row,
    attempt_of,
    graded,
    is_name,
    record_of,
    row_of,
    shown,
    text,
    time_of,
    times_of,
)
from grader.gradebook.schema import ASIDE, HIGHEST, IS_LAST, bring_up_to_date
from grader.gradebook.sqlite_file import FILE, LOCK, empty, remedy, take_lock
from grader.gradebook.sqlite_notes import Notes
from grader.gradebook.store import place
from grader.judge.verdicts import Grade
from grader.submissions.read import Submission
from grader.submissions.submitted_at import SubmittedAt, stays
from grader.text import private

__all__ = ["FILE", "LOCK", "SqliteStore"]

T = TypeVar("T")
BUSY_SECONDS = 60.0  # that another program may lock the file, such as a database browser

_SAVE = f"insert into attempt ({', '.join(COLUMNS)}) values ({', '.join(f':{name}' for name in COLUMNS)})"
_OF_ONE = "student=? and assignment=?"


class SqliteStore(Notes):
    """The attempts in the file of one results folder; see `grader.gradebook.store.Store`."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self._folder = folder
        self._damage: dict[object, Damage] = {}
        path = folder / FILE
        if not write and not path.is_file():
            raise empty(folder)
        try:
            with ExitStack() as opened:
                if write:
                    private.make_folder(folder)
                    opened.enter_context(closing(take_lock(folder)))
                    private.make_file(path)
                for beside in ("", "-wal", "-shm"):  # SQLite gives those that it creates the mode of the first
                    private.narrow(path.with_name(FILE + beside))
                self._db = opened.enter_context(closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)))
                self._db.text_factory = text
                self._db.execute("pragma journal_mode=wal")
                self._db.execute("pragma synchronous=normal")
                if not bring_up_to_date(self._db, path, write, lambda: nullcontext() if write else closing(take_lock(folder))):
                    raise empty(folder)
                self._opened = opened.pop_all()
        except sqlite3.DatabaseError as error:
            message = f"{path} cannot be used: {error}. Either {remedy(error)}, or choose another folder with --out."
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
        one = record.student, record.assignment
        with self.together():
            self._put_aside(*one)
            latest = self._db.execute(
                f"select number, source_hash, status from attempt where {_OF_ONE} order by number desc limit 2", one
            ).fetchall()
            number = place(latest, record)
            record = self._timed(record, number)
            self._db.execute(f"delete from attempt where {_OF_ONE} and number>=?", (*one, number))
            self._db.execute(_SAVE, row_of(record, number))

    def note_submitted_at(self, student: str, assignment: str, submitted_at: SubmittedAt) -> SubmittedAt:
        """Update the hand-in time of the last attempt, unless the known one `stays`; returns the one that holds."""
        where = f"where {_OF_ONE} and {IS_LAST}"
        row = self._db.execute(f"select {', '.join(TIMES)} from attempt {where}", (student, assignment)).fetchone()
        if row is not None and stays(row[1], submitted_at.source):
            return time_of(row)
        if row is not None and row != times_of(submitted_at):
            with self.together():
                setting = ", ".join(f"{name}=?" for name in TIMES)
                self._db.execute(f"update attempt set {setting} {where}", (*times_of(submitted_at), student, assignment))
        return submitted_at

    def regrade(self, grade: Grade, rubric_hash: str, attempt: int = 0) -> None:
        """Replace the grade of the last attempt (0), or of the earlier one of that number."""
        values = graded(grade) | {"rubric_hash": rubric_hash}
        setting = ", ".join(f"{name}=?" for name in values)
        with self.together():
            self._db.execute(
                f"update attempt set {setting} where {_OF_ONE} and number=coalesce(nullif(?, 0), ({HIGHEST}))",
                (*values.values(), grade.student, grade.assignment, attempt),
            )

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
                f"What was graded before is kept; {remedy(error)} and run the same command again."
            ) from error

    def is_current(self, submission: Submission, plan_hash: str) -> bool:
        """Whether the last attempt is this same text, graded with this same plan and without a fault of the grader."""
        one = submission.student, submission.assignment
        found = next(self._read(f"{_OF_ONE} and {IS_LAST}", one, last=True), None)
        return found is not None and (
            (found.source_hash, found.plan_hash, found.grade.status) == (submission.hash, plan_hash, "graded")
        )

    def judged_otherwise(self, assignment: str, rubric_hash: str) -> int:
        """How many last attempts at an assignment were judged by a rubric with another hash."""
        query = f"select count(*) from attempt where assignment=? and rubric_hash!=? and {IS_LAST}"
        return int(self._db.execute(query, (assignment, rubric_hash)).fetchone()[0])

    def plans(self) -> list[tuple[str, str, int]]:
        """Each assignment, plan hash and number of last attempts with them, by assignment."""
        columns = "assignment, plan_hash, count(*) as records"
        groups = list(self._select(columns, f"{IS_LAST} group by assignment, plan_hash order by assignment, plan_hash"))
        return [
            (row["assignment"], row["plan_hash"], row["records"])
            for row in groups
            if self._is_whole("assignment=? and plan_hash=?", row["assignment"], row["plan_hash"])
        ]

    def version(self) -> str:
        """What changes whenever an attempt is saved or judged again, and not when a mark is adjusted."""
        columns = "assignment, rubric_hash, count(*), max(graded_at), total(score)"
        return repr(self._db.execute(f"select {columns} from attempt group by assignment, rubric_hash order by 1, 2").fetchall())

    def assignments(self) -> list[str]:
        """The names of the assignments that have records, sorted."""
        names = [row["assignment"] for row in self._select("distinct assignment", f"{IS_LAST} order by assignment")]
        return [name for name in names if self._is_whole("assignment=?", name)]

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment with a record, sorted."""
        found = []
        for row in self._select("student, assignment, max(number) as number", "true group by student, assignment"):
            if is_name(row["student"]) and is_name(row["assignment"]):
                found.append((row["student"], row["assignment"]))
            else:
                self._note(row, "its student or assignment is not text")
        return sorted(found)

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student at an assignment, the last one at the end."""
        columns = ", ".join(name for name in COLUMNS if name != "run")
        rows = self._select(columns, f"{_OF_ONE} order by number", (student, assignment))
        return [attempt for row in rows if (attempt := self._whole(row, attempt_of))]

    def record(self, student: str, assignment: str, attempt: int) -> Record | None:
        """One attempt, by its number; None if there is none."""
        return next(self._read(f"{_OF_ONE} and number=?", (student, assignment, attempt), last=False), None)

    def records(self) -> Iterator[Record]:
        """Every last attempt, by assignment and student; read lazily."""
        return self._read(f"{IS_LAST} order by assignment, student", last=True)

    def earlier(self) -> Iterator[Record]:
        """Every earlier attempt, by assignment, student and number; read lazily."""
        return self._read(f"not {IS_LAST} order by assignment, student, number", last=False)

    def damage(self) -> list[Damage]:
        """The damaged rows that were met until now, each once, by assignment and student."""
        return [self._damage[key] for key in sorted(self._damage, key=str)]

    def _timed(self, record: Record, number: int) -> Record:
        """A record with the time that is known of the same text, if that stays."""
        same = f"{_OF_ONE} and number=? and source_hash=?"
        values = (record.student, record.assignment, number, record.source_hash)
        row = self._db.execute(f"select {', '.join(TIMES)} from attempt where {same}", values).fetchone()
        if row is None or not stays(row[1], record.submitted_at.source):
            return record
        return msgspec.structs.replace(record, submitted_at=time_of(row))

    def _is_whole(self, where: str, *values: object) -> bool:
        """Whether any last attempt there is not damaged."""
        names = [value for value in values if is_name(value)]
        return len(names) == len(values) and any(
            True for _ in self._read(f"{where} and {IS_LAST}", tuple(map(str, names)), last=True)
        )

    def _read(self, where: str, values: tuple[str | int, ...] = (), *, last: bool) -> Iterator[Record]:
        for row in self._select("*", where, values):
            if record := self._whole(row, lambda row: record_of(row, 0 if last else row["number"])):
                yield record

    def _select(self, columns: str, where: str, values: tuple[str | int, ...] = ()) -> Iterator[Row]:
        try:
            yield from self._rows(columns, where, values)
        except sqlite3.DatabaseError as error:
            raise UsageError(f"{self._folder / FILE} cannot be read: {error}. Please {remedy(error)}.") from error

    def _rows(self, columns: str, where: str, values: tuple[str | int, ...]) -> Iterator[Row]:
        rows = self._db.execute(f"select {columns} from attempt where {where}", values)
        names = [name for name, *_ in rows.description]
        for row in rows:
            yield dict(zip(names, row, strict=True))

    def _whole(self, row: Row, read: Callable[[Row], T]) -> T | None:
        """What `read` makes of a row; None, and a note, if it is damaged."""
        try:
            return read(row)
        except DamagedError as error:
            self._note(row, str(error))
            return None

    def _note(self, row: Row, problem: str, aside: bool = False) -> None:
        student, assignment, number = row["student"], row["assignment"], row["number"]
        self._damage[student, assignment, number] = Damage(
            shown(student), shown(assignment), shown(number), shown(problem), aside
        )

    def _put_aside(self, student: str, assignment: str) -> None:
        """Move the damaged rows of a student and an assignment to a table of their own."""
        for row in list(self._rows("*", _OF_ONE, (student, assignment))):
            try:
                record_of(row, 0)
            except DamagedError as error:
                this = (student, assignment, row["number"])
                self._db.execute(ASIDE)
                self._db.execute(
                    f"insert into damaged select {', '.join(COLUMNS)} from attempt where {_OF_ONE} and number=?", this
                )
                self._db.execute(f"delete from attempt where {_OF_ONE} and number=?", this)
                self._note(row, str(error), aside=True)
