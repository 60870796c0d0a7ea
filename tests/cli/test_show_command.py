"""`grader show`: the class, a student, or every check of one submission, from the records alone."""

import shutil
import subprocess
from pathlib import Path

import pytest
from classroom import GRADED, copy_course, grader, lines, scaling, scores, submitted_at

pytestmark = pytest.mark.slow


def show(graded: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run `grader show` on the records of a graded class, whose submissions are gone."""
    shutil.rmtree(graded / "class", ignore_errors=True)
    return grader("show", *arguments, "--course", graded / "course", "--out", graded / "out", cwd=graded)


def test_the_class_is_what_grading_it_printed(graded: Path) -> None:
    """Without a student, every record is listed."""
    assert scores(show(graded, "--json")) == GRADED


def test_a_student_is_shown_alone(graded: Path) -> None:
    """With a student, only their records are listed."""
    done = show(graded, "caro")
    assert done.returncode == 0 and "vectors" in done.stdout and "signs" in done.stdout
    assert "ana" not in done.stdout


def test_every_check_of_a_submission_has_its_points(graded: Path) -> None:
    """The points of all checks, passed ones too, add up to those of their exercise."""
    head, *checks = show(graded, "ana", "vectors").stdout.split("running_total")[0].split("\n    ✓ ")
    assert "✓ scale  3 of 3" in head
    assert sum(float(check.split("\n")[0].split()[-1]) for check in checks) == pytest.approx(3, abs=0.02)


def test_a_failed_check_says_what_it_would_have_earned(graded: Path) -> None:
    """Beside a failed check stand its message, and 0 of its points."""
    done = show(graded, "caro", "vectors")
    assert "raised ValueError: [/bold] is no [red]tag" in done.stdout
    assert "  0 of " in done.stdout


def test_the_attempt_that_counts_is_shown_and_any_other_by_its_number(graded: Path) -> None:
    """Two attempts: the last one counts; `--attempt 1` shows the first; both stand in the list at the end."""
    submitted_at(graded / "class", "ana", "vectors", scaling("return x"))
    again = grader("grade", graded / "class", "--course", graded / "course", "--out", graded / "out", cwd=graded)
    assert again.returncode == 0, again.stderr
    assert "✗ scale  0 of 3" in show(graded, "ana", "vectors").stdout
    first = show(graded, "ana", "vectors", "--attempt", "1").stdout
    assert "✓ scale" in first and "counts" in first and "shown here" in first
    assert lines(show(graded, "ana", "vectors", "--attempt", "1", "--json"))[0]["score"] == 5


def test_arrays_are_not_shown_against_calls_that_were_not_run(graded: Path) -> None:
    """After a change of the rubric's calls the record is shown without expected arrays, and that is said."""
    shutil.rmtree(graded / "course")
    copy_course(graded / "course", secret="other inputs")
    done = show(graded, "caro", "vectors")
    assert done.returncode == 0 and "the rubric's calls changed since this was graded" in done.stderr


WRONG = {
    "a name mistyped": (("anna",), "no records of 'anna'. Did you mean 'ana'?"),
    "a stranger": (("zoe_x",), "no records of 'zoe_x'. There are: ana, bea, caro."),
    "no such topic": (("ana", "vector"), "no assignment is called 'vector'. Did you mean 'vectors'?"),
    "no such attempt": (("ana", "vectors", "--attempt", "7"), "ana has no attempt 7 at vectors; attempts: 1."),
    "an attempt of nothing": (("ana", "--attempt", "1"), "--attempt is about one submission: grader show STUDENT TOPIC."),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_there_is_not_is_said(graded: Path, case: str) -> None:
    """Wrong use: exit code 2, and what there is instead."""
    arguments, message = WRONG[case]
    done = show(graded, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
