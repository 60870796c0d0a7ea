"""`grader try`: both views of one file, without a trace."""

from pathlib import Path

import pytest
from classroom import COURSE, copy_course, grader, lines, scaling

pytestmark = pytest.mark.slow


@pytest.fixture
def attempt(tmp_path: Path) -> Path:
    """A file, under a name of its own, whose `scale` adds the factor."""
    file = tmp_path / "somebody.py"
    file.write_text(scaling("return x + factor"))
    return file


def files(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts}


def test_both_views(attempt: Path, tmp_path: Path) -> None:
    """The student's view leaves open what needs the reference; the instructor's has every check with its points."""
    course = copy_course(tmp_path / "course")
    done = grader("try", "vectors", attempt, "--course", course, cwd=tmp_path)
    student, _, instructor = done.stdout.partition("What you see: grader grade, every check")
    assert done.returncode == 0, done.stderr
    assert "more are decided on submission" in student
    assert "✗ random vectors" not in student
    assert "✗ random vectors  0 of " in instructor
    assert "✓ an empty vector is refused" in instructor
    assert "In the class's table: 2 / 5  scale: factor_added" in instructor


def test_nothing_is_recorded(attempt: Path, tmp_path: Path) -> None:
    """No results, no secret and no other file comes to be, in the course or where the command is run."""
    course = copy_course(tmp_path / "course")
    (course / "course.secret").unlink()
    before = files(tmp_path)
    assert grader("try", "vectors", attempt, "--course", course, cwd=tmp_path).returncode == 0
    assert files(tmp_path) == before


def test_json_has_both_grades(attempt: Path, tmp_path: Path) -> None:
    """`--json` prints one object with the two grades; the student's has open points."""
    (line,) = lines(grader("try", "vectors", attempt, "--course", copy_course(tmp_path / "course"), "--json", cwd=tmp_path))
    assert line["instructor"]["score"] == 2
    waiting = [check["name"] for exercise in line["student"]["exercises"] for check in exercise["checks"] if check["at_hand_in"]]
    assert "random vectors" in waiting


def test_grades_are_those_of_the_class(attempt: Path, tmp_path: Path) -> None:
    """The instructor's view is what `grader grade` records of the same file."""
    course = copy_course(tmp_path / "course")
    handed_in = tmp_path / "class" / "ana" / "vectors" / "vectors.py"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes(attempt.read_bytes())
    (tried,) = lines(grader("try", "vectors", attempt, "--course", course, "--json", cwd=tmp_path))
    (graded,) = lines(grader("grade", "class", "--course", course, "--json", cwd=tmp_path))
    assert tried["instructor"]["exercises"] == graded["exercises"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["vectors", "nowhere.py"], "nowhere.py is not there. Give a file that a student could hand in"),
        (["vector", "nowhere.py"], "no assignment is called 'vector'"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], told: str) -> None:
    """A file or a topic that is not there is told."""
    done = grader("try", *arguments, "--course", COURSE, cwd=tmp_path)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
