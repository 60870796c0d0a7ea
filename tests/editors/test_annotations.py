"""`grader check --format github`: a failure as a workflow command that GitHub Actions shows beside the line."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from classroom import copy_course, grader, scaling

from grader.integrations.github.annotations import command


def test_message_is_escaped() -> None:
    """A line break, a carriage return and a per cent sign cannot end the command or be read as an escape."""
    assert command("error", "50 %\r\n::set-env::x", {}) == "::error::50 %25%0D%0A::set-env::x"


def test_properties_are_escaped_further() -> None:
    """In a property, a colon and a comma would begin something else."""
    assert command("error", "a:b,c", {"title": "f: 1,2%\n"}) == "::error title=f%3A 1%2C2%25%0A::a:b,c"


def test_empty_properties_are_left_out() -> None:
    """What has no place says none."""
    assert command("notice", "5 of 5", {"file": "", "title": "x"}) == "::notice title=x::5 of 5"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What is printed of a submission that adds instead of multiplying, and prints a command itself."""
    course = copy_course(tmp_path_factory.mktemp("github") / "course")
    text = 'print("::error::forged")\n' + scaling("return x + factor")
    (course / "assignments" / "vectors" / "vectors.py").write_text(text)
    done = grader("check", "vectors", "--format", "github", cwd=course)
    assert done.returncode == 1, done.stderr
    return done.stdout.splitlines()


@pytest.mark.slow
def test_every_line_is_a_command_of_ours(said: list[str]) -> None:
    """Nothing else is printed, and what the student's code prints is not."""
    assert all(re.match(r"::(error|warning|notice) ", line) for line in said)
    assert not [line for line in said if "forged" in line]


@pytest.mark.slow
def test_failure_has_file_line_and_message(said: list[str]) -> None:
    """The file is that in the repository, the line that of the function; the message has the call and the numbers."""
    first = next(line for line in said if line.startswith("::error "))
    assert first.startswith("::error file=assignments/vectors/vectors.py,line=9,title=scale%3A ")
    assert "scale(x=[1., -2., 3.], factor=2.0)\n" in unquote(first) and "y[0] = 3 (should be 2)" in first


@pytest.mark.slow
def test_the_result_is_a_notice(said: list[str]) -> None:
    """The last line has the points."""
    assert said[-1].startswith("::notice title=vectors · Vectors::2 of 5 points")


@pytest.mark.slow
def test_file_that_does_not_run_is_one_error(own_course: Path) -> None:
    """A file with a syntax error has one annotation, at its line."""
    (own_course / "assignments" / "signs" / "signs.py").write_text("\ndef relu(x)\n    return x\n")
    done = grader("check", "signs", "--format", "github", cwd=own_course)
    (line,) = done.stdout.splitlines()
    assert line.startswith("::error file=assignments/signs/signs.py,line=2,")
