"""`grader adjust` and `grader history`: a mark changed by a person, kept beside the computed one."""

import csv
import io
import subprocess
from pathlib import Path

import pytest
from classroom import edit, grader, lines, scaling, submitted_at

pytestmark = pytest.mark.slow

BECAUSE = ("--because", "the sums are right")


def run(graded: Path, command: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run a command on the records of a graded class."""
    where = () if command == "history" else ("--course", graded / "course")
    return grader(command, *arguments, *where, "--out", graded / "out", cwd=graded)


def exported(graded: Path) -> dict[tuple[str, str], dict[str, str]]:
    """The rows of the csv export, by student and topic."""
    rows = csv.DictReader(io.StringIO(run(graded, "export").stdout))
    return {(row["student_id"], row["assignment"]): row for row in rows}


def grade(graded: Path) -> "subprocess.CompletedProcess[str]":
    """Grade the class again."""
    return grader("grade", graded / "class", "--course", graded / "course", "--out", graded / "out", "--json", cwd=graded)


def test_points_are_added_beside_the_computed_score(graded: Path) -> None:
    """The change says the score before and after; the export has both, the sum, and the reason."""
    done = run(graded, "adjust", "caro", "vectors", "--points", "+1.5", *BECAUSE, "--by", "marta")
    assert (done.returncode, done.stdout) == (0, "1: caro vectors: 2 → 3.5\n")
    row = exported(graded)["caro", "vectors"]
    assert (row["raw_score"], row["adjustments"], row["score"], row["because"]) == ("2", "1.5", "3.5", "the sums are right")


def test_it_outlives_grading_again_and_a_new_attempt(graded: Path) -> None:
    """The same class graded again, and another submission: the points are still added."""
    run(graded, "adjust", "caro", "vectors", "--points", "1", *BECAUSE)
    submitted_at(graded / "class", "caro", "vectors", scaling("return x"))
    assert next(line for line in lines(grade(graded)) if line["student"] == "caro")["final_score"] == 3.0


def test_it_goes_with_the_attempt_where_the_course_says_so(graded: Path) -> None:
    """With `adjustments = "attempt"`, a new submission begins without it."""
    edit(graded / "course" / "assignments" / "course.toml", "order = ", 'adjustments = "attempt"\norder = ')
    run(graded, "adjust", "caro", "vectors", "--points", "1", *BECAUSE)
    assert exported(graded)["caro", "vectors"]["score"] == "3"
    submitted_at(graded / "class", "caro", "vectors", scaling("return x"))
    grade(graded)
    assert exported(graded)["caro", "vectors"]["score"] == "2"


def test_it_outlives_judging_again(graded: Path) -> None:
    """`grader rejudge --apply` changes the computed score only."""
    run(graded, "adjust", "caro", "vectors", "--points", "1", *BECAUSE)
    assert run(graded, "rejudge", "--apply").returncode == 0
    assert exported(graded)["caro", "vectors"]["score"] == "3"


def test_who_is_excused_has_no_score(graded: Path) -> None:
    """An excused student has EX in the export, also without any submission, and is not missing."""
    submitted_at(graded / "class", "dora", "signs")
    grade(graded)
    assert run(graded, "adjust", "dora", "vectors", "--excuse", "--because", "ill").stdout == "1: dora vectors: – → excused\n"
    assert exported(graded)["dora", "vectors"]["score"] == "EX"
    assert run(graded, "export").returncode == 0


def test_taken_back_it_counts_no_more_and_stays_in_the_history(graded: Path) -> None:
    """`--undo` restores the score; the history has both, with who and why."""
    run(graded, "adjust", "caro", "vectors", "--points", "1", *BECAUSE, "--by", "marta")
    assert run(graded, "adjust", "--undo", "1", "--because", "read again").stdout == "2: caro vectors: 3 → 2\n"
    first, second = lines(run(graded, "history", "caro", "--json"))
    assert (first["by"], first["because"], second["undoes"], second["because"]) == (
        "marta",
        "the sums are right",
        1,
        "read again",
    )
    assert "(taken back by 2)" in run(graded, "history").stdout


def test_a_file_of_regrades_is_applied_once(graded: Path) -> None:
    """`--from` applies every row; the same file again changes nothing."""
    (graded / "regrades.csv").write_text(
        "student;assignment;points;because\ncaro;vectors;0,5;half\nana;signs;-1;late by a minute\n"
    )
    assert len(run(graded, "adjust", "--from", "regrades.csv").stdout.splitlines()) == 2
    again = run(graded, "adjust", "--from", "regrades.csv")
    assert again.stdout == "" and "2 of 2 were there already" in again.stderr
    assert exported(graded)["caro", "vectors"]["score"] == "2.5"


def test_a_file_with_one_wrong_row_changes_nothing(graded: Path) -> None:
    """A row that names nobody refuses the whole file, with its place."""
    (graded / "regrades.csv").write_text("student,assignment,points,because\ncaro,vectors,1,yes\nanna,vectors,1,yes\n")
    done = run(graded, "adjust", "--from", "regrades.csv")
    assert done.returncode == 2
    assert "regrades.csv, row 2 below the header: there are no records of 'anna'. Did you mean 'ana'?" in done.stderr
    assert run(graded, "history").stdout == "no mark was changed by hand\n"


def test_more_than_the_maximum_is_told(graded: Path) -> None:
    """A bonus above the maximum is kept, and said."""
    done = run(graded, "adjust", "ana", "vectors", "--points", "1", "--because", "bonus")
    assert done.stdout == "1: ana vectors: 5 → 6\n" and "more than the maximum of 5" in done.stderr


WRONG = {
    "by nbgrader": (
        ("ana", "vectors", "-p", "1", "-m", "x", "--by", "nbgrader"),
        "those that `grader import --from nbgrader` makes",
    ),
    "no reason": (("ana", "vectors", "--points", "1"), "give the reason"),
    "no student": (("--points", "1", *BECAUSE), "name the student and the assignment"),
    "a name mistyped": (("anna", "vectors", "--points", "1", *BECAUSE), "Did you mean 'ana'?"),
    "no such topic": (("ana", "vector", "--points", "1", *BECAUSE), "Did you mean 'vectors'?"),
    "no such exercise": (("ana", "vectors", "-e", "scal", "--points", "1", *BECAUSE), "Did you mean 'scale'?"),
    "not a number": (("ana", "vectors", "--points", "nan", *BECAUSE), "nan is not a number of points"),
    "nothing to take back": (("--undo", "7"), "there is no adjustment 7"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_use_changes_nothing(graded: Path, case: str) -> None:
    """Exit code 2 and what there is instead; the history stays empty."""
    arguments, message = WRONG[case]
    done = run(graded, "adjust", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert run(graded, "history").stdout == "no mark was changed by hand\n"


@pytest.mark.parametrize("arguments", [("adjust", "zed", "vectors", "--because", "x"), ("drop", "zed")], ids=lambda one: one[0])
def test_a_change_makes_no_records(own_course: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Where nothing was graded, what to do first is said, and nothing is made."""
    course = ("--course", own_course) if arguments[0] == "adjust" else ()
    done = grader(*arguments, *course, "--out", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout, (tmp_path / "out").exists()) == (2, "", False)
    assert "out has no records. Grade first: grader grade" in done.stderr
