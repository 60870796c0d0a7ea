"""Records are durable: a full disk, a second run or a strange file loses nothing that was graded."""

import fcntl
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from classroom import PATIENCE, command, environment, eventually, grader, grades, honest, made, scaling, submitted_at

from grader.errors import UsageError
from grader.gradebook.open_store import open_store
from grader.gradebook.schema import SCHEMA
from grader.gradebook.sqlite import FILE

pytestmark = pytest.mark.slow

ROOM = 200_000  # bytes of a file that may be written where the disk is «full»


def limit_files() -> None:
    """Let no file grow beyond `ROOM`, for the superuser as for everyone."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


@dataclass(frozen=True)
class Full:
    """A run that had no room for everything: its folder, and the result of the command."""

    folder: Path
    done: "subprocess.CompletedProcess[str]"


def _grade(folder: Path, course: Path, **options: Any) -> "subprocess.CompletedProcess[str]":
    arguments = ("--course", course, "--out", folder / "out", "--jobs", 1)
    return grader("grade", folder / "class", *arguments, cwd=folder, **options)


@pytest.fixture(scope="module")
def full(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Full:
    """A class whose third student's results need more room than there is."""
    folder = tmp_path_factory.mktemp("full")
    honest(folder / "class", "ana", "bea", "dora")
    submitted_at(folder / "class", "caro", "vectors", scaling("return np.random.default_rng().random(40_000)"))
    return Full(folder, _grade(folder, small_course, preexec_fn=limit_files))


def test_full_disk_keeps_what_was_graded_and_says_what_to_do(full: Full) -> None:
    """When the disk is full, the run ends with one message and code 2, and the records before it can be read."""
    assert (full.done.returncode, full.done.stdout) == (2, "")
    assert "What was graded before is kept; make room and run the same command again." in full.done.stderr
    assert "Traceback" not in full.done.stderr
    assert {key: grade.full_marks for key, grade in grades(full.folder / "out").items()} == {
        (student, topic): True for student in ("ana", "bea") for topic in ("vectors", "signs")
    }


def test_run_after_a_full_disk_grades_the_rest(small_course: Path, full: Full, tmp_path: Path) -> None:
    """With room again, the same command grades what is missing and nothing else."""
    folder = Path(shutil.copytree(full.folder, tmp_path / "copy"))
    again = _grade(folder, small_course)
    assert again.returncode == 0
    assert "3 graded, 4 unchanged since the last run" in again.stderr
    assert grades(folder / "out")["dora", "signs"].full_marks


def test_results_folder_that_cannot_be_made_is_wrong_use(small_course: Path, tmp_path: Path) -> None:
    """Where no folder can be, here below a file, the run ends with code 2 and the message names the option."""
    (tmp_path / "file").write_text("kept")
    honest(tmp_path / "class", "ana")
    done = grader("grade", "class", "--course", small_course, "--out", "file/results", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "file/results cannot be written" in done.stderr and "Choose another folder with --out." in done.stderr
    assert (tmp_path / "file").read_text() == "kept"


def test_file_in_the_place_of_the_results_folder_is_left_alone(tmp_path: Path) -> None:
    """A results folder that is a file is refused."""
    (tmp_path / "file").write_text("kept")
    with pytest.raises(UsageError, match="file cannot be written: File exists"):
        open_store(tmp_path / "file", write=True)
    assert (tmp_path / "file").read_text() == "kept"


@pytest.fixture
def first_run(small_course: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has graded its class and waits, records open, because nobody reads what it prints."""
    folder = honest(tmp_path / "class", "ana", "bea", "caro", "dora", "elsa")
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    arguments = command("grade", folder, "--course", small_course, "--out", tmp_path / "out", "--json")
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=environment(), stdout=writing, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        os.close(writing)
        process.stdout = os.fdopen(reading, encoding="utf-8")
        try:
            eventually(lambda: len(made(tmp_path / "out")) == 10, process)
            yield process
        finally:
            process.kill()


def test_second_run_is_refused_and_the_first_one_ends_well(
    small_course: Path, tmp_path: Path, first_run: "subprocess.Popen[str]"
) -> None:
    """Two runs on one results folder: the second ends with code 2 and says why, the first is not disturbed."""
    second = grader("grade", tmp_path / "class", "--course", small_course, "--out", tmp_path / "out", cwd=tmp_path)
    assert (second.returncode, second.stdout) == (2, "")
    assert "another run is writing to" in second.stderr and "Wait for it to end" in second.stderr
    printed, _ = first_run.communicate(timeout=PATIENCE)
    assert (first_run.returncode, len(printed.splitlines())) == (0, 10)


def test_records_can_be_read_while_a_run_writes(graded: Path) -> None:
    """`rejudge` without --apply looks at records that another run has open."""
    with open_store(graded / "out", write=True):
        done = grader("rejudge", "--course", graded / "course", "--out", graded / "out", cwd=graded)
    assert (done.returncode, done.stdout) == (0, "records judged again: 6; no score changes\n")


def test_keeping_new_scores_waits_for_the_run(graded: Path) -> None:
    """`rejudge --apply` is refused while a run writes."""
    with open_store(graded / "out", write=True):
        done = grader("rejudge", "--apply", "--course", graded / "course", "--out", graded / "out", cwd=graded)
    assert (done.returncode, done.stdout) == (2, "")
    assert "another run is writing to" in done.stderr


def test_records_of_another_version_are_left_alone(tmp_path: Path) -> None:
    """A results folder of another schema is refused with the way out."""
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute(f"pragma user_version={SCHEMA + 1}")
    with pytest.raises(UsageError, match=r"was written by another version of grader .* Use another --out"):
        open_store(tmp_path, write=True)


def test_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """A records file of other content is refused, and kept as it is."""
    (tmp_path / FILE).write_text("not a database, but somebody's notes\n" * 100)
    with pytest.raises(UsageError, match=r"records\.sqlite cannot be used: file is not a database"):
        open_store(tmp_path, write=True)
    assert (tmp_path / FILE).read_text().startswith("not a database")


def test_folder_without_records_says_to_grade_first(tmp_path: Path) -> None:
    """Reading where nothing was graded is wrong use, and makes no file."""
    with pytest.raises(UsageError, match=r"has no records\. Grade first: grader grade SUBMISSIONS"):
        open_store(tmp_path, write=False)
    assert list(tmp_path.iterdir()) == []


def test_lock_ends_with_the_run(tmp_path: Path) -> None:
    """A results folder can be written again as soon as the records are closed."""
    with open_store(tmp_path, write=True), pytest.raises(UsageError, match="another run is writing"):
        open_store(tmp_path, write=True)
    with open_store(tmp_path, write=True) as store:
        assert store.keys() == []
