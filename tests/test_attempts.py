"""Attempts: what a student handed in before stays in the records, and the policy chooses what counts."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from classroom import COURSE, edit, grader, lines, made, scaling, scores, submitted_at

from grader.engine.record import Record
from grader.gradebook.store import FILE, SCHEMA, Records
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.outcome import Returned
from grader.submissions.submitted_at import SubmittedAt

WRONG = scaling("return x + factor")
DUE = 'title = "Vectors"\ndue = 2027-04-23T23:59:00-03:00'
NO_TIME = SubmittedAt()
LATE = "\n[late]\npenalty_per_day = 0.1\ncap = 0.5\n"


def record(source: str, score: float | None, submitted_at: SubmittedAt = NO_TIME, plan: str = "plan") -> Record:
    """A record of ana's."""
    grade = Grade(
        student="ana",
        assignment="vectors",
        status="graded" if score is not None else "grader_error",
        score=score,
        max_score=5.0,
        exercises=(),
    )
    return Record("ana", "vectors", source, plan, "rubric", Run(Returned(), ()), grade, submitted_at)


def kept(folder: Path, *records: Record) -> list[float | None]:
    """The scores of ana's attempts after `records` were saved one after the other."""
    with Records(folder, write=True) as found:
        for one in records:
            found.save(one)
        attempts = found.attempts("ana", "vectors")
    assert [attempt.number for attempt in attempts] == list(range(1, len(attempts) + 1))
    return [attempt.grade.score for attempt in attempts]


@pytest.mark.parametrize(
    ("saved", "scores"),
    [
        pytest.param([("a", 3.0)], [3.0], id="one"),
        pytest.param([("a", 3.0), ("a", 4.0)], [4.0], id="the same text graded again"),
        pytest.param([("a", 3.0), ("b", 4.0)], [3.0, 4.0], id="another text"),
        pytest.param([("a", 3.0), ("b", 4.0), ("a", 3.0)], [3.0, 4.0, 3.0], id="back to the first text"),
        pytest.param([("a", 3.0), ("b", None)], [3.0, None], id="a fault of the grader"),
        pytest.param([("a", 3.0), ("b", None), ("b", 4.0)], [3.0, 4.0], id="graded after a fault"),
        pytest.param([("a", 3.0), ("", None), ("a", 3.5)], [3.5], id="the same text, a fault in between"),
        pytest.param([("", None), ("a", 3.0)], [3.0], id="a fault first"),
    ],
)
def test_what_is_an_attempt(tmp_path: Path, saved: list[tuple[str, float | None]], scores: list[float | None]) -> None:
    """An attempt is a text that was graded; grading the same text again, or after a fault, is none."""
    assert kept(tmp_path, *(record(*one) for one in saved)) == scores


def test_last_attempt_is_the_record(tmp_path: Path) -> None:
    """What is not asked about attempts is answered about the last one."""
    kept(tmp_path, record("a", 3.0), record("b", 4.0))
    with Records(tmp_path, write=False) as records:
        assert [grade.score for grade in records.grades()] == [4.0]
        assert [found.source_hash for found in records.records()] == ["b"]
        assert [(found.source_hash, found.attempt) for found in records.earlier()] == [("a", 1)]


def test_time_of_each_attempt(tmp_path: Path) -> None:
    """Each attempt keeps when it was handed in, with or without an offset."""
    times = [
        SubmittedAt(datetime(2027, 4, 1, 10, 0), "archive"),
        SubmittedAt(datetime(2027, 4, 2, tzinfo=UTC), "timestamp.txt", True),
    ]
    kept(tmp_path, record("a", 3.0, times[0]), record("b", 4.0, times[1]))
    with Records(tmp_path, write=False) as records:
        assert [attempt.submitted_at for attempt in records.attempts("ana", "vectors")] == times


def test_grading_an_earlier_attempt_otherwise(tmp_path: Path) -> None:
    """Another grade for an earlier attempt leaves the last one alone."""
    kept(tmp_path, record("a", 3.0), record("b", 4.0))
    with Records(tmp_path, write=True) as records:
        records.regrade(record("a", 1.0).grade, "other", attempt=1)
        assert [attempt.grade.score for attempt in records.attempts("ana", "vectors")] == [1.0, 4.0]


def _first_schema(folder: Path) -> None:
    """Turn a results folder into one of the first schema, as it was written before there were attempts."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.executescript(
            """drop table attempt; alter table record drop column handed_in; alter table record drop column time_source;
            alter table record drop column marked_late; pragma user_version=1;"""
        )


@pytest.mark.parametrize("write", [True, False], ids=["writing", "reading"])
def test_earlier_schema_is_brought_up_to_date(tmp_path: Path, write: bool) -> None:
    """Records of the first schema are upgraded by whoever opens them, and nothing in them changes."""
    kept(tmp_path, record("a", 3.0))
    _first_schema(tmp_path)
    with Records(tmp_path, write=write) as records:
        assert [grade.score for grade in records.grades()] == [3.0]
        assert [attempt.submitted_at for attempt in records.attempts("ana", "vectors")] == [SubmittedAt()]
    with closing(sqlite3.connect(tmp_path / FILE)) as db:
        assert db.execute("pragma user_version").fetchone() == (SCHEMA,)


def test_class_of_the_earlier_schema_is_not_graded_again(graded: Path) -> None:
    """The run after an upgrade goes on where the last one stopped."""
    _first_schema(graded / "out")
    before = made(graded / "out")
    again = grader("grade", "class", "--course", "course", "--out", "out", cwd=graded)
    assert "0 graded, 6 unchanged since the last run" in again.stderr
    assert made(graded / "out") == before


# --- a class that hands in twice -------------------------------------------------------------------------------------------------------


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
    with Records(twice / "out", write=False) as records:
        assert len(records.attempts("ana", "vectors")) == 2
    assert made(twice / "out") == before


def test_corrected_time_needs_no_new_run(twice: Path) -> None:
    """A timestamp that changes is taken over without grading again."""
    (twice / "class" / "ana" / "vectors" / "timestamp.txt").write_text("2027-04-23 20:00:00 UTC")
    done = _grade(twice, "--json")
    assert lines(done)[0]["late"]["days"] == 0
    assert "0 graded" in done.stderr


def test_extension_needs_no_new_run(twice: Path) -> None:
    """An extension in course.toml counts at once, though course.toml is no part of what is graded."""
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
    with Records(twice / "out", write=False) as records:
        assert [attempt.grade.score for attempt in records.attempts("ana", "vectors")] == [8.0, 2.0]


def test_attempt_of_another_plan_keeps_its_grade(twice: Path) -> None:
    """When the calls changed, the last attempt is graded again; the earlier one, whose text may be gone, keeps its grade."""
    edit(twice / "course" / "assignments" / "vectors" / "checks.py", "n=2", "n=3")
    assert scores(_grade(twice, "--json")) == {("ana", "vectors"): 2.0}
    done = grader("rejudge", "--course", "course", "--out", "out", cwd=twice)
    assert (done.returncode, done.stdout) == (0, "records judged again: 1; no score changes\n")
    with Records(twice / "out", write=False) as records:
        assert [attempt.grade.score for attempt in records.attempts("ana", "vectors")] == [5.0, 2.0]


def test_due_date_without_an_offset_is_refused_before_anything_is_graded(twice: Path) -> None:
    """A rule that cannot be understood ends the command with code 2, and the records stay."""
    edit(twice / "course" / "assignments" / "course.toml", "23:59:00-03:00", "23:59:00")
    done = _grade(twice)
    assert (done.returncode, done.stdout) == (2, "")
    assert "in no time zone" in done.stderr and "write its offset" in done.stderr
