"""Attempts: what a student handed in before stays in the records, and the policy chooses what counts."""

import shutil
import subprocess
from pathlib import Path

import pytest
from classroom import COURSE, edit, grader, lines, made, scaling, scores, submitted_at
from old_stores import OLD_SCHEMAS, age, old_times

from grader.gradebook.open_store import open_store

pytestmark = pytest.mark.slow

WRONG = scaling("return x + factor")
DUE = 'title = "Vectors"\ndue = 2027-04-23T23:59:00-03:00'
LATE = "\n[late]\npenalty_per_day = 0.1\ncap = 0.5\n"


@pytest.mark.parametrize("schema", OLD_SCHEMAS)
def test_class_of_an_earlier_schema_is_not_graded_again(graded: Path, schema: int) -> None:
    """The run after an upgrade goes on where the last one stopped."""
    age(graded / "out", schema)
    before = old_times(graded / "out")
    again = grader("grade", "class", "--course", "course", "--out", "out", cwd=graded)
    assert "0 graded, 6 unchanged since the last run" in again.stderr
    assert made(graded / "out") == before


@pytest.fixture(scope="module")
def _twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of one who hands in the right answer in time, then a wrong one a day late; graded each time."""
    folder = tmp_path_factory.mktemp("twice")
    shutil.copytree(COURSE, folder / "course")
    (folder / "course" / "course.secret").write_text("s\n")
    with (folder / "course" / "assignments" / "course.toml").open("a") as file:
        file.write(LATE)
    edit(folder / "course" / "assignments" / "course.toml", 'title = "Vectors"', DUE)
    for text, time in ((None, "2027-04-23 20:00:00"), (WRONG, "2027-04-25 01:00:00")):
        file_ = submitted_at(folder / "class", "ana", text=text)
        (file_.parent / "timestamp.txt").write_text(f"{time} UTC")
        done = _grade(folder)
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def twice(_twice: Path, tmp_path: Path) -> Path:
    """A copy that the test may change."""
    return Path(shutil.copytree(_twice, tmp_path / "twice"))


def _grade(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return grader("grade", "class", "--course", "course", "--out", "out", *options, cwd=folder)


def _best(folder: Path) -> None:
    path = folder / "course" / "assignments" / "course.toml"
    path.write_text('attempts = "best"\n' + path.read_text())


def test_last_attempt_counts(twice: Path) -> None:
    """By default the table and the JSON lines are of the last attempt, with the raw score and the lateness beside it."""
    (line,) = lines(_grade(twice, "--json"))
    assert (line["score"], line["attempt"], line["attempts"]) == (2.0, 2, 2)
    assert (line["late"]["days"], line["late"]["penalty"], line["late"]["final_score"]) == (1, 0.5, 1.5)
    assert line["late"]["handed_in"] == "2027-04-25T01:00:00Z" and line["late"]["time_from"] == "timestamp.txt"


def test_best_attempt_counts(twice: Path) -> None:
    """With attempts = "best", the first one counts again, without a new run."""
    _best(twice)
    done = _grade(twice)
    assert "5 / 5" in done.stdout and "1 of 2" in done.stdout and "late" not in done.stdout
    assert "0 graded, 1 unchanged" in done.stderr


def test_late_column(twice: Path) -> None:
    """The class table shows how late the attempt is beside its raw points."""
    assert "2 / 5" in (shown := _grade(twice).stdout) and "1 day: −0.5, leaves 1.5" in shown


def test_run_is_resumable_with_attempts(twice: Path) -> None:
    """Running again adds no attempt."""
    before = made(twice / "out")
    _grade(twice)
    with open_store(twice / "out", write=False) as records:
        assert len(records.attempts("ana", "vectors")) == 2
    assert made(twice / "out") == before


def test_corrected_time_needs_no_new_run(twice: Path) -> None:
    """A timestamp that changes is taken over without grading again."""
    (twice / "class" / "ana" / "vectors" / "timestamp.txt").write_text("2027-04-23 20:00:00 UTC")
    done = _grade(twice, "--json")
    assert lines(done)[0]["late"]["days"] == 0
    assert "0 graded" in done.stderr


def test_extension_needs_no_new_run(twice: Path) -> None:
    """An extension in course.toml counts at once, though course.toml is not part of what is graded."""
    with (twice / "course" / "assignments" / "course.toml").open("a") as file:
        file.write("[extensions.ana]\nvectors = 2\n")
    (line,) = lines(_grade(twice, "--json"))
    assert (line["late"]["days"], line["late"]["extended"]) == (0, True)


def test_rejudge_judges_all_attempts(twice: Path) -> None:
    """A changed weight moves the scores of earlier attempts too, so that they can be compared."""
    edit(twice / "course" / "assignments" / "vectors" / "checks.py", "points=3", "points=6")
    done = grader("rejudge", "--apply", "--course", "course", "--out", "out", "--json", cwd=twice)
    assert done.returncode == 0, done.stderr
    assert [(line["score_before"], line["score"], line.get("attempt")) for line in lines(done)] == [
        (2.0, 2.0, None),
        (5.0, 8.0, 1),
    ]
    with open_store(twice / "out", write=False) as records:
        assert [attempt.grade.score for attempt in records.attempts("ana", "vectors")] == [8.0, 2.0]


def test_attempt_of_another_plan_keeps_its_grade(twice: Path) -> None:
    """When the calls changed, the last attempt is graded again; the earlier one, whose text may be gone, keeps its grade."""
    edit(twice / "course" / "assignments" / "vectors" / "checks.py", "n=2", "n=3")
    assert scores(_grade(twice, "--json")) == {("ana", "vectors"): 2.0}
    done = grader("rejudge", "--course", "course", "--out", "out", cwd=twice)
    assert (done.returncode, done.stdout) == (0, "records judged again: 1; no score changes\n")
    with open_store(twice / "out", write=False) as records:
        assert [attempt.grade.score for attempt in records.attempts("ana", "vectors")] == [5.0, 2.0]


def test_due_date_without_an_offset_is_refused_before_anything_is_graded(twice: Path) -> None:
    """A rule that cannot be understood ends the command with code 2, and the records stay."""
    edit(twice / "course" / "assignments" / "course.toml", "23:59:00-03:00", "23:59:00")
    done = _grade(twice)
    assert (done.returncode, done.stdout) == (2, "")
    assert "without a time zone" in done.stderr and "write its offset" in done.stderr
