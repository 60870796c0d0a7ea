"""Today's rubric on stored outcomes: shown first, kept on request, refused when the outcomes are of other calls."""

import shutil
import subprocess
from pathlib import Path

import pytest
from classroom import GRADED, edit, exercise, grader, grades, lines, made

pytestmark = pytest.mark.slow


def rejudge(folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Judge the records of `folder` again."""
    return grader("rejudge", "--course", folder / "course", "--out", folder / "out", *arguments, cwd=folder)


@pytest.fixture
def heavier(graded: Path) -> Path:
    """A graded class whose rubric now gives 8 points instead of 5 for `vectors`: `scale` counts twice."""
    edit(graded / "course" / "assignments" / "vectors" / "checks.py", "points=3", "points=6")
    return graded


def kept(folder: Path) -> dict[tuple[str, str], tuple[float | None, float]]:
    """Scores and what they are out of, from the records."""
    return {key: (grade.score, grade.max_score) for key, grade in grades(folder / "out").items()}


BEFORE = {key: (score, 5.0 if key[1] == "vectors" else 1.0) for key, score in GRADED.items()}
AFTER = {**BEFORE, ("ana", "vectors"): (8.0, 8.0), ("bea", "vectors"): (8.0, 8.0), ("caro", "vectors"): (2.0, 8.0)}


def test_unchanged_rubric_changes_nothing(graded: Path) -> None:
    """With the rubric as it was, no score changes."""
    done = rejudge(graded)
    assert (done.returncode, done.stdout) == (0, "records judged again: 6; no score changes\n")


def test_differences_are_shown_and_not_kept(heavier: Path) -> None:
    """A changed weight is shown score by score, and the records stay as they are."""
    done = rejudge(heavier)
    assert done.returncode == 0
    assert [line.split()[:8] for line in done.stdout.splitlines()[1:3]] == [
        [student, "vectors", "5", "/", "5", "8", "/", "8"] for student in ("ana", "bea")
    ]
    assert "records judged again: 6; scores that change: 3 (not kept yet; keep them with --apply)" in done.stdout
    assert kept(heavier) == BEFORE


def test_apply_keeps_the_new_scores(heavier: Path) -> None:
    """With --apply the new scores are in the records, and there is nothing more to change."""
    done = rejudge(heavier, "--apply")
    assert (done.returncode, "scores that change: 3 (kept)" in done.stdout) == (0, True)
    assert kept(heavier) == AFTER
    assert rejudge(heavier).stdout == "records judged again: 6; no score changes\n"


def test_json_has_both_scores(heavier: Path) -> None:
    """--json prints a line for each record with the score before and after."""
    done = rejudge(heavier, "--json")
    found = {(line["student"], line["assignment"]): (line["score"], line["max_score"]) for line in lines(done)}
    before = {(line["student"], line["assignment"]): line["score_before"] for line in lines(done)}
    assert (found, before) == (AFTER, GRADED)


def test_no_student_code_is_needed(heavier: Path) -> None:
    """The submissions may be gone: what they returned is in the records."""
    shutil.rmtree(heavier / "class")
    assert rejudge(heavier, "--apply").returncode == 0
    assert kept(heavier) == AFTER


def test_text_of_students_is_no_markup(heavier: Path) -> None:
    """Brackets in a student's message are shown as they are."""
    row = next(line for line in rejudge(heavier).stdout.splitlines() if line.startswith("caro"))
    assert "raised ValueError: [/bold] is no [red]tag" in row


def test_unreadable_submission_is_judged_again(graded: Path) -> None:
    """A submission that could not be read has 0 of the new points, with the same reason."""
    edit(graded / "course" / "assignments" / "signs" / "checks.py", "points=1", "points=4")
    assert rejudge(graded, "--apply").returncode == 0
    grade = grades(graded / "out")["caro", "signs"]
    assert (grade.score, grade.max_score) == (0, 4)
    assert "signs.py is not UTF-8 text" in grade.message


def test_changed_law_is_applied_to_what_was_returned(graded: Path) -> None:
    """Another law over the same calls gives other verdicts."""
    law = graded / "course" / "assignments" / "signs" / "checks.py"
    edit(law, 'return "a number is negative" if np.min(results[0]) < 0 else None', 'return "it is always wrong"')
    assert rejudge(graded, "--apply").returncode == 0
    checks = exercise(grades(graded / "out")["ana", "signs"], "relu").checks
    assert [(check.verdict, check.message) for check in checks] == [
        ("passed", ""),
        ("failed", "it is always wrong"),
    ]


@pytest.mark.parametrize("apply", [(), ("--apply",)], ids=["looking", "keeping"])
def test_other_inputs_are_refused_before_anything_is_kept(heavier: Path, apply: tuple[str, ...]) -> None:
    """When the calls of one assignment changed, nothing is judged, and the message says to grade again."""
    edit(heavier / "course" / "assignments" / "signs" / "checks.py", "(4, 5)", "(4, 6)")
    done = rejudge(heavier, *apply)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the calls of signs changed" in done.stderr and "Grade again: grader grade SUBMISSIONS" in done.stderr
    assert kept(heavier) == BEFORE


def test_fault_of_a_check_exits_with_3(graded: Path) -> None:
    """A check that fails itself on stored outcomes is the grader's own fault: no score changes, and the command says so."""
    edit(graded / "course" / "assignments" / "signs" / "checks.py", '    return "a number', '    1 / 0\n    return "a number')
    done = rejudge(graded)
    assert done.returncode == 3
    assert "no score changes" in done.stdout
    assert "could not be judged, because a check itself failed" in done.stderr


def test_nothing_graded_says_to_grade_first(small_course: Path, tmp_path: Path) -> None:
    """Without records there is nothing to judge."""
    done = grader("rejudge", "--course", small_course, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "results has no records. Grade first: grader grade SUBMISSIONS --out results" in done.stderr


def test_grade_says_when_the_rubric_changed(heavier: Path) -> None:
    """A second `grade` leaves the old scores, and says that `rejudge` would show the differences."""
    before = made(heavier / "out")
    done = grader("grade", heavier / "class", "--course", heavier / "course", "--out", heavier / "out", cwd=heavier)
    assert "the rubric changed since these were judged (3): `grader rejudge` shows what that changes" in done.stderr
    assert (made(heavier / "out"), kept(heavier)) == (before, BEFORE)


def test_broken_rubric_moves_no_points(graded: Path) -> None:
    """A check that fails itself changes no stored score, with --apply too, and the command says so and exits with 3."""
    before = kept(graded)
    edit(
        graded / "course" / "assignments" / "vectors" / "checks.py",
        "def keeps_the_direction(case, results):",
        "def keeps_the_direction(case):",
    )
    done = rejudge(graded, "--apply")
    assert (done.returncode, kept(graded)) == (3, before)
    assert "could not be judged, because a check itself failed" in done.stderr


def test_all_new_scores_are_kept_or_none(graded: Path) -> None:
    """Ctrl-C in the middle takes back what was written before: nobody is judged by another rubric than the others."""
    checks = graded / "course" / "assignments"
    edit(checks / "signs" / "checks.py", "points=1", "points=4")
    edit(checks / "vectors" / "checks.py", "    return None if", "    raise KeyboardInterrupt\n    return None if")
    done = rejudge(graded, "--apply")
    assert (done.returncode, kept(graded)) == (130, BEFORE)
