"""What people and commands note beside the attempts: adjustments, who is of the class, reviews, and the gradebook."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import islice
from typing import Any, Final, Protocol

import msgspec

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.review_log import Event
from grader.gradebook.rows import Damage, shown
from grader.gradebook.same_class import Dropped, Folder
from grader.gradebook.store import WasRead

AT_ONCE: Final = 500  # values that one statement asks for
_adjustments = msgspec.json.Decoder(Adjustment)
_folders, _dropped = msgspec.json.Decoder(Folder), msgspec.json.Decoder(Dropped)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Cursor(Protocol):
    """The rows of a statement, as both databases' modules give them."""

    @property
    def description(self) -> Sequence[Any] | None:
        """A sequence for each column, which begins with its name."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]: ...


class Database(Protocol):
    """A connection. Statements are written once: `?` and `:name` mark values, and no other `?` or `:` is in them."""

    def execute(self, statement: str, values: Sequence[Any] | Mapping[str, Any] = ..., /) -> Cursor:
        """Execute one statement."""

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Execute one statement for each row of values."""


class Notes(ABC):
    """The tables that hold no attempts; see `grader.gradebook.store.Store`."""

    _db: Database
    _damage: dict[object, Damage]

    @abstractmethod
    def together(self) -> AbstractContextManager[None]:
        """A transaction."""

    @abstractmethod
    def _claim(self, *what: str) -> None:
        """Keep other writers, where there may be several, from the same thing until the transaction ends."""

    def _numbered(self, insert: str, row: tuple[Any, ...]) -> int:
        """Insert a row into a table that numbers its rows; returns its number."""
        return int(self._db.execute(f"{insert} returning number", row).fetchone()[0])

    def adjust(self, adjustment: Adjustment) -> int:
        """Add an adjustment to the history; returns its number."""
        row = (adjustment.student, adjustment.assignment, msgspec.json.encode(adjustment))
        with self.together():
            return self._numbered("insert into adjustment (student, assignment, adjustment) values (?, ?, ?)", row)

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """The history, the first one first; of one student or assignment, if given."""
        asked = {name: value for name, value in (("student", student), ("assignment", assignment)) if value}
        where = " and ".join(f"{name}=?" for name in asked) or "true"
        return [one for _student, one in self._adjustments(where, tuple(asked.values()))]

    def adjustments_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Adjustment]]:
        """The histories of these students at an assignment, as `adjustments` has each; who has none is left out."""
        found: dict[str, list[Adjustment]] = {}
        for some in batched(students):
            for student, one in self._adjustments(f"assignment=? and {one_of('student', some)}", (assignment, *some)):
                found.setdefault(student, []).append(one)
        return found

    def _adjustments(self, where: str, values: tuple[str, ...]) -> Iterator[tuple[str, Adjustment]]:
        """A part of the history, the first one first, each with its student."""
        query = f"select number, student, assignment, adjustment from adjustment where {where} order by number"
        for number, of, topic, data in self._db.execute(query, values):
            try:
                yield of, msgspec.structs.replace(_adjustments.decode(data), number=number)
            except (msgspec.MsgspecError, TypeError, ValueError) as error:
                problem = f"adjustment {number} of its score: {error}; make it again"
                self._damage["adjustment", number] = Damage(shown(of), shown(topic), "-", shown(problem))

    def folders(self) -> list[Folder]:
        """The folders that the class was graded from, by path."""
        found = []
        for (data,) in self._db.execute("select folder from folder order by path"):
            with suppress(msgspec.MsgspecError, TypeError, ValueError):  # the next run notes it again
                found.append(_folders.decode(data))
        return found

    def keep_folders(self, folders: Iterable[Folder]) -> None:
        """Note the folders that the class is graded from, in place of all that were noted."""
        rows = [(folder.path, msgspec.json.encode(folder)) for folder in folders]
        with self.together():
            self._claim("folders")
            self._db.execute("delete from folder")
            self._db.executemany("insert into folder values (?, ?)", rows)

    def dropped(self) -> list[Dropped]:
        """The students who left and count nowhere, by name."""
        found = []
        for student, data in self._db.execute("select student, dropped from dropped order by student"):
            try:
                found.append(_dropped.decode(data))
            except (msgspec.MsgspecError, TypeError, ValueError) as error:
                problem = f"that the student was dropped: {error}; drop them again"
                self._damage["dropped", student] = Damage(shown(student), "-", "-", shown(problem))
        return found

    def drop(self, dropped: Dropped) -> None:
        """Note that a student left; all records stay."""
        with self.together():
            row = (dropped.student, msgspec.json.encode(dropped))
            self._db.execute(f"insert into dropped values (?, ?) {_replaces('student', 'dropped')}", row)

    def take_back(self, student: str) -> None:
        """Let a student who was dropped count again."""
        with self.together():
            self._db.execute("delete from dropped where student=?", (student,))

    def note(self, notes: Mapping[str, str]) -> None:
        """Keep what was written elsewhere, by key; "" forgets it."""
        with self.together():
            self._db.executemany(f"insert into note (key, value) values (?, ?) {_replaces('key', 'value')}", [*notes.items()])
            self._db.execute("delete from note where value=''")

    def notes(self) -> dict[str, str]:
        """All that was noted."""
        return dict(self._db.execute("select key, value from note"))

    def were_read(self, files_hashes: Iterable[str]) -> dict[str, WasRead]:
        """What files with these hashes were read as, by hash; what was not noted is left out."""
        found = {}
        for some in batched(files_hashes):
            query = f"select files_hash, source_hash, problem from reading where {one_of('files_hash', some)}"
            for files_hash, source_hash, problem in self._db.execute(query, some):
                found[str(files_hash)] = WasRead(str(source_hash), bool(problem))
        return found

    def note_read(self, files_hash: str, was_read: WasRead) -> None:
        """Note what files were read as."""
        row = (files_hash, was_read.source_hash, int(was_read.problem))
        insert = "insert into reading (files_hash, source_hash, problem) values (?, ?, ?) on conflict (files_hash) do nothing"
        with self.together():
            self._db.execute(insert, row)

    def log(self, event: Event) -> int:
        """Add an event to the log of reviews; returns its number."""
        with self.together():
            return self._numbered("insert into review (event) values (?)", (msgspec.json.encode(event),))

    def logged(self) -> list[Event]:
        """The log of reviews, the first event first."""
        found = []
        for number, data in self._db.execute("select number, event from review order by number"):
            try:
                found.append(msgspec.structs.replace(_events.decode(data), number=number))
            except (msgspec.MsgspecError, TypeError, ValueError) as error:
                self._damage["review", number] = Damage("-", "-", "-", shown(f"event {number} of the log of reviews: {error}"))
        return found


def _replaces(key: str, column: str) -> str:
    """The end of an insert that takes the place of the row with the same key."""
    return f"on conflict ({key}) do update set {column}=excluded.{column}"


def batched(values: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The values, as many at a time as one statement asks for."""
    left = iter(values)
    while some := tuple(islice(left, AT_ONCE)):
        yield some


def one_of(column: str, values: Sequence[str]) -> str:
    """The condition that a column is one of the values, which are marked."""
    return f"{column} in ({', '.join('?' * len(values))})"
