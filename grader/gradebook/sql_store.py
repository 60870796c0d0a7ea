"""The store as tables of a database: what is the same on SQLite and on PostgreSQL.

attempt: a row for each (student, assignment, number): hashes, outcomes, verdicts, timings
adjustment: changes by hand; folder, dropped: what the class was graded from, and who left it
damaged: rows that could not be read any more and whose place a new record has taken
review: what people reviewed; note: what was written elsewhere, into the gradebook of a learning system
reading: what files were read as; it may be emptied at any time
"""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

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
    time_that_holds,
    times_of,
)
from grader.gradebook.schema import HIGHEST, IS_LAST, ORDERED_BY
from grader.gradebook.sql_notes import Notes, batched, one_of
from grader.gradebook.store import LastAttempt, place
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import SubmittedAt

T = TypeVar("T")

_SAVE = f"insert into attempt ({', '.join(COLUMNS)}) values ({', '.join(f':{name}' for name in COLUMNS)})"
_ALL_BUT_RUN = ", ".join(name for name in COLUMNS if name != "run")
OF_ONE = "student=? and assignment=?"


class SqlStore(Notes):
    """The attempts in the tables of one class; see `grader.gradebook.store.Store`."""

    _errors: type[Exception]  # what the database raises

    def __init__(self) -> None:
        self._damage: dict[object, Damage] = {}

    @abstractmethod
    def close(self) -> None:
        """Release the database."""

    @abstractmethod
    def _cannot_read(self, error: Exception) -> UsageError:
        """A failure to read, in words."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def save(self, record: Record) -> None:
        """Write one record, which becomes the student's last attempt, numbered by `place`."""
        one = record.student, record.assignment
        with self.together():
            self._claim(*one)
            self._put_aside(*one)
            latest = self._db.execute(
                f"select number, source_hash, status from attempt where {OF_ONE} order by number desc limit 2", one
            ).fetchall()
            number = place(latest, record)
            record = self._timed(record, number)
            self._db.execute(f"delete from attempt where {OF_ONE} and number>=?", (*one, number))
            self._db.execute(_SAVE, row_of(record, number))

    def note_submitted_at(self, student: str, assignment: str, submitted_at: SubmittedAt) -> SubmittedAt:
        """Update the submission time of the last attempt, if it holds; returns the one that does (see `rows.time_that_holds`)."""
        holds, changes = self._time_of(student, assignment, submitted_at)
        if changes:
            with self.together():
                self._claim(student, assignment)
                holds, changes = self._time_of(student, assignment, submitted_at)  # another writer may have been faster
                if changes:
                    setting = ", ".join(f"{name}=?" for name in TIMES)
                    values = (*times_of(submitted_at), student, assignment)
                    self._db.execute(f"update attempt set {setting} where {OF_ONE} and {IS_LAST}", values)
        return holds

    def regrade(self, grade: Grade, rubric_hash: str, attempt: int = 0) -> None:
        """Replace the grade of the last attempt (0), or of the earlier one of that number."""
        values = graded(grade) | {"rubric_hash": rubric_hash}
        setting = ", ".join(f"{name}=?" for name in values)
        with self.together():
            self._claim(grade.student, grade.assignment)
            self._db.execute(
                f"update attempt set {setting} where {OF_ONE} and number=coalesce(nullif(?, 0), ({HIGHEST}))",
                (*values.values(), grade.student, grade.assignment, attempt),
            )

    def last_attempts(self, assignment: str, students: Iterable[str]) -> Iterator[LastAttempt]:
        """The last attempts of these students at an assignment, without damaged ones; read lazily."""
        for some in batched(students):
            where = f"assignment=? and {one_of('student', some)} and {IS_LAST}"
            for found in self._read(where, (assignment, *some), last=True):
                hashes = found.source_hash, found.plan_hash
                yield LastAttempt(found.student, *hashes, found.grade.status, found.submitted_at)

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
        columns = "assignment, rubric_hash, count(*), max(graded_at), cast(sum(cast(score as numeric)) as double precision)"
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
        return self.attempts_of(assignment, (student,)).get(student, [])

    def attempts_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Attempt]]:
        """The attempts of these students, as `attempts` has those of each; who has none is left out."""
        found: dict[str, list[Attempt]] = {}
        for some in batched(students):
            for row in self._select(_ALL_BUT_RUN, f"assignment=? and {one_of('student', some)}", (assignment, *some)):
                if attempt := self._whole(row, attempt_of):
                    found.setdefault(row["student"], []).append(attempt)
        for mine in found.values():
            mine.sort(key=lambda attempt: attempt.number)  # here: a database would sort the whole rows
        return found

    def record(self, student: str, assignment: str, attempt: int) -> Record | None:
        """One attempt, by its number; None if there is none."""
        return next(self._read(f"{OF_ONE} and number=?", (student, assignment, attempt), last=False), None)

    def records(self) -> Iterator[Record]:
        """Every last attempt, by assignment and student; read lazily."""
        return self._in_order(IS_LAST, "student", last=True)

    def earlier(self) -> Iterator[Record]:
        """Every earlier attempt, by assignment, student and number; read lazily."""
        return self._in_order(f"not {IS_LAST}", "student, number", last=False)

    def _in_order(self, where: str, order: str, *, last: bool) -> Iterator[Record]:
        """Those of one assignment after the other: in the order of the table, so that no database sorts what a class returned."""
        names = [row["assignment"] for row in self._select("distinct assignment", "true order by assignment")]
        if not all(map(is_name, names)):  # of damaged rows, which cannot be asked for
            yield from self._read(f"{where} order by assignment, {order}", last=last)
            return
        for name in names:
            yield from self._read(f"assignment=? and {where} order by {order}", (name,), last=last)

    def damage(self) -> list[Damage]:
        """The damaged rows that were met until now, each once, by assignment and student."""
        return [self._damage[key] for key in sorted(self._damage, key=str)]

    def whole_rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table that are not damaged, one at a time."""
        order = ORDERED_BY[table]
        if table == "attempt":
            for row in self._select("*", f"true order by {order}"):
                if self._whole(row, lambda row: record_of(row, 0)):
                    yield dict(row)
            return
        rows = self._db.execute(f"select * from {table} order by {order}")
        names = [name for name, *_ in rows.description or ()]
        for row in rows.fetchall():
            yield dict(zip(names, row, strict=True))

    def fill(self, table: str, rows: Iterable[dict[str, Any]]) -> int:
        """Insert rows as they are; returns how many."""
        count = 0
        for row in rows:
            marks = ", ".join(f":{name}" for name in row)
            self._db.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", row)
            count += 1
        return count

    def _time_of(self, student: str, assignment: str, submitted_at: SubmittedAt) -> tuple[SubmittedAt, bool]:
        """The time that holds for the last attempt once this one is noted, and whether it is another than the one in the table."""
        query = f"select {', '.join(TIMES)} from attempt where {OF_ONE} and {IS_LAST}"
        row = self._db.execute(query, (student, assignment)).fetchone()
        return (submitted_at, False) if row is None else time_that_holds(row, submitted_at)

    def _timed(self, record: Record, number: int) -> Record:
        """A record with the time that is known of the same text, if that stays."""
        same = f"{OF_ONE} and number=? and source_hash=?"
        values = (record.student, record.assignment, number, record.source_hash)
        row = self._db.execute(f"select {', '.join(TIMES)} from attempt where {same}", values).fetchone()
        if row is None:
            return record
        return msgspec.structs.replace(record, submitted_at=time_that_holds(row, record.submitted_at)[0])

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
        except self._errors as error:
            raise self._cannot_read(error) from error

    def _rows(self, columns: str, where: str, values: tuple[str | int, ...]) -> Iterator[Row]:
        rows = self._db.execute(f"select {columns} from attempt where {where}", values)
        names = [name for name, *_ in rows.description or ()]
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
        for row in list(self._rows("*", OF_ONE, (student, assignment))):
            try:
                record_of(row, 0)
            except DamagedError as error:
                this = (student, assignment, row["number"])
                self._db.execute("create table if not exists damaged as select * from attempt where false")
                self._db.execute(
                    f"insert into damaged select {', '.join(COLUMNS)} from attempt where {OF_ONE} and number=?", this
                )
                self._db.execute(f"delete from attempt where {OF_ONE} and number=?", this)
                self._note(row, str(error), aside=True)
