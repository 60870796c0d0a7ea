"""Grades and entries to export, as grading makes them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Late
from grader.gradebook.roster import Roster, parse_roster
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict

DUE = datetime(2027, 4, 24, 2, 59, tzinfo=UTC)
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


def roster(text: str) -> Roster:
    """The class list in a text."""
    return parse_roster(text, Path("roster.csv"))
