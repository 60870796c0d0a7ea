"""Everything known about grading a class, durable: what a store of attempts promises, whatever database keeps it.

A store has a record for each attempt of a student at an assignment. The attempts are numbered from 1 and the last one has the highest
number; what is not asked about attempts is answered about the last one. A record holds what the student's code returned, so that a
changed rubric is applied without running anyone's code again. Which attempt counts is not decided here (see
`grader.gradebook.lateness.chosen`).

`grader.gradebook.sqlite` is the engine that there is. Another one is another file with a class that keeps this protocol
(`tests/gradebook/store_contract.py` tries all of it), and its line in `open_store`.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from grader.engine.record import Record
from grader.gradebook.lateness import Attempt
from grader.judge.verdicts import Grade
from grader.submissions.read import Submission
from grader.submissions.submitted_at import SubmittedAt


class Store(Protocol):
    """The attempts of one class. Use as a context manager.

    Whoever opens it for writing is the only writer until it is closed; readers see each record whole, or not yet. What a method wrote is
    there when it returns, after a crash as well.

    Every method that writes raises:
        UsageError: it could not be written, and what was there before still is.
    """

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def close(self) -> None:
        """Let go of the store, which another run may write from now on."""

    def save(self, record: Record) -> None:
        """Write one record, which is the student's last attempt from now on, as `place` says."""

    def note_submitted_at(self, student: str, assignment: str, submitted_at: SubmittedAt) -> None:
        """Keep when the last attempt was handed in, where that is known otherwise than before."""

    def regrade(self, grade: Grade, rubric_hash: str, attempt: int = 0) -> None:
        """Put another grade on what was run: on the last attempt (0), or on the earlier one of that number."""

    def together(self) -> AbstractContextManager[None]:
        """All that is written in this block, or nothing; in a block around it, all of that block."""

    def is_current(self, submission: Submission, plan_hash: str) -> bool:
        """Whether this very text is the last attempt, graded with this very plan and without a fault of the grader."""

    def judged_otherwise(self, assignment: str, rubric_hash: str) -> int:
        """How many last attempts at an assignment were judged by another rubric than that of `rubric_hash`."""

    def plans(self) -> list[tuple[str, str, int]]:
        """Each assignment and plan hash that there are last attempts of, and how many; by assignment."""

    def assignments(self) -> list[str]:
        """The names of the assignments that have records, in order."""

    def keys(self) -> list[tuple[str, str]]:
        """Every student and assignment that there is a record of, in order."""

    def attempts(self, student: str, assignment: str) -> list[Attempt]:
        """Every attempt of a student, the last one at the end; none where there is no record."""

    def records(self) -> Iterator[Record]:
        """Every last attempt, by assignment and student (they are read as they are wanted, not all at once)."""

    def earlier(self) -> Iterator[Record]:
        """Every earlier attempt with its number, by assignment, student and number."""


def open_store(folder: Path, *, write: bool) -> Store:
    """The store in a results folder. To write, the folder is made where there is none.

    Raises:
        UsageError: there is nothing to read, another run is writing, or the store cannot be used.
    """
    from grader.gradebook.sqlite import SqliteStore  # an engine is imported by those who open it

    return SqliteStore(folder, write=write)


def place(latest: Sequence[tuple[int, str, str]], record: Record) -> int:
    """The number under which a record is kept; it takes the place of every attempt from there on.

    A text that was graded stays when another one is handed in. The same text graded once more is no new attempt, and what the grader
    failed to grade gives way to whatever comes next: also to the text before it, which is then where it was.

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
