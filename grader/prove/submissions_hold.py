"""Whole submissions: those that earn full marks, and those that are rejected."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from grader.engine.prepare import Prepared
from grader.feedback.summary import failed_checks, points, what_happened
from grader.judge.messages import UNPROVEN
from grader.judge.verdicts import Grade
from grader.prove.counting import read_problems
from grader.prove.ran_before import Runs
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.own_work import read_file, read_files
from grader.submissions.submission import Submission
from grader.text.language import gettext as _

TRIVIAL = (
    "what is right there, a constant, a copy or a plain sum gets right as well. Add `agrees` with drawn cases, or a law that no such "
    "result obeys"
)


def full_problems(path: Path, ready: Prepared, runs: Runs) -> Iterator[str]:
    """A right submission that does not earn full marks."""
    assignment = ready.plan.rubric.assignment
    paths = assignment.solution_files if path == assignment.solution else (path,)
    absent = [one for one in paths if not one.is_file()]
    yield from (f"{one} is not there" for one in absent)
    if absent:
        return
    grade = runs.grade(read_whole(path, ready), keep=True)
    if not grade.right:
        yield f"{path.parent.name}/{path.name} earns {points(grade.score)} of {points(grade.max_score)}: {_why(grade)}"
    if path == ready.plan.rubric.assignment.solution:
        yield from read_problems(grade, path=path, written=True)


def rejected_problems(shown: str, name: str, grade: Grade, ready: Prepared) -> Iterator[str]:
    """A wrong submission should be rejected, and if a misconception has its `name`, by that name or none, never by another's.

    Each misconception alone has its name (see `misconception_problems`); several of its places together, in another style, may have none.
    """
    assert ready.oracle is not None
    if grade.right or grade.status == "grader_error":
        yield f"{shown} is not rejected: {grade.message or what_happened(grade)}"
    elif of := {item.of for item in ready.oracle.misconceptions if item.name == name}:
        named = {mistake for check in failed_checks(grade) for mistake in check.mistakes}
        fails = {ex.name for ex in grade.exercises if any(check.verdict in ("failed", "partly") for check in ex.checks)}
        if named and name not in named and fails & of:  # else a function that they call has a name for it, and it counts once
            yield f"{shown} is rejected, but as {named} and not by its name: {_why(grade)}"


def read_whole(path: Path, ready: Prepared) -> Submission:
    """The submission in a file, or in all files of a course's solution or stub."""
    assignment = ready.plan.rubric.assignment
    if assignment.config.files and path in (assignment.solution, assignment.stub):
        paths = assignment.solution_files if path == assignment.solution else assignment.stub_files
        return read_files(paths, ready.plan.name, read_scaffold(assignment))
    submission = read_file(path, ready.plan.name, alone=True)  # beside it are other submissions
    return msgspec.structs.replace(submission, student=path.stem)


def passed_checks(grade: Grade) -> str:
    """The checks that earned something, as text."""
    return ", ".join(f"{ex.name} «{check.name}»" for ex in grade.exercises for check in ex.checks if check.score)


def _unpaid(grade: Grade) -> list[str]:
    """The exercises of which nothing counts, though nothing fails: what is right there, a trivial program gets right too."""
    unproven = _(UNPROVEN)
    return [
        exercise.name
        for exercise in grade.exercises
        if {check.verdict for check in exercise.checks if check.message != unproven} <= {"passed"}
        and any(check.message == unproven for check in exercise.checks)
    ]


def _why(grade: Grade) -> str:
    if unpaid := _unpaid(grade):
        return "; ".join(f"nothing of {name} counts: {TRIVIAL}" for name in unpaid)
    failed = [
        f"{ex.name} «{check.name}»: {check.message}" for ex in grade.exercises for check in ex.checks if check.verdict != "passed"
    ]
    return grade.message or "; ".join(failed[:2])
