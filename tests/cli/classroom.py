"""A small course of two topics, small classes that hand in, and the `grader` command as a process of its own."""

import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import forked

from grader.engine.record import Record
from grader.gradebook.open_store import open_store
from grader.gradebook.sqlite import FILE
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict

REPO = Path(__file__).resolve().parents[2]
COURSE = Path(__file__).parent / "course"
TOPICS = ("vectors", "signs")
RIGHT = {topic: (COURSE / "solutions" / f"{topic}.py").read_text() for topic in TOPICS}
FULL = {"vectors": 5.0, "signs": 1.0}
GRADED = {  # what `graded_class` gives
    ("ana", "vectors"): 5.0,
    ("ana", "signs"): 1.0,
    ("bea", "vectors"): 5.0,
    ("bea", "signs"): 1.0,
    ("caro", "vectors"): 2.0,
    ("caro", "signs"): 0.0,
}
PATIENCE = 900  # seconds after which what should have happened is taken to hang, on a very busy machine too


def once(factory: Any, name: str, make: Callable[[Path], object]) -> Path:
    """A folder made by the first test process that wants it, shared with the others."""
    base: Path = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            (folder / "done").touch()
    return folder


def copy_course(folder: Path, secret: str = "the same inputs in every test") -> Path:
    """A copy of the small course that a test may change."""
    shutil.copytree(COURSE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "course.secret").write_text(f"{secret}\n")
    return folder


def edit(path: Path, old: str, new: str) -> None:
    """Replace the one place where `old` stands in a file."""
    text = path.read_text()
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new))


def submitted_at(folder: Path, student: str, topic: str = "vectors", text: str | bytes | None = None) -> Path:
    """Write `<student>/<topic>/<topic>.py`, by default the right answer."""
    file = folder / student / topic / f"{topic}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = RIGHT[topic] if text is None else text
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def honest(folder: Path, *students: str) -> Path:
    """Hand in the right answer to every topic for each of `students`; returns the class's folder."""
    for student in students:
        for topic in TOPICS:
            submitted_at(folder, student, topic)
    return folder


def scaling(body: str, before: str = "") -> str:
    """An answer to `vectors` with another body of `scale`, everything else right."""
    right = RIGHT["vectors"]
    assert right.count("return x * factor") == 1
    return before + right.replace("return x * factor", body.replace("\n", "\n    "))


def command(*arguments: object) -> list[str]:
    """The command line of `grader`."""
    return [sys.executable, "-m", "grader", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    """An environment in which `grader` is found from any folder and output is not coloured by request."""
    kept = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS")}
    return {**kept, "PYTHONPATH": str(REPO), **more}


def grader(*arguments: object, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run `grader` to its end; with `options`, those of `subprocess.run`, as a process from its beginning."""
    if not options:
        return forked.run(["grader", *map(str, arguments)], cwd, environment(), PATIENCE)
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environment(), capture_output=True, encoding="utf-8", timeout=PATIENCE, **options
    )


def eventually(happened: Callable[[], bool], process: "subprocess.Popen[str] | None" = None) -> None:
    """Wait until something has happened; that never happens is a hang, and so is that `process` ends before."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert process is None or process.poll() is None or happened(), "the process ended too early"
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def graded_class(folder: Path) -> Path:
    """A folder with a `course`, a `class` of three, and `out`, where it was graded; caro's answers are a fault and no text."""
    course = copy_course(folder / "course")
    honest(folder / "class", "ana", "bea")
    submitted_at(folder / "class", "caro", "vectors", scaling('raise ValueError("[/bold] is no [red]tag")'))
    submitted_at(folder / "class", "caro", "signs", b"\xff")
    done = grader("grade", folder / "class", "--course", course, "--out", folder / "out", "--json", cwd=folder)
    assert (done.returncode, scores(done)) == (0, GRADED), done.stderr
    return folder


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    """What a command printed with --json."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def scores(done: "subprocess.CompletedProcess[str]") -> dict[tuple[str, str], float | None]:
    """The scores that `grader grade --json` printed, by student and topic."""
    return {(line["student"], line["assignment"]): line["score"] for line in lines(done)}


def grades(out: Path) -> dict[tuple[str, str], Grade]:
    """The grades of a results folder, by student and topic."""
    return {key: record.grade for key, record in stored(out).items()}


def stored(out: Path) -> dict[tuple[str, str], Record]:
    """The records of a results folder, by student and topic."""
    with open_store(out, write=False) as store:
        return {(record.student, record.assignment): record for record in store.records()}


def made(out: Path) -> dict[tuple[str, str], float]:
    """When each record was made, looked at from outside; nothing before there is a file."""
    try:
        with closing(sqlite3.connect(f"file:{out / FILE}?mode=ro", uri=True)) as connection:
            rows = connection.execute("select student, assignment, graded_at from attempt order by number")
            return {(student, topic): at for student, topic, at in rows}
    except sqlite3.OperationalError:
        return {}


def exercise(grade: Grade, name: str) -> ExerciseGrade:
    """One exercise of a grade."""
    return next(found for found in grade.exercises if found.name == name)


def first_lack(grade: Grade, name: str = "scale") -> Verdict:
    """The first check of an exercise that did not pass."""
    return next(check for check in exercise(grade, name).checks if check.verdict != "passed")
