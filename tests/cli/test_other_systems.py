"""Students on Windows and macOS: what their systems lack or do otherwise, emulated (`docs/systems.md` lists it).

The real systems are in `.github/workflows/students.yml`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import PATIENCE, RIGHT, copy_course, edit, environment, scaling

from grader.text.console_encoding import spell

SCRIPT = Path(__file__).parent / "another_system.py"
CP1252 = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


@pytest.fixture
def student(tmp_path: Path) -> Path:
    """A student's copy in a folder whose name has blanks and accents."""
    course = copy_course(tmp_path / "Ana Pérez" / "redes neuronales ñ")
    for name in ("solutions", "reference"):
        shutil.rmtree(course / name)
    (course / "course.secret").unlink()
    return course


def elsewhere(*arguments: str, cwd: Path, **more: str) -> "subprocess.CompletedProcess[bytes]":
    """Run `grader` as on another system."""
    command = [sys.executable, str(SCRIPT), *arguments]
    home = {"LOCALAPPDATA": str(cwd.parent / "AppData" / "Local")}
    return subprocess.run(command, cwd=cwd, env=environment(**home, **more), capture_output=True, timeout=PATIENCE)


def fill(course: Path, topic: str, text: str) -> Path:
    """Write an answer into the stub's place, as it is."""
    stub = course / "assignments" / topic / f"{topic}.py"
    stub.write_bytes(text.encode())
    return stub


@pytest.mark.slow
def test_check_without_what_only_unix_has(student: Path) -> None:
    """No fork, no rlimits, no alarm: a mistake is found, its line named, and the exit code is 1."""
    fill(student, "vectors", scaling("return x + factor"))
    done = elsewhere("check", "vectors", cwd=student)
    said = done.stdout.decode()
    assert (done.returncode, done.stderr) == (1, b"")
    assert "y[0] = 3 (should be 2)" in said and "3.11 points that can be checked here" in said


@pytest.mark.slow
def test_endless_loop_ends_without_signals(student: Path) -> None:
    """Where nothing can ask a child to stop, it is killed when its time is over."""
    fill(student, "signs", "def relu(x):\n    while True:\n        pass\n")
    edit(student / "assignments" / "signs" / "checks.py", "points=1", "points=1, seconds=0.2")
    done = elsewhere("check", "signs", cwd=student)
    assert done.returncode == 1 and b"did not answer within" in done.stdout


@pytest.mark.slow
def test_the_list_is_remembered_in_the_users_data(student: Path) -> None:
    """The last checks are kept below %LOCALAPPDATA%."""
    fill(student, "signs", RIGHT["signs"])
    assert elsewhere("check", "signs", cwd=student).returncode == 0
    assert b"ready to hand in" in elsewhere("list", cwd=student).stdout
    assert list((student.parent / "AppData" / "Local" / "grader").glob("*/last_checks.json"))


@pytest.mark.slow
def test_pytest_without_what_only_unix_has(student: Path) -> None:
    """The plugin runs the checks there, too."""
    fill(student, "vectors", scaling("return x + factor"))
    done = elsewhere(
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-q",
        "assignments/vectors",
        cwd=student,
    )
    assert done.returncode == 1 and b"y[0] = 3 (should be 2)" in done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("command", [("check", "vectors"), ("check", "vectors", "--lang", "es"), ("list",), ("check", "--help")])
def test_console_of_few_characters(student: Path, command: tuple[str, ...]) -> None:
    """Where stdout is cp1252, as in a pipe on Windows, every command prints; signs that it lacks are spelled."""
    fill(student, "vectors", scaling("return x + factor"))
    done = elsewhere(*command, cwd=student, **CP1252)
    assert b"Traceback" not in done.stderr and done.returncode in (0, 1)
    said = done.stdout.decode("cp1252")
    assert "check" not in command[1:2] or "x scale" in said


def test_signs_are_spelled() -> None:
    """What an encoding lacks has a spelling; anything else is a question mark."""
    assert [spell(UnicodeEncodeError("cp1252", sign, 0, 1, ""))[0] for sign in "✓✗◐→漢"] == ["+", "x", "~", "->", "?"]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["crlf", "bom", "both"])
def test_files_as_windows_writes_them(student: Path, how: str) -> None:
    """Line ends of Windows and a byte order mark change neither points nor lines."""
    text = scaling("return x + factor")
    text = text.replace("\n", "\r\n") if how != "bom" else text
    fill(student, "vectors", ("\ufeff" if how != "crlf" else "") + text)
    done = elsewhere("check", "vectors", cwd=student)
    assert done.returncode == 1 and b"vectors.py:8" in done.stdout.replace(b"\\", b"/")


@pytest.mark.slow
def test_course_files_with_line_ends_of_windows(student: Path) -> None:
    """A checkout that turned every line end of the course is the same course."""
    for path in (student / "assignments").rglob("*"):
        if path.suffix in (".py", ".toml", ".md"):
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    fill(student, "vectors", RIGHT["vectors"].replace("\n", "\r\n"))
    done = elsewhere("check", "vectors", cwd=student)
    assert (done.returncode, done.stderr) == (0, b""), done.stdout


@pytest.mark.slow
def test_no_file_is_read_in_the_systems_encoding(student: Path) -> None:
    """Every file is read as UTF-8, whatever the system's own encoding is."""
    fill(student, "vectors", "# ñandú\n" + RIGHT["vectors"])
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "-m", "grader", "check", "vectors"]
    done = subprocess.run(command, cwd=student, env=environment(), capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_names_in_other_letters(student: Path) -> None:
    """Where Vectors.py and vectors.py are one file, a topic is found by a file of either name."""
    stub = fill(student, "vectors", RIGHT["vectors"])
    other = stub.with_name("Vectors.py")
    os.link(stub, other)  # one file by two names
    done = elsewhere("check", "assignments/vectors/Vectors.py", cwd=student)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"vectors \xc2\xb7 Vectors" in done.stdout


@pytest.mark.slow
def test_a_topic_in_other_letters_is_meant(student: Path) -> None:
    """`grader check Vectors` says which topic was meant."""
    done = elsewhere("check", "VECTORS", cwd=student)
    assert done.returncode == 2 and b"Did you mean 'vectors'?" in done.stderr
