"""A record as a row of a table, and back. What comes out is checked, because a file may be damaged without SQLite noticing."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from grader.engine.record import Record
from grader.gradebook import stored_grades
from grader.gradebook.lateness import Attempt
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.submissions.submitted_at import SubmittedAt

COLUMNS = {
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
TIMES = ("submitted_at", "time_source", "marked_late")
SAME = ("student", "assignment", "status", "score", "max_score")  # columns that repeat what is in the grade
_TYPES = {"text": str, "integer": int, "real": int | float, "blob": bytes}

_CHECKED = {name: (_TYPES[kind.split()[0]], "not null" not in kind) for name, kind in COLUMNS.items()}  # type, and may it be null

_runs = msgspec.msgpack.Decoder(Run)

Row = Mapping[str, Any]


class DamagedError(Exception):
    """A row is not as it was written; the message says what is wrong, in a few words."""


class Damage(msgspec.Struct, frozen=True):
    """A row that cannot be read.

    Attributes:
        aside: whether it was put aside because a new record took its place.
    """

    student: str
    assignment: str
    number: str
    problem: str
    aside: bool = False

    @property
    def text(self) -> str:
        """What happened, and what to do."""
        what = f"{self.student}, {self.assignment}, attempt {self.number}: its record is damaged ({self.problem})"
        if self.aside:
            return f"{what}; it was graded again, and the damaged row is kept aside in the table `damaged`"
        return f"{what} and left out; grade again what was handed in (grader grade SUBMISSIONS), and it is replaced"


def row_of(record: Record, number: int) -> dict[str, Any]:
    """A record as a row, as attempt `number`."""
    grade = record.grade
    return {
        "student": record.student,
        "assignment": record.assignment,
        "number": number,
        "source_hash": record.source_hash,
        "plan_hash": record.plan_hash,
        "rubric_hash": record.rubric_hash,
        "seconds": record.run.seconds,
        "graded_at": time.time(),
        "run": msgspec.msgpack.encode(record.run),
        **graded(grade),
        **dict(zip(TIMES, times_of(record.submitted_at), strict=True)),
    }


def graded(grade: Grade) -> dict[str, Any]:
    """The columns that change with a grade."""
    return {"status": grade.status, "score": grade.score, "max_score": grade.max_score, "grade": stored_grades.encode(grade)}


def times_of(submitted_at: SubmittedAt) -> tuple[str | None, str, int]:
    """A submission's time as the columns `TIMES`."""
    return submitted_at.time.isoformat() if submitted_at.time else None, submitted_at.source, int(submitted_at.marked_late)


def time_of(columns: Sequence[Any]) -> SubmittedAt:
    """A submission's time from the columns `TIMES`. Raises ValueError: they are damaged."""
    time, source, marked_late = columns
    return SubmittedAt(datetime.fromisoformat(time) if time else None, source, bool(marked_late))


def time_that_holds(known: Sequence[Any], found: SubmittedAt) -> tuple[SubmittedAt, bool]:
    """Of the columns `TIMES` as they are known and a time that is found: the one that holds, and whether it changes the columns.

    The instructor's time holds until the instructor gives another.

    Raises:
        ValueError: the known time holds, and is damaged.
    """
    if known[1] == "times" != found.source:
        return time_of(known), False
    return found, tuple(known) != times_of(found)


def record_of(row: Row, attempt: int) -> Record:
    """The record in a row.

    Raises:
        DamagedError: it is damaged.
    """
    read = attempt_of(row)
    try:
        run = _runs.decode(row["run"])
    except (msgspec.MsgspecError, ValueError) as error:
        raise DamagedError(f"run: {error}") from None
    hashes = row["source_hash"], row["plan_hash"], row["rubric_hash"]
    return Record(row["student"], row["assignment"], *hashes, run, read.grade, read.submitted_at, attempt)


def attempt_of(row: Row) -> Attempt:
    """The attempt in a row: all of it but what was run.

    Raises:
        DamagedError: it is damaged.
    """
    for name, value in row.items():
        kind, may_be_null = _CHECKED[name]
        if not isinstance(value, kind) and not (value is None and may_be_null):
            raise DamagedError(f"{name}: {value!r:.40}")
    for name in ("source_hash", "plan_hash", "rubric_hash"):
        if not is_name(row[name]):
            raise DamagedError(f"{name}: {row[name]!r:.40}")
    if row["number"] < 1:
        raise DamagedError(f"number: {row['number']}")
    try:
        grade = stored_grades.decode(row["grade"])
    except (msgspec.MsgspecError, ValueError) as error:
        raise DamagedError(f"grade: {error}") from None
    for name in SAME:
        if row[name] != getattr(grade, name):
            raise DamagedError(f"{name}: {row[name]!r:.40}, but {getattr(grade, name)!r:.40} in its grade")
    try:
        submitted_at = time_of([row[name] for name in TIMES])
        msgspec.convert(msgspec.to_builtins(submitted_at), SubmittedAt)
    except (msgspec.MsgspecError, ValueError) as error:
        raise DamagedError(f"{', '.join(TIMES)}: {error}") from None
    return Attempt(row["number"], grade, submitted_at)


def text(data: bytes) -> str:
    """The text of a column, whatever it holds."""
    return data.decode("utf-8", "surrogateescape")


def is_name(value: object) -> bool:
    """Whether this may be a name, and is not bytes or half a letter."""
    return isinstance(value, str) and _printable(value) == value


def shown(value: object) -> str:
    """The beginning of `value`, as text that can be printed."""
    return _printable(str(value)[:200])


def _printable(value: str) -> str:
    return value.encode("utf-8", "backslashreplace").decode()
