"""A class that is not there, is empty or is not a class: exit code 2, and the message says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from classroom import grader, submitted_at

pytestmark = pytest.mark.slow


def _nothing(path: Path) -> None:
    """Leave it away."""


def _empty(path: Path) -> None:
    path.mkdir()


def _a_file(path: Path) -> None:
    path.write_text("x = 1\n")


def _no_zip(path: Path) -> None:
    path.write_text("x = 1\n")


def _no_topic(path: Path) -> None:
    submitted_at(path, "ana", "history", "x = 1\n")


def _a_student(path: Path) -> None:
    submitted_at(path, "ana")


CASES: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "not_there": (_nothing, "class", "is not there. Give the folder that holds <student>/<topic>/<topic>.py"),
    "empty": (
        _empty,
        "class",
        "holds no submission for vectors, signs. The layout is <student>/<topic>/<topic>.py; it is empty.",
    ),
    "a_python_file": (_a_file, "vectors.py", "is a file. Give a folder with <student>/<topic>/<topic>.py"),
    "no_zip": (_no_zip, "class.zip", "the zip file cannot be read: File is not a zip file"),
    "other_topics_only": (_no_topic, "class", "holds no submission for vectors, signs."),
    "folder_of_one_student": (_a_student, "class/ana", "holds no submission for vectors, signs. The layout is"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_no_class_is_wrong_use(small_course: Path, tmp_path: Path, case: str) -> None:
    """Nothing to grade exits with 2, one message on stderr and nothing on stdout, and leaves no results folder."""
    make, name, message = CASES[case]
    make(tmp_path / name.partition("/")[0])
    done = grader("grade", tmp_path / name, "--course", small_course, "--out", tmp_path / "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.startswith("grader: ") and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
