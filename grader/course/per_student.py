"""Inputs that are drawn for each student: which checks have them, and the hash of such a plan."""

import hashlib
from collections.abc import Collection

from grader.checks.base import Check
from grader.checks.effort import Within
from grader.course.all_checks import exercise_error
from grader.course.authoring import Exercise
from grader.course.rubric import Rubric
from grader.text.near import near


def is_drawn_for_each(exercise: Exercise, check: Check) -> bool:
    """Whether a check's inputs are drawn for each student. All are measured by the same arrays."""
    if isinstance(exercise.per_student, bool):
        return exercise.per_student and not isinstance(check, Within)
    return bool({check.name, getattr(check, "like", "")} & {*exercise.per_student})


def hold_names(rubric: Rubric, exercise: Exercise, names: Collection[str]) -> None:
    """Refuse a name in `per_student` that no check has."""
    for name in exercise.per_student if isinstance(exercise.per_student, tuple) else ():
        if name not in names:
            raise exercise_error(
                rubric, exercise, f"per_student names {name!r}, which is not the name of a check", near(name, names)
            )


def own_hash(plan_hash: str, student: str) -> str:
    """The hash of a student's own plan, from that of the class's: whether a record is current is known without planning."""
    return hashlib.sha256(f"{plan_hash}\0{student}".encode("utf-8", "surrogatepass")).hexdigest()
