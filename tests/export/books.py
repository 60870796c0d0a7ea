"""Grades and entries to export, as grading makes them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from grader.course.config import AssignmentConfig, CourseConfig
from grader.course.folder import Assignment, Course
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late
from grader.gradebook.roster import Roster, parse_roster
from grader.gradebook.totals import Total
from grader.integrations.class_list import rows_of
from grader.integrations.formats import Scores
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict

DUE = datetime(2027, 4, 24, 2, 59, tzinfo=UTC)
TITLES = {"conv": "Convolution"}
MADE = datetime(2027, 4, 25, 1, 0, tzinfo=UTC)


def verdict(name: str, kind: str = "example", passed: bool = True, points: float = 1.0, **more: Any) -> Verdict:
    """A check's verdict; worked examples are public."""
    word: Literal["passed", "failed"] = "passed" if passed else "failed"
    return Verdict(name, kind, word, "returned", points=points, public=kind == "example", **more)


def grade(student: str = "ana", assignment: str = "conv", score: float | None = 2.0, *checks: Verdict, **more: str) -> Grade:
    """A grade of one exercise worth 3 points."""
    checks = checks or (verdict("slide 4", points=2.0), verdict("random images", "agrees", False, 1.0, message="O is wrong"))
    return Grade(
        student=student,
        assignment=assignment,
        status="graded" if score is not None else "grader_error",
        score=score,
        max_score=3.0,
        exercises=(ExerciseGrade("conv2d", "Convolution.", score or 0.0, 3.0, checks),),
        **more,
    )


def entry(student: str = "ana", assignment: str = "conv", score: float | None = 2.0, penalty: float = 0.0, **more: str) -> Entry:
    """What counts for a student; with a penalty, handed in a day late."""
    late = Late(
        due=DUE,
        handed_in=MADE if penalty else None,
        days=int(penalty > 0),
        penalty=penalty,
        score=None if score is None else score - penalty,
        time_from="timestamp.txt" if penalty else "",
    )
    return Entry(grade(student, assignment, score, **more), late)


def excused(student: str = "ana", assignment: str = "conv") -> Entry:
    """What counts for a student who handed in nothing and need not."""
    nothing = Grade(student=student, assignment=assignment, status="graded", score=None, max_score=0.0, exercises=())
    change = Adjustment(student=student, assignment=assignment, because="ill", by="marta", at=MADE, excused=True)
    return Entry(nothing, Late(DUE, None, 0, 0.0, None), 0, 0, (change,))


def scores(*entries: Entry, listed: Roster | None = None, canvas: str | int = "", **config: Any) -> Scores:
    """The scores of a class, with each student's total: as many percent as the student has assignments.

    Args:
        canvas: the column of every assignment there, by course.toml.
        config: the other settings in it.
    """
    names = dict.fromkeys(entry.grade.assignment for entry in entries)
    assignments = tuple(
        Assignment(name, TITLES.get(name, name), Path("course"), AssignmentConfig(canvas=canvas)) for name in names
    )
    rows, unknown = rows_of(listed, entries) if listed else ({}, {})
    count = {one.grade.student: sum(entry.grade.student == one.grade.student for entry in entries) for one in entries}
    absent = (
        {listed.folder(row): Total(0.0, zeros=tuple(names)) for row in listed.students if row not in rows.values()}
        if listed
        else {}
    )
    totals = absent | {student: Total(float(number), ("conv",)) for student, number in count.items()}
    course = Course(Path("course"), "Deep learning", assignments, CourseConfig(**config))
    return Scores(course, assignments, entries, listed, rows, unknown, totals)


def roster(text: str) -> Roster:
    """The class list in a text."""
    return parse_roster(text, Path("roster.csv"))
