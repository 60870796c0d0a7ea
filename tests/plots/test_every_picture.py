"""All pictures of the course, drawn from the solutions, and what the statements show of them."""

from xml.etree import ElementTree

import pytest
from toys import ROOT

from grader.course.folder import read_course
from grader.course.pictures import Picture, read_pictures
from grader.course.rubric import solution_namespace
from grader.plots.answers import drawing, of_namespace
from grader.release.pictures import MARKER, place_of

COURSE = read_course(ROOT)
TOPICS = [assignment.name for assignment in COURSE.assignments]
LARGEST = 60_000  # bytes of a picture in a statement
FEWEST = 2  # pictures in a statement


@pytest.mark.slow
@pytest.mark.parametrize("topic", TOPICS)
def test_solution_fills_every_picture(topic: str) -> None:
    """Nothing is lacking, and no title is missing."""
    assignment = COURSE.assignment(topic)
    ask = of_namespace(solution_namespace(assignment), lambda other: solution_namespace(COURSE.assignment(other)))
    for place, picture in enumerate(read_pictures(assignment)):
        one = drawing(picture, place, ask)
        assert (one.lacking, len(one.panels) > 0) == (0, True), one.panels


@pytest.mark.parametrize("topic", TOPICS)
def test_stub_fills_none(topic: str) -> None:
    """Before anything is written, each picture says what it waits for."""
    assignment = COURSE.assignment(topic)
    namespace: dict[str, object] = {}
    exec(compile(assignment.stub.read_text(), topic, "exec"), namespace)
    ask = of_namespace(namespace)
    for place, picture in enumerate(read_pictures(assignment)):
        one = drawing(picture, place, ask)
        assert one.lacking == len(one.panels) > 0, picture.name


@pytest.mark.parametrize("language", ["", ".es"])
@pytest.mark.parametrize("topic", TOPICS)
def test_statements_show_pictures(topic: str, language: str) -> None:
    """Two or more in each, all drawn, small, with a text for those who do not see them; the same in both languages."""
    assignment = COURSE.assignment(topic)
    statement = assignment.folder / f"README{language}.md"
    names = MARKER.findall(statement.read_text(encoding="utf-8"))
    assert len(names) >= FEWEST and set(names) <= {picture.name for picture in read_pictures(assignment)}
    assert names == MARKER.findall((assignment.folder / "README.md").read_text(encoding="utf-8"))
    for name in names:
        path = place_of(statement, name)
        assert path.stat().st_size < LARGEST
        title = ElementTree.parse(path).getroot().find("{http://www.w3.org/2000/svg}title")
        assert title is not None and title.text


def titles(topic: str) -> list[Picture]:
    """The pictures of a topic."""
    return list(read_pictures(COURSE.assignment(topic)))


@pytest.mark.parametrize("topic", TOPICS)
def test_titles_ask_or_claim(topic: str) -> None:
    """A title is a sentence that the picture answers, and not the name of what is drawn."""
    for picture in titles(topic):
        assert len(picture.title.split()) >= 4, picture.title
