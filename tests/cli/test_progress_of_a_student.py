"""How far one is: `grader list` after checks, `grader check` without a name, and what changed with `--watch`."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from classroom import RIGHT, edit, environment, grader, lines, scaling

from grader.engine.last_checks import Marks, folder_of, last_checks, remember
from grader.feedback.since import Since, since, since_text
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict


def grade(*verdicts: str, score: float) -> Grade:
    """A grade of one exercise whose checks have these verdicts."""
    checks = tuple(Verdict(f"check {n}", "example", word, "returned", points=1.0) for n, word in enumerate(verdicts))  # type: ignore[arg-type]
    exercise = ExerciseGrade("f", "F.", score, float(len(checks)), checks)
    return Grade(student="you", assignment="work", status="graded", score=score, max_score=3.0, exercises=(exercise,))


def test_what_changed_is_counted() -> None:
    """Points gained, checks newly right and newly wrong."""
    found = since(grade("passed", "failed", "failed", score=1.0), grade("failed", "passed", "passed", score=1.42))
    assert found == Since(0.42, 2, 1)
    assert since_text(found) == "+0.42 points, 2 newly right, 1 newly wrong"


def test_points_may_be_lost() -> None:
    """A loss has its sign."""
    assert since_text(since(grade("passed", score=1.0), grade("failed", score=0.0))) == "−1 points, 1 newly wrong"


def test_nothing_changed() -> None:
    """The same result says so."""
    assert since_text(since(grade("passed", score=1.0), grade("passed", score=1.0))) == "no change"


def test_a_fault_of_the_grader_costs_no_points() -> None:
    """Where one of the two has no score, no points are said to be won or lost."""
    fault = Grade(student="you", assignment="work", status="grader_error", score=None, max_score=1.0, exercises=())
    assert since(grade("failed", score=0.0), fault).points is None


def test_rounded_sums_are_done() -> None:
    """Scores are rounded to four decimals: the last one does not keep an assignment from being done."""
    assert Marks(3.1111, 3.11111, 1.88889).done and not Marks(3.1, 3.11111).done


def test_points_that_do_not_count_are_not_in_the_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of an assignment adds up as its report does: without optional exercises, and bonus points only earned ones."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    check = Verdict("a check", "example", "passed", "returned", points=2.0)
    later = Verdict("hidden", "agrees", "skipped", None, points=3.0, at_hand_in=True)
    exercises = [
        ExerciseGrade(how, "F.", 2.0, 5.0, (check, later), counts=how)  # type: ignore[arg-type]
        for how in ("required", "bonus", "optional")
    ]
    found = Grade(student="you", assignment="work", status="graded", score=4.0, max_score=5.0, exercises=tuple(exercises))
    remember(tmp_path, [(tmp_path / "work.py", found)])
    assert last_checks(tmp_path)["work"].marks == Marks(4.0, 2.0, 3.0)


def fill(course: Path, topic: str, text: str) -> Path:
    """Write an answer into the stub's place."""
    stub = course / "assignments" / topic / f"{topic}.py"
    stub.write_text(text)
    return stub


@pytest.mark.slow
def test_page_of_progress(own_course: Path) -> None:
    """After a check, what is right is ready to hand in, what is not says its points, and what comes next is named."""
    fill(own_course, "vectors", RIGHT["vectors"])
    grader("check", "vectors", cwd=own_course)
    page = grader("list", cwd=own_course).stdout
    assert "✓  vectors" in page and "5 of 5: ready to hand in, vectors.py" in page
    assert "1 of 2 ready to hand in" in page and "next: signs" in page
    fill(own_course, "vectors", scaling("return x + factor"))
    assert "5 of 5, and vectors.py was changed since: check again" in grader("list", cwd=own_course).stdout
    grader("check", "vectors", cwd=own_course)
    page = grader("list", cwd=own_course).stdout
    assert "◐  vectors" in page and "2 of 5" in page and "ready" not in page.partition("signs")[0]


@pytest.mark.slow
def test_progress_is_json_too(own_course: Path) -> None:
    """`--json` has the last check of each assignment."""
    fill(own_course, "signs", RIGHT["signs"])
    grader("check", "signs", cwd=own_course)
    found = {line["assignment"]: line["last_check"] for line in lines(grader("list", "--json", cwd=own_course))}
    assert found["vectors"] is None
    assert (found["signs"]["score"], found["signs"]["current"]) == (1.0, True)


@pytest.mark.slow
def test_work_of_others_is_no_progress(own_course: Path) -> None:
    """Checking a student's file leaves the page as it is."""
    other = own_course / "class" / "ana" / "vectors.py"
    other.parent.mkdir(parents=True)
    other.write_text(RIGHT["vectors"])
    grader("check", other, cwd=own_course)
    assert last_checks(own_course) == {}


@pytest.mark.slow
def test_where_nothing_can_be_remembered_a_check_goes_on(own_course: Path, tmp_path: Path) -> None:
    """A home that cannot be written to is not an error."""
    (tmp_path / "file").touch()
    fill(own_course, "signs", RIGHT["signs"])
    import subprocess

    from classroom import PATIENCE, command

    done = subprocess.run(
        command("check", "signs"),
        cwd=own_course,
        env=environment(XDG_STATE_HOME=str(tmp_path / "file")),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("due", "said"),
    [
        (timedelta(days=3, hours=1), "due in 3 days, "),
        (timedelta(days=1, hours=1), "due in 1 day, "),
        (timedelta(hours=5), "due in less than a day, "),
        (timedelta(days=200), "due 2"),
        (timedelta(days=-1), "was due "),
    ],
)
def test_due_dates(own_course: Path, due: timedelta, said: str) -> None:
    """Near its date an assignment says in how many days it is due."""
    when = (datetime.now(UTC) + due).isoformat(timespec="seconds")
    edit(own_course / "assignments" / "course.toml", 'title = "Vectors"', f'title = "Vectors"\ndue = {when}')
    assert said in grader("list", cwd=own_course).stdout


@pytest.mark.slow
def test_without_a_name_what_was_saved_last_is_checked(own_course: Path) -> None:
    """The newest file or notebook of a stub's name; the first line says which one, and how to choose another."""
    stub = fill(own_course, "signs", RIGHT["signs"])
    os.utime(stub, (2_000_000_000, 2_000_000_000))
    done = grader("check", cwd=own_course)
    first, second, *_rest = done.stdout.splitlines()
    assert first.startswith("assignments/signs/signs.py, which you saved last (2033-05-") and "--all" in first
    assert (done.returncode, second) == (0, "signs · Signs   1 of 1 points")


@pytest.mark.slow
def test_before_anything_is_written_nothing_was_saved_last(own_course: Path) -> None:
    """The stubs of a course that was just unpacked are nobody's work: the answer is with which topic to begin."""
    done = grader("check", cwd=own_course)
    assert (done.returncode, done.stderr.strip()) == (2, "grader: nothing is written yet. Begin with one: grader check vectors")


@pytest.mark.slow
def test_all_and_a_topic_are_two_things(own_course: Path) -> None:
    """--all with a topic is wrong use."""
    done = grader("check", "signs", "--all", cwd=own_course)
    assert (done.returncode, "--all is every topic" in done.stderr) == (2, True)


@pytest.mark.slow
def test_page_in_the_browser(own_course: Path) -> None:
    """`--html` writes the report as a page outside of the course, and says where."""
    fill(own_course, "vectors", scaling("return x + factor"))
    done = grader("check", "vectors", "--html", cwd=own_course)
    page = folder_of(own_course) / "vectors.html"
    assert str(page) in done.stdout.replace("\n", "")
    text = page.read_text(encoding="utf-8")
    assert "y[0] = 3 (should be 2)" in text and "assignments/vectors/vectors.py:8" in text and "2 of 5 points" in text


@pytest.mark.slow
def test_places_are_said_once_an_exercise(own_course: Path) -> None:
    """The line of the function stands before its first failure, and before one that raised elsewhere."""
    fill(own_course, "vectors", scaling("return x + factor"))
    report = grader("check", "vectors", cwd=own_course).stdout
    assert report.count("    assignments/vectors/vectors.py:8\n") == 1
    fill(own_course, "vectors", scaling("return [][0]"))
    assert "    assignments/vectors/vectors.py:11\n" in grader("check", "vectors", cwd=own_course).stdout


def test_copies_of_a_course_are_apart(tmp_path: Path) -> None:
    """Two folders with one course have each their own progress."""
    assert folder_of(tmp_path / "a") != folder_of(tmp_path / "b")
    shutil.rmtree(folder_of(tmp_path / "a"), ignore_errors=True)
