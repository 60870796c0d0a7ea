"""What `assignments/<topic>/plots.py` is written with: pictures of what a student's own functions return.

    @picture(_("Each activation and its slope"))
    def slopes():
        z = np.linspace(-6, 6, 121)
        for name in ("sigmoid", "tanh"):
            yield from apart(curve(name, z))

    def curve(name, z):
        value = yield call(name, z)                       # runs in the sandbox; what it returned comes back
        yield lines(name, {"value": value}, x=z)          # a panel of the picture

A picture is a generator. It yields calls of the student's functions, and gets what they return; it yields panels, which are drawn; and with
`told(…)` a sentence on what is to be seen, with its numbers. The course says what to draw, and knows no drawing library.
"""

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import msgspec

from grader.checks.uses import Use, call, get, new, ref
from grader.course.folder import Assignment
from grader.course.panels import Note, Panel, bars, cells, grid, lines, numbers, paths, regions, spread
from grader.course.rubric import load_course_file
from grader.errors import RubricError, UsageError
from grader.text.escape import one_line
from grader.text.language import add_catalog
from grader.text.language import gettext as _
from grader.text.near import near

__all__ = [
    "Elsewhere", "Picture", "Told", "UnansweredError", "_", "apart", "bars", "call", "cells", "get", "grid", "lines", "new",
    "numbers", "of", "paths", "picture", "read_pictures", "ref", "regions", "spread", "told",
]  # fmt: skip

SECONDS = 20.0  # of CPU time that one call of a picture may take: some of them train a network


class Told(msgspec.Struct, frozen=True):
    """A sentence on what is to be seen: beside the picture, and in its place for those who do not see it."""

    text: str


class Elsewhere(msgspec.Struct, frozen=True):
    """A use of what the same student wrote for another topic of the course."""

    topic: str
    use: Use


class UnansweredError(Exception):
    """A call that returned nothing that could be drawn; thrown into the picture where it yielded the call."""

    def __init__(self, target: str, text: str) -> None:
        super().__init__(f"{target}: {text}")
        self.target, self.text = target, text


Script = Generator[Use | Elsewhere | Panel | Told, Any, None]


class Picture(msgspec.Struct, frozen=True):
    """One picture of a topic.

    Attributes:
        title: a question or a claim, in English; it is translated where it is shown.
        script: draws it, with the answers of the student's functions.
        columns: panels in a row.
        seconds: of CPU time that one call may take.
        topics: the other topics whose functions it calls.
    """

    name: str
    title: str
    script: Callable[[], Script]
    columns: int = 3
    seconds: float = SECONDS
    topics: tuple[str, ...] = ()


def picture(
    title: str, columns: int = 3, seconds: float = SECONDS, topics: tuple[str, ...] = ()
) -> Callable[[Callable[[], Script]], Picture]:
    """Make a generator function a picture of the topic (see the module's example)."""

    def decorate(script: Callable[[], Script]) -> Picture:
        return Picture(script.__name__, title, script, columns, seconds, topics)

    return decorate


def of(topic: str, use: Use) -> Elsewhere:
    """The use of a function of another topic, which the picture names in its `topics`: a network made of layers from many."""
    return Elsewhere(topic, use)


def told(text: str) -> Told:
    """A sentence on what is to be seen."""
    return Told(text)


def apart(part: Script) -> Script:
    """A part of a picture that does without the others: where its functions do not answer, a note stands in its place."""
    try:
        yield from part
    except UnansweredError as missing:
        yield Note(missing.target, missing.text)


def read_pictures(assignment: Assignment) -> tuple[Picture, ...]:
    """The pictures of an assignment, in the order of its `plots.py`; none where there is no such file.

    Raises:
        RubricError: the file cannot be executed, or has no picture.
    """
    if not assignment.plots.is_file():
        return ()
    add_catalog(assignment.name, assignment.catalogs)
    found = tuple(_pictures(load_course_file(assignment.plots, f"_plots_{assignment.name}", assignment)))
    if not found:
        raise RubricError(assignment.plots, "", "it has no picture", "decorate a generator function with @picture(…)")
    return found


def choose_pictures(assignment: Assignment, only: str | None) -> Sequence[Picture]:
    """The pictures of an assignment, or `only` one.

    Raises:
        UsageError: it has none, or none of this name.
    """
    pictures = read_pictures(assignment)
    if not pictures:
        raise UsageError(
            _("{topic} has no pictures: the course has no {file}.").format(topic=assignment.name, file=assignment.plots.name)
        )
    names = [picture.name for picture in pictures]
    if only is not None and only not in names:
        text = _("{topic} has no picture '{name}'.").format(topic=assignment.name, name=one_line(only, 60))
        raise UsageError(f"{text} {near(only, names)}")
    return [picture for picture in pictures if only in (None, picture.name)]


def _pictures(module: Any) -> Iterator[Picture]:
    return (value for value in vars(module).values() if isinstance(value, Picture))
