"""`grader plot`: what is drawn, where it goes, what is said of what cannot be drawn."""

from pathlib import Path

import pytest
from classroom import RIGHT, copy_course, grader

pytestmark = pytest.mark.slow

PLOTS = '''
"""Pictures of `vectors`."""

import numpy as np

from grader.course.pictures import apart, call, lines, picture

X = np.arange(4.0)


def curve(name, *arguments):
    yield lines(name, {"result": (yield call(name, *arguments))})


@picture("What does scaling do to a vector?")
def scaled():
    yield from apart(curve("scale", X, 2.0))


@picture("And what does adding do to it?")
def added():
    yield from apart(curve("shift", X))
'''


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course whose topic has two pictures, one of a function that is never there."""
    folder = copy_course(tmp_path / "course")
    (folder / "assignments" / "vectors" / "plots.py").write_text(PLOTS)
    return folder


def test_right_and_missing_functions(course: Path, tmp_path: Path) -> None:
    """What is written is drawn into a file; what is not is said, and the exit code is 1."""
    done = grader("plot", course / "solutions" / "vectors.py", "-t", "vectors", "--course", course, cwd=tmp_path)
    assert done.returncode == 1
    assert "What does scaling do to a vector?" in done.stdout and "→ plots/vectors-scaled.png" in done.stdout
    assert "`shift` is not defined" in done.stdout
    assert [path.name for path in (tmp_path / "plots").iterdir()] == ["vectors-scaled.png"]


def test_one_picture_as_svg_elsewhere(course: Path, tmp_path: Path) -> None:
    """--picture, --format and --out; all that was asked for is drawn, and the exit code is 0."""
    options = ("-p", "scaled", "-f", "svg", "--out", tmp_path / "here", "--course", course)
    done = grader("plot", "vectors", course / "solutions" / "vectors.py", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "here" / "vectors-scaled.svg").read_text().startswith("<?xml")


def test_wrong_functions_are_drawn_as_they_are(course: Path, tmp_path: Path) -> None:
    """Nothing says that it is wrong, and nothing what would be right."""
    file = tmp_path / "vectors.py"
    file.write_text("def scale(x, factor):\n    return -x\n")
    done = grader("plot", file, "-p", "scaled", "--course", course, cwd=tmp_path)
    assert done.returncode == 0
    assert "from -0 to -3" in done.stdout or "from 0 to -3" in done.stdout


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("while True: pass", "was still computing after 0.2 s"),
        ("import os; os._exit(3)", "ended the process"),
        ("return {1: 2}", "got a dict with 1 key"),
        ("raise ValueError('\\x1b[31m$x$')", "raised ValueError"),
    ],
)
def test_whatever_it_does_is_a_note(course: Path, tmp_path: Path, body: str, said: str) -> None:
    """It runs in the sandbox: a loop without end, or an end of the process, costs its own picture."""
    (course / "assignments" / "vectors" / "plots.py").write_text(PLOTS.replace('to a vector?")', 'to a vector?", seconds=0.2)'))
    file = tmp_path / "vectors.py"
    file.write_text(f"def scale(x, factor):\n    {body}\n\ndef shift(x):\n    return x + 1\n")
    done = grader("plot", file, "--course", course, cwd=tmp_path)
    assert (done.returncode, said in done.stdout, "\x1b" in done.stdout) == (1, True, False), done.stdout + done.stderr
    assert "→ plots/vectors-added.png" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["vectos"], "Did you mean 'vectors'?"),
        (["vectors", "-p", "scaeld"], "Did you mean 'scaled'?"),
        (["signs"], "signs has no pictures"),
        (["vectors", "not_there.py"], "not_there.py is not there"),
        ([], "say which topic is drawn"),
    ],
)
def test_what_cannot_be_meant_is_named(course: Path, tmp_path: Path, arguments: list[str], said: str) -> None:
    """Wrong use has exit code 2, and says what there is."""
    done = grader("plot", *arguments, "--course", course, cwd=tmp_path)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


TOGETHER = '''
"""A picture of what two topics give together."""

import numpy as np

from grader.course.pictures import call, lines, of, picture


@picture("What do two topics give together?", topics=("signs",))
def together():
    scaled = yield call("scale", np.array([-1.0, 0.0, 1.0]), 2.0)
    yield lines("signs", {"result": (yield of("signs", call("relu", scaled)))})
'''


@pytest.mark.parametrize("other", ["signs.py", "../signs/signs.py"])
def test_the_same_students_other_topics(course: Path, tmp_path: Path, other: str) -> None:
    """They are found beside the file, or in a folder beside its own; each runs in a child of its own."""
    (course / "assignments" / "vectors" / "plots.py").write_text(TOGETHER)
    own = tmp_path / "ana" / "vectors"
    own.mkdir(parents=True)
    (own / "vectors.py").write_text(RIGHT["vectors"])
    (own / other).parent.mkdir(exist_ok=True)
    (own / other).resolve().write_text("def relu(x):\n    return 10 * x\n")
    done = grader("plot", own / "vectors.py", "--course", course, cwd=tmp_path)
    assert (done.returncode, "from -20 to 20" in done.stdout) == (0, True), done.stdout + done.stderr


def test_a_topic_that_is_not_written_yet(course: Path, tmp_path: Path) -> None:
    """Without a file of the student's, the course's own counts, which is still a stub."""
    (course / "assignments" / "vectors" / "plots.py").write_text(TOGETHER)
    file = tmp_path / "vectors.py"
    file.write_text(RIGHT["vectors"])
    done = grader("plot", file, "--course", course, cwd=tmp_path)
    assert (done.returncode, "– relu: not implemented yet" in done.stdout) == (1, True), done.stdout + done.stderr
