"""The pictures of a statement: drawn from the solution, in its language, with their words."""

from pathlib import Path

import pytest
from classroom import edit, grader

from grader.course.folder import Assignment, read_course
from grader.course.rubric import read_rubric
from grader.errors import RubricError
from grader.release.pictures import draw_pictures
from grader.release.public import topic_files
from grader.release.statement import rendered

pytestmark = pytest.mark.slow

PLOTS = '''
"""Pictures of `vectors`."""

import numpy as np

from grader.course.pictures import _, call, lines, picture, told


@picture(_("How fast does it grow?"))
def growth():
    """A vector, scaled."""
    x = np.arange(4.0)
    yield told(_("At the end: {last}.").format(last=(yield call("scale", x, 3.0))[-1]))
    yield lines(_("scaled"), {"scale": (yield call("scale", x, 3.0))})
'''
MARKER = "<!-- picture: growth -->\n<!-- end -->\n"
SHOWN = "<!-- picture: growth -->\n![How fast does it grow? At the end: 9.0.](pictures/growth.svg)\n<!-- end -->\n"


@pytest.fixture
def topic(own_course: Path) -> Assignment:
    """A topic with a picture that its statement asks for."""
    found = read_course(own_course).assignment("vectors")
    found.plots.write_text(PLOTS)
    (found.folder / "README.md").write_text(f"# Vectors\n\n{MARKER}")
    return found


def states(topic: Assignment, check: bool = False) -> dict[str, bool]:
    """The topic's pictures, and whether each was up to date."""
    return {path.name: current for path, current in draw_pictures(topic, check=check)}


def test_a_picture_is_drawn_once(topic: Assignment) -> None:
    """It is drawn where it is missing, and is then up to date."""
    assert states(topic, check=True) == {"growth.svg": False}
    assert not topic.pictures.exists()
    assert states(topic) == {"growth.svg": False}
    assert states(topic, check=True) == {"growth.svg": True}


def test_the_statement_says_what_is_to_be_seen(topic: Assignment) -> None:
    """The image's text is the picture's title and its words, with the solution's numbers."""
    states(topic)
    assert SHOWN in rendered(topic.folder / "README.md", read_rubric(topic))


def test_a_picture_that_is_not_drawn_is_named(topic: Assignment) -> None:
    """A statement cannot show what is not there: the author reads which command draws it."""
    with pytest.raises(RubricError, match=r"growth\.svg is not there"):
        rendered(topic.folder / "README.md", read_rubric(topic))


@pytest.mark.parametrize("file", ["plots", "solution"])
def test_what_it_was_drawn_from_counts(topic: Assignment, file: str) -> None:
    """After a change of the script or of the solution, it is drawn anew."""
    states(topic)
    path: Path = getattr(topic, file)
    path.write_text(path.read_text() + "\n# changed\n")
    assert states(topic, check=True) == {"growth.svg": False}


def test_each_language_has_its_own(topic: Assignment) -> None:
    """README.es.md shows a file of its own, drawn with the translations."""
    (topic.folder / "README.es.md").write_text(MARKER)
    assert states(topic) == {"growth.es.svg": False, "growth.svg": False}
    assert "(pictures/growth.es.svg)" in rendered(topic.folder / "README.es.md", read_rubric(topic))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("def growth", "def other", "no picture is called 'growth'"),
        ('call("scale", x, 3.0))[-1]', 'call("scael", x, 3.0))[-1]', "`scael` is not defined"),
        ('"scale": (yield', '"scale": "text" or (yield', "cannot be drawn"),
    ],
)
def test_an_authors_slip_is_named(topic: Assignment, old: str, new: str, problem: str) -> None:
    """A marker without its picture, and a picture that the solution does not fill, are faults of the course."""
    edit(topic.plots, old, new)
    with pytest.raises(RubricError, match=problem):
        states(topic)


def test_students_get_the_picture_and_its_script(topic: Assignment) -> None:
    """Both are files of the topic, as the statement is."""
    states(topic)
    files = {str(path) for path in topic_files(topic)}
    assert {"plots.py", "pictures/growth.svg"} <= files


def test_release_draws_and_checks(topic: Assignment) -> None:
    """`grader release` draws and says so; --check finds a picture that is out of date."""
    options = ("release", "vectors", "--course", topic.root)
    assert grader(*options, "--check", cwd=topic.root).returncode == 1
    done = grader(*options, cwd=topic.root)
    assert (done.returncode, "vectors: growth.svg written" in done.stdout) == (0, True)
    assert grader(*options, "--check", cwd=topic.root).returncode == 0
