"""The durable store of graded attempts: its protocol, independent of the database.

A store has a record for each attempt of a student at an assignment. Attempts are numbered from 1; a method that does not mention attempts
is about the last one, which has the highest number. A record holds what the student's code returned, so that a changed rubric is applied
without running the code again. Which attempt counts is decided elsewhere (see `grader.gradebook.lateness.chosen`).

`grader.gradebook.sqlite` is the one that needs nothing else; `grader.gradebook.postgres` is for many writers, and what both share is in
`grader.gradebook.sql_store`. Another one is another file with a class that keeps this protocol (`tests/gradebook/store_contract.py` tests
all of it), and its line in `grader.gradebook.open_store`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self

import msgspec

from grader.engine.record import Record
from grader.errors import UsageError
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.lateness import Attempt
from grader.gradebook.review_log import Event
from grader.gradebook.rows import Damage
from grader.gradebook.same_class import Dropped, Folder
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import SubmittedAt

GRADEBOOK = "gradebook"  # the note that has the command that writes nbgrader's gradebook


class WasRead(msgspec.Struct, frozen=True):
    """What a submission's files were read as: the hash of the submission's text, and whether there was a problem in place of one."""

    source_hash: str
    problem: bool


class LastAttempt(msgspec.Struct, frozen=True):
    """Of what a student's last attempt at an assignment is: the text, the plan that it was graded with, and when it was handed in."""

    student: str
    source_hash: str
    plan_hash: str
    status: str
    submitted_at: SubmittedAt

    def is_by(self, plan_hash: str) -> bool:
        """Whether it was graded with this plan, and without a fault of the grader."""
        return self.plan_hash == plan_hash and self.status == "graded"


class BusyError(UsageError):
    """Another run is writing to the store; what was to be written can be tried again."""


class Store(Protocol):
    """The attempts of one class. Use as a context manager.

    Readers see each record whole or not at all. What a method wrote is durable when it returns. SQLite has one writer at a time, from
    opening to closing; PostgreSQL has many, and each method writes as if it were the only one.

    Every method that writes raises:
        UsageError: it could not be written, and the store is unchanged.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def close(self) -> None:
        """Release the store, so that another run may write to it."""

    def save(self, record: Record) -> None:
        """Write one record, which becomes the student's last attempt, numbered by `place`."""

    def note_submitted_at(self, student: str, assignment: str, submitted_at: SubmittedAt) -> SubmittedAt:
        """Update the submission time of the last attempt, if it holds; returns the one that does (see `rows.time_that_holds`)."""

    def regrade(self, grade: Grade, rubric_hash: str, attempt: int = 0) -> None:
        """Replace the grade of the last attempt (0), or of the earlier one of that number."""

    def adjust(self, adjustment: Adjustment) -> int:
        """Add an adjustment to the history; returns its number."""

    def adjustments(self, student: str = "", assignment: str = "") -> list[Adjustment]:
        """The history, the first one first; of one student or assignment, if given."""

    def adjustments_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Adjustment]]:
        """The histories of these students at an assignment, as `adjustments` has each; who has none is left out."""

    def folders(self) -> list[Folder]:
        """The folders that the class was graded from, by path."""

    def keep_folders(self, folders: Iterable[Folder]) -> None:
        """Note the folders that the class is graded from, in place of all that were noted."""

    def dropped(self) -> list[Dropped]:
        """The students who left and count nowhere (see `Term`), by name. Their records and adjustments stay in all other lists."""

    def drop(self, dropped: Dropped) -> None:
        """Note that a student left; all records stay."""

    def take_back(self, student: str) -> None:
        """Let a student who was dropped count again."""

    def note(self, notes: Mapping[str, str]) -> None:
        """Keep what was written elsewhere, by key; "" forgets it."""

    def notes(self) -> dict[str, str]:
        """All that was noted."""

    def log(self, event: Event) -> int:
        """Add an event to the log of reviews; returns its number."""

    def logged(self) -> list[Event]:
        """The log of reviews, the first event first."""

    def together(self) -> AbstractContextManager[None]:
        """A transaction: all that is written in this block, or nothing; nested blocks join the outermost one."""

    def last_attempts(self, assignment: str, students: Iterable[str]) -> Iterator[LastAttempt]:
        """The last attempts of these students at an assignment, without damaged ones (of all that is in the record); read lazily."""

    def were_read(self, files_hashes: Iterable[str]) -> dict[str, WasRead]:
        """What files with these hashes were read as, by hash; what was not noted is left out."""

    def note_read(self, files_hash: str, was_read: WasRead) -> None:
        """Note what files were read as, so that they need not be read again; nothing else depends on it."""

    def judged_otherwise(self, assignment: str, rubric_hash: str) -> int:
        """How many last attempts at an assignment were judged by a rubric with another hash."""

    def plans(self) -> list[tuple[str, str, int]]:
        """Each assignment, plan hash and number of last attempts with them, by assignment."""

    def version(self) -> str:
        """What changes whenever an attempt is saved or judged again, and not when a mark is adjusted."""

    def assignments(self) -> list[str]:
        """The names of the assignments that have records, sorted."""

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment with a record, sorted."""

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student at an assignment, the last one at the end."""

    def attempts_of(self, assignment: str, students: Iterable[str]) -> dict[str, list[Attempt]]:
        """The attempts of these students, as `attempts` has those of each; who has none is left out."""

    def record(self, student: str, assignment: str, attempt: int) -> Record | None:
        """One attempt, by its number; None if there is none."""

    def records(self) -> Iterator[Record]:
        """Every last attempt, by assignment and student; read lazily."""

    def earlier(self) -> Iterator[Record]:
        """Every earlier attempt, by assignment, student and number; read lazily."""

    def damage(self) -> list[Damage]:
        """The damaged rows that were met until now. Where a record is asked for, they are left out: one costs no other."""


def place(latest: Sequence[tuple[int, str, str]], record: Record) -> int:
    """The number under which a record is saved; it replaces every attempt from there on.

    A graded text is kept when another one is handed in. The same text graded again is not a new attempt. A `grader_error` is replaced by
    the next record; if that is the text before it, the record keeps its old number.

    Args:
        latest: number, source hash and status of the last attempt, and of the one before it.
    """
    if not latest:
        return 1
    number, source, status = latest[0]
    if status == "graded":
        return number if source == record.source_hash else number + 1
    if record.grade.status == "graded" and latest[1:] and latest[1][1] == record.source_hash:
        return latest[1][0]
    return number
