"""Grading a class: what is graded again and what is not, whatever stops the run in between."""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from classroom import (
    FULL,
    GRADED,
    PATIENCE,
    RIGHT,
    command,
    copy_course,
    edit,
    environment,
    eventually,
    grader,
    honest,
    lines,
    made,
    scaling,
    scores,
    submitted_at,
)

from grader.engine.grade_all import FEW

pytestmark = pytest.mark.slow

HONEST = {(student, topic): score for student in ("ana", "bea") for topic, score in FULL.items()}


def _grade(folder: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """Grade the class of `folder`, or what the arguments say."""
    submissions = arguments or (folder / "class",)
    return grader("grade", *submissions, "--course", folder / "course", "--out", folder / "out", "--json", cwd=folder)


def _regraded(folder: Path, before: dict[tuple[str, str], float]) -> set[tuple[str, str]]:
    return {key for key, at in made(folder / "out").items() if at != before.get(key)}


def test_second_run_grades_nothing_again(graded: Path) -> None:
    """The same class a second time has the same output and no new record."""
    before = made(graded / "out")
    again = _grade(graded)
    assert scores(again) == GRADED
    assert "0 graded, 6 unchanged since the last run" in again.stderr
    assert _regraded(graded, before) == set()


def test_changed_file_is_graded_again_and_only_that(graded: Path) -> None:
    """Of a class with one new answer, that one is graded."""
    before = made(graded / "out")
    submitted_at(graded / "class", "bea", "signs", "def relu(x):\n    return abs(x)\n")
    again = _grade(graded)
    assert scores(again) == {**GRADED, ("bea", "signs"): 0.0}
    assert _regraded(graded, before) == {("bea", "signs")}


def test_new_inputs_grade_everyone_again(graded: Path) -> None:
    """With another course secret the calls are others, and nobody's record is current."""
    before = made(graded / "out")
    (graded / "course" / "course.secret").write_text("another\n")
    assert scores(_grade(graded)) == GRADED
    assert _regraded(graded, before) == set(GRADED)


def test_force_grades_everyone_again(graded: Path) -> None:
    """--force takes no record for current."""
    before = made(graded / "out")
    assert scores(_grade(graded, graded / "class", "--force")) == GRADED
    assert _regraded(graded, before) == set(GRADED)


def test_topic_leaves_the_others_alone(graded: Path) -> None:
    """--topic grades and prints that topic only; the records of the others stay."""
    before = made(graded / "out")
    done = _grade(graded, graded / "class", "--topic", "signs", "--force")
    assert scores(done) == {key: score for key, score in GRADED.items() if key[1] == "signs"}
    assert _regraded(graded, before) == {("ana", "signs"), ("bea", "signs"), ("caro", "signs")}


def test_unknown_topic_is_wrong_use(graded: Path) -> None:
    """--topic with a name of no assignment exits with 2 and lists those that there are."""
    done = _grade(graded, graded / "class", "--topic", "history")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no assignment is called 'history'. There are: vectors, signs." in done.stderr


def test_course_without_a_reference_grades_no_class(graded: Path) -> None:
    """A student's copy of the course cannot grade a class, and says so."""
    (graded / "course" / "reference" / "signs.py").unlink()
    done = _grade(graded, graded / "class", "--topic", "signs")
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no reference for signs; a class is graded in the instructor's course." in done.stderr


def test_number_of_jobs_changes_no_grade(small_course: Path, tmp_path: Path) -> None:
    """One submission at a time or four: the JSON is the same to the letter."""
    folder = honest(tmp_path / "class", "ana", "bea", "gala", "hebe")  # so many that all jobs begin at once
    submitted_at(folder, "caro", "vectors", scaling("return x + factor"))
    submitted_at(folder, "dora", "vectors", scaling("import os\nos._exit(1)"))
    submitted_at(folder, "elsa", "signs", "import random\nrelu = lambda x: x * random.random()\n")
    submitted_at(folder, "flor", "signs", b"\xff")
    printed = []
    for jobs in (1, 4):
        options = ("--course", small_course, "--out", tmp_path / f"out {jobs}", "--jobs", jobs, "--json")
        printed.append(grader("grade", folder, *options, cwd=tmp_path).stdout)
    assert printed[0] == printed[1]
    assert len(printed[0].splitlines()) == 12 > FEW


Faulty = tuple[Path, "subprocess.CompletedProcess[str]"]


# The law is broken for as long as that student is judged, on the reference's results too: else it would be the student's failed check.
FULL_DISK = """
    disk = nothing_is_negative.__dict__.setdefault("disk", __import__("threading").local())
    disk.full = 3 if results[0].max() > 1000 else max(0, getattr(disk, "full", 0) - 1)
    if disk.full:
        raise OSError("the disk is full")
"""


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    """A class graded where the disk is full while one student's answer to `signs` is judged: the folder, and the finished command."""
    folder = tmp_path_factory.mktemp("faulty")
    checks = copy_course(folder / "course") / "assignments" / "signs" / "checks.py"
    edit(checks, '    return "a number is', FULL_DISK + '    return "a number is')
    honest(folder / "class", "ana", "bea")
    submitted_at(folder / "class", "caro")
    submitted_at(folder / "class", "caro", "signs", RIGHT["signs"].replace("(x, 0)", "(x, 0) * 1e6"))
    return folder, _grade(folder)


def test_fault_of_the_grader_is_no_zero(faulty: Faulty) -> None:
    """A check that itself fails leaves that submission without a score, and the exit code is 3."""
    line = next(line for line in lines(faulty[1]) if (line["student"], line["assignment"]) == ("caro", "signs"))
    assert (faulty[1].returncode, line["status"], line["score"]) == (3, "grader_error", None)
    assert "the check «nothing is negative» of relu failed itself: OSError: the disk is full" in line["message"]


def test_fault_of_the_grader_affects_no_other_submission(faulty: Faulty) -> None:
    """Everyone else, and the student's other topic, is graded all the same."""
    assert scores(faulty[1]) == {**HONEST, ("caro", "vectors"): 5, ("caro", "signs"): None}


def test_fault_of_the_grader_is_no_part_of_the_mean(faulty: Faulty, tmp_path: Path) -> None:
    """The class's mean is of those who have a score; the others are counted, and graded again in the next run."""
    folder = Path(shutil.copytree(faulty[0], tmp_path / "copy"))
    table = grader("grade", folder / "class", "--course", folder / "course", "--out", folder / "out", cwd=folder)
    assert "signs: 3 handed in, 2 with full marks, mean 1 of 1, 1 not graded (grader error)" in table.stdout
    assert "– / 1" in next(line for line in table.stdout.splitlines() if line.startswith("caro") and "signs" in line)
    assert "1 graded, 5 unchanged since the last run" in table.stderr


def test_fault_of_the_grader_has_a_score_once_fixed(faulty: Faulty, tmp_path: Path) -> None:
    """With the check fixed, the next run grades what had no score, and only that."""
    folder = Path(shutil.copytree(faulty[0], tmp_path / "copy"))
    edit(folder / "course" / "assignments" / "signs" / "checks.py", 'raise OSError("the disk is full")', "pass")
    again = _grade(folder)
    assert (again.returncode, scores(again)) == (0, {**HONEST, ("caro", "vectors"): 5, ("caro", "signs"): 0.0})
    assert "1 graded, 5 unchanged since the last run" in again.stderr


def _below(pid: int) -> set[int]:
    """The processes that `pid` started, and those that they started."""
    parents: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, new = set[int](), {pid}
    while new:
        found |= new
        new = {child for child, parent in parents.items() if parent in new} - found
    return found - {pid}


def _running(pids: set[int]) -> set[int]:
    """Those of `pids` that are there and have not ended."""
    found = set()
    for pid in pids:
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX":
                found.add(pid)
    return found


@dataclass(frozen=True)
class Interrupted:
    """A run that got Ctrl-C: its folder, exit code and stderr, and the processes that it had."""

    folder: Path
    code: int
    said: str
    processes: set[int]


@pytest.fixture(scope="module")
def interrupted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Interrupted]:
    """Ctrl-C when the first student's two submissions had their records and the second's was running."""
    folder = tmp_path_factory.mktemp("interrupted")
    course = copy_course(folder / "course")
    honest(folder / "class", "ana")
    for student in ("bea", "caro"):
        submitted_at(folder / "class", student, "vectors", f"import time\n\ntime.sleep(600)\n{RIGHT['vectors']}")
    arguments = command("grade", folder / "class", "--course", course, "--out", folder / "out", "--jobs", 1)
    with subprocess.Popen(
        arguments, cwd=folder, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            eventually(lambda: len(made(folder / "out")) == 2 and len(_below(process.pid)) >= 2, process)
            processes = _below(process.pid)  # a zygote and its child
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=PATIENCE)
            yield Interrupted(folder, process.returncode, said, processes)
        finally:
            process.kill()


def test_ctrl_c_keeps_what_was_graded_and_says_so(interrupted: Interrupted) -> None:
    """Ctrl-C ends a run with code 130 and one line; what was graded before has its record."""
    said = f"stopped: 2 of 4 graded and kept in {interrupted.folder / 'out'}; the same command continues from there"
    heard = [line for line in interrupted.said.splitlines() if not line.endswith(" s left")]  # how far it is, on a slow machine
    assert (interrupted.code, heard) == (130, [said])
    assert {("ana", "vectors"), ("ana", "signs")} <= made(interrupted.folder / "out").keys()


def test_ctrl_c_leaves_no_process_behind(interrupted: Interrupted) -> None:
    """The sandbox and the student's code that it was running end with the run."""
    eventually(lambda: not _running(interrupted.processes))


def test_run_after_ctrl_c_grades_only_the_rest(interrupted: Interrupted, tmp_path: Path) -> None:
    """The same command goes on where Ctrl-C stopped it."""
    shutil.copytree(interrupted.folder, tmp_path / "copy")
    before = made(tmp_path / "copy" / "out")
    for student in ("bea", "caro"):
        submitted_at(tmp_path / "copy" / "class", student)
    again = _grade(tmp_path / "copy")
    assert again.returncode == 0
    assert "2 graded, 2 unchanged since the last run" in again.stderr
    assert _regraded(tmp_path / "copy", before) == {("bea", "vectors"), ("caro", "vectors")}
