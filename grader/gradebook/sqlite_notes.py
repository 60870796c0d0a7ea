"""What people and commands note beside the attempts, in the same file: adjustments, who is of the class, reviews, and the gradebook."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress

import msgspec

from grader.gradebook.adjustments import Adjustment
from grader.gradebook.review_log import Event
from grader.gradebook.rows import Damage, shown
from grader.gradebook.same_class import Dropped, Folder

_adjustments = msgspec.json.Decoder(Adjustment)
_folders, _dropped = msgspec.json.Decoder(Folder), msgspec.json.Decoder(Dropped)
_events: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Notes(ABC):
    """The tables that hold no attempts; see `grader.gradebook.store.Store`."""

    _db: sqlite3.Connection
    _damage: dict[object, Damage]

    @abstractmethod
    def together(self) -> AbstractContextManager[None]:
        """A transaction."""

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
        columns = "number, student, assignment, adjustment"
        found = []
        for number, of, topic, data in self._db.execute(f"select {columns} from adjustment where {where} order by number", asked):
            try:
                found.append(msgspec.structs.replace(_adjustments.decode(data), number=number))
            except (msgspec.MsgspecError, TypeError, ValueError) as error:
                problem = f"adjustment {number} of its score: {error}; make it again"
                self._damage["adjustment", number] = Damage(shown(of), shown(topic), "-", shown(problem))
        return found

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
            self._db.execute("insert or replace into dropped values (?, ?)", (dropped.student, msgspec.json.encode(dropped)))

    def take_back(self, student: str) -> None:
        """Let a student who was dropped count again."""
        with self.together():
            self._db.execute("delete from dropped where student=?", (student,))

    def note(self, notes: Mapping[str, str]) -> None:
        """Keep what was written elsewhere, by key; "" forgets it."""
        with self.together():
            self._db.executemany("insert or replace into note (key, value) values (?, ?)", [*notes.items()])
            self._db.execute("delete from note where value=''")

    def notes(self) -> dict[str, str]:
        """All that was noted."""
        return dict(self._db.execute("select key, value from note"))

    def log(self, event: Event) -> int:
        """Add an event to the log of reviews; returns its number."""
        with self.together():
            done = self._db.execute("insert into review (event) values (?)", (msgspec.json.encode(event),))
        assert done.lastrowid is not None
        return done.lastrowid

    def logged(self) -> list[Event]:
        """The log of reviews, the first event first."""
        found = []
        for number, data in self._db.execute("select number, event from review order by number"):
            try:
                found.append(msgspec.structs.replace(_events.decode(data), number=number))
            except (msgspec.MsgspecError, TypeError, ValueError) as error:
                self._damage["review", number] = Damage("-", "-", "-", shown(f"event {number} of the log of reviews: {error}"))
        return found
