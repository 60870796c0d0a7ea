"""`grader list`, `grader release` and `grader doctor`."""

import re
from pathlib import Path

import msgspec
import pytest
from classroom import edit, grader, honest, lines

from grader.sandbox.probe import Protection

pytestmark = pytest.mark.slow


def test_list_is_a_page_of_assignments(small_course: Path) -> None:
    """`grader list` prints every assignment with its points, in the course's order, and what comes next."""
    done = grader("list", cwd=small_course)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["Small", "course"],
        ["–", "vectors", "5", "Vectors"],
        ["–", "signs", "1", "Signs"],
        ["next:", "vectors", "grader", "check", "vectors"],
    ]


def test_list_of_a_topic_has_its_exercises(small_course: Path) -> None:
    """`grader list TOPIC` prints its exercises, each with its points."""
    done = grader("list", "vectors", cwd=small_course)
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["Small", "course"],
        ["–", "vectors", "5", "Vectors"],
        ["–", "scale", "3", "A", "vector", "times", "a", "number."],
        ["–", "running_total", "2", "The", "sums", "up", "to", "each", "number."],
    ]


def test_list_as_json(small_course: Path) -> None:
    """`grader list --json` prints an assignment a line."""
    found = lines(grader("list", "--json", cwd=small_course))
    assert [(line["assignment"], line["max_score"]) for line in found] == [("vectors", 5), ("signs", 1)]
    assert found[1]["exercises"] == [
        {"name": "relu", "title": "Negative numbers become 0.", "max_score": 1, "counts": "required"}
    ]


def test_list_shows_brackets_of_titles(own_course: Path) -> None:
    """A title with brackets is text, not markup."""
    edit(own_course / "assignments" / "course.toml", 'title = "Vectors"', 'title = "Vectors [x, y] [/b]"')
    edit(own_course / "assignments" / "signs" / "checks.py", "Negative numbers become 0.", "Negative [red] numbers become 0.")
    done = grader("list", "vectors", "signs", cwd=own_course)
    assert "Vectors [x, y] [/b]" in done.stdout and "Negative [red] numbers" in done.stdout


def test_course_is_found_from_below(small_course: Path) -> None:
    """In any folder of a course, the course is found."""
    assert grader("list", cwd=small_course / "assignments" / "signs").stdout == grader("list", cwd=small_course).stdout


WRONG_COURSES = {
    "none here": ((), "no course at or above"),
    "none there": (("--course", "elsewhere"), "elsewhere is not a course: elsewhere/assignments/course.toml is not there."),
    "broken": (("--course", "course"), "course.toml: not valid TOML"),
}


@pytest.mark.parametrize("case", WRONG_COURSES)
def test_without_a_course_it_is_wrong_use(own_course: Path, tmp_path: Path, case: str) -> None:
    """Where there is no course, or a broken one, the exit code is 2 and one message says what was looked for."""
    (own_course / "assignments" / "course.toml").write_text("title = Small\n")
    arguments, message = WRONG_COURSES[case]
    done = grader("list", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr and "Traceback" not in done.stderr


def test_release_check_passes_when_the_stubs_are_current(small_course: Path) -> None:
    """`grader release --check` exits with 0 where every stub is what its solution gives."""
    done = grader("release", "--check", cwd=small_course)
    assert (done.returncode, done.stdout) == (0, "vectors: vectors.py is up to date\nsigns: signs.py is up to date\n")


def test_release_check_names_a_stale_stub_and_leaves_it(own_course: Path) -> None:
    """`grader release --check` exits with 1 for a stub that is behind its solution, and does not touch it."""
    edit(own_course / "solutions" / "signs.py", "Negative numbers become 0.", "What is negative becomes 0.")
    stub = own_course / "assignments" / "signs" / "signs.py"
    before = stub.read_text()
    done = grader("release", "--check", cwd=own_course)
    assert (done.returncode, done.stdout.splitlines()[1]) == (1, "signs: signs.py is not what the course gives")
    assert stub.read_text() == before


def test_release_cuts_a_stub(own_course: Path) -> None:
    """`grader release TOPIC` writes the stub anew: the statement stays, the solution goes."""
    edit(own_course / "solutions" / "signs.py", "Negative numbers become 0.", "What is negative becomes 0.")
    done = grader("release", "signs", cwd=own_course)
    stub = (own_course / "assignments" / "signs" / "signs.py").read_text()
    assert (done.returncode, done.stdout) == (0, "signs: signs.py written\n")
    assert 'raise NotImplementedError("relu: What is negative becomes 0.")' in stub
    assert "maximum" not in stub and "SOLUTION" not in stub


def test_release_without_a_solution_is_wrong_use(own_course: Path) -> None:
    """A topic without a solution cannot be released; the message names the file."""
    (own_course / "solutions" / "signs.py").unlink()
    done = grader("release", "signs", cwd=own_course)
    assert (done.returncode, done.stdout) == (2, "")
    assert "solutions/signs.py: there is no solution to cut the stub from" in done.stderr


def test_doctor_tells_every_protection(tmp_path: Path) -> None:
    """`grader doctor --json` prints what was tried, a line each, and its exit code is whether a class can be graded."""
    done = grader("doctor", "--json", cwd=tmp_path)
    found = [msgspec.json.decode(line, type=Protection) for line in done.stdout.splitlines()]
    assert len(found) > 20 and len({item.name for item in found}) == len(found)
    assert done.returncode == any(item.required and not item.in_force for item in found)
    assert all(item.in_force or item.remedy for item in found)


def test_doctor_ends_with_the_answer(tmp_path: Path) -> None:
    """`grader doctor` says at the end whether a class can be graded here."""
    done = grader("doctor", cwd=tmp_path)
    assert ("A class can be graded here." in done.stdout) == (done.returncode == 0)
    assert ("A class is not graded here" in done.stdout) == (done.returncode == 1)


def test_doctor_imports_what_the_course_offers(own_course: Path) -> None:
    """Modules of `course.toml` are imported in the sandbox, and named with the remedy where they are not there."""
    settings = own_course / "assignments" / "course.toml"
    written = settings.read_text()
    settings.write_text('modules = ["matplotlib"]\n' + written)
    done = grader("doctor", cwd=own_course)
    assert re.search(r"✓ matplotlib [\d.]+: imported in the sandbox in [\d.]+ s", done.stdout)
    settings.write_text('modules = ["nonesuch"]\n' + written)
    done = grader("doctor", cwd=own_course)
    assert "✗ nonesuch: this course uses nonesuch, not installed here. Install: pip install nonesuch" in done.stdout
    assert done.returncode == 1


@pytest.mark.parametrize("arguments", [("grade", "class"), ("check", "signs"), ("validate", "signs")])
def test_a_missing_module_is_told_before_anything_runs(own_course: Path, arguments: tuple[str, ...]) -> None:
    """An assignment that offers what is not installed is refused, with pip's command."""
    settings = own_course / "assignments" / "course.toml"
    settings.write_text('modules = ["nonesuch"]\n' + settings.read_text())
    honest(own_course / "class", "ana")
    done = grader(*arguments, cwd=own_course)
    assert (done.returncode, done.stdout) == (2, "")
    assert "this course uses nonesuch, not installed here. Install: pip install nonesuch" in done.stderr
