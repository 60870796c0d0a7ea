"""Adjustments that are asked for, checked against the records before any is made."""

import math
from datetime import datetime
from pathlib import Path

import msgspec

from grader.course.folder import Course
from grader.errors import UsageError
from grader.gradebook.adjustments import NBGRADER, Adjustment, undoing
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.roster import read_roster
from grader.gradebook.same_class import refuse_dropped
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.text.escape import one_line
from grader.text.near import near

NOT_POINTS = "is not a number of points, like +1 or -0.5."
_COLUMNS = ("student", "assignment", "points", "because")
_MORE = ("exercise", "excused", "by")
_YES = ("yes", "true", "1", "x", "ex")


def checked(course: Course, store: Store, policy: LatePolicy, asked: Adjustment, where: str = "") -> Adjustment:
    """The adjustment, with the attempt that it is about.

    Args:
        where: it was asked for, for messages.

    Raises:
        UsageError: it names what there is not, gives no reason, or there is no score to change.
    """
    where = where and f"{where}: "
    student, topic = asked.student, asked.assignment
    if not asked.because.strip():
        raise UsageError(f"{where}give the reason (--because, or the column because); the history keeps it.")
    if asked.by == NBGRADER:
        makes = "those that `grader import --from nbgrader` makes and takes back"
        raise UsageError(f"{where}changes by {NBGRADER!r} are {makes}; give another name (--by, or the column by).")
    if not math.isfinite(asked.points):
        raise UsageError(f"{where}{asked.points} {NOT_POINTS}")
    try:
        course.assignment(topic)
    except UsageError as error:
        raise UsageError(f"{where}{error}") from None
    keys = store.keys()
    students = sorted({name for name, _ in keys})
    if student not in students:
        raise UsageError(f"{where}there are no records of {student!r}. {near(student, students)}")
    refuse_dropped(store.dropped(), student)
    counting = Term(store, policy).entry(student, topic)
    if asked.points and (counting is None or counting.attempts == 0):
        raise UsageError(
            f"{where}{student} handed in nothing for {topic}, so there is no score to change. "
            "--excuse excuses; or put the submission into the class's folder and grade it."
        )
    if asked.points and counting is not None and counting.grade.score is None:
        raise UsageError(f"{where}{student} {topic} was not graded ({one_line(counting.grade.message, 200)}). Grade it first.")
    exercises = [found.name for found in counting.grade.exercises] if counting else []
    if asked.exercise and exercises and asked.exercise not in exercises:
        raise UsageError(f"{where}{topic} has no exercise {asked.exercise!r}. {near(asked.exercise, exercises)}")
    attempt = counting.attempt if counting else 0
    return msgspec.structs.replace(asked, because=asked.because.strip(), attempt=attempt)


def undone(store: Store, number: int, because: str, by: str, at: datetime) -> Adjustment:
    """The adjustment that takes back the one of that number.

    Raises:
        UsageError: there is none, or it is taken back already.
    """
    history = store.adjustments()
    old = next((one for one in history if one.number == number), None)
    if old is None:
        raise UsageError(f"there is no adjustment {number}; `grader history` lists them.")
    if number in undoing(history):
        raise UsageError(f"adjustment {number} has already been taken back; `grader history` shows by which.")
    return Adjustment(
        student=old.student,
        assignment=old.assignment,
        exercise=old.exercise,
        because=because or f"takes back {number}",
        by=by,
        at=at,
        undoes=number,
    )


def read_regrades(path: Path, by: str, at: datetime) -> list[tuple[str, Adjustment]]:
    """The adjustments in a csv file with student, assignment, points and because, each with its place for messages.

    Raises:
        UsageError: it cannot be read, lacks a column, or has a wrong value.
    """
    table = read_roster(path, f"--from takes a CSV file with the columns {', '.join(_COLUMNS)}.")
    missing = [name for name in _COLUMNS if table.column((name,)) is None]
    if missing:
        raise UsageError(
            f"{path} has no column {' and '.join(missing)}; its first line is {', '.join(table.header)[:200]}. "
            f"Needed: {', '.join(_COLUMNS)}; possible: {', '.join(_MORE)}."
        )
    found = []
    for row in table.students:
        where = f"{path}, row {row + 1} below the header"
        cell = {name: table.cell(row, (name,)) for name in (*_COLUMNS, *_MORE)}
        try:
            points = float(cell["points"].replace(",", ".") or 0)
        except ValueError:
            raise UsageError(f"{where}: {cell['points']!r} {NOT_POINTS}") from None
        asked = Adjustment(
            student=cell["student"],
            assignment=cell["assignment"],
            exercise=cell["exercise"],
            points=points,
            excused=cell["excused"].lower() in _YES,
            because=cell["because"],
            by=cell["by"] or by,
            at=at,
        )
        found.append((where, asked))
    return found
