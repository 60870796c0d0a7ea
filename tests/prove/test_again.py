"""What a save changed in a topic: as little as is judged by it, and never less."""

from pathlib import Path

import pytest
from classroom import edit

from grader.course.folder import Assignment, read_course
from grader.prove.again import Changed, changed, mistake_problems, texts
from grader.prove.validate import IN_VAIN


def topic(course: Path) -> Assignment:
    """The topic `vectors`."""
    return read_course(course).assignment("vectors")


def place(course: Path, name: str) -> Path:
    """A file of the topic by its short name."""
    found = topic(course)
    return {"rubric": found.rubric, "solution": found.solution, "reference": found.reference, "examples": found.examples}[name]


@pytest.mark.parametrize(
    ("file", "old", "new", "exercises"),
    [
        ("rubric", '"the direction stays", cases', '"it stays", cases', ("scale",)),
        ("rubric", "rng.uniform(2, 3)", "rng.uniform(2, 4)", ("scale", "running_total")),
        ("reference", "return np.multiply(x, factor)", "return x * factor", ("scale",)),
        ("reference", "return np.add.accumulate(x)", "return np.cumsum(x)", ("running_total",)),
        ("examples", "inputs.factor = 2.0", "inputs.factor = 3.0", ("scale",)),
        ("solution", "return np.cumsum(x)", "return +np.cumsum(x)", ("running_total",)),
        ("solution", "import numpy as np", "import numpy as np\nfrom math import pi", ("scale", "running_total")),
    ],
)
def test_exercises_that_a_save_changed(own_course: Path, file: str, old: str, new: str, exercises: tuple[str, ...]) -> None:
    """An exercise is proved again when something changed that it uses, a helper of its rubric too; no other one is."""
    before = texts(topic(own_course))
    if new:
        edit(place(own_course, file), old, new)
    assert changed(before, texts(topic(own_course))) == Changed(exercises, ())


def test_comments_change_nothing(own_course: Path) -> None:
    """A comment or a blank line is no reason to prove anything."""
    before = texts(topic(own_course))
    for file in ("rubric", "solution", "reference", "examples"):
        path = place(own_course, file)
        path.write_text(f"# a comment\n\n{path.read_text()}\n")
    assert changed(before, texts(topic(own_course))) == Changed((), ())


def test_mistake_that_a_save_changed(own_course: Path) -> None:
    """Of a file of misconceptions as edits, the one whose text changed is proved again, and a new one."""
    found = topic(own_course)
    found.misconceptions.write_text(
        '[same]\ntitle = "A"\nhint = "Why?"\nscale = "return x"\n\n[other]\ntitle = "B"\nhint = "How?"\nscale = "return -x"\n'
    )
    before = texts(found)
    edit(found.misconceptions, "return -x", "return x + x")
    found.misconceptions.write_text(
        found.misconceptions.read_text() + '\n[new]\ntitle = "C"\nhint = "Who?"\nrunning_total = "return x"\n'
    )
    assert changed(before, texts(found)) == Changed((), (("scale", "other"), ("running_total", "new")))


def test_problems_of_one_mistake(own_course: Path) -> None:
    """A misconception is proved by itself: one that changes nothing is not rejected, the others are not looked at."""
    found = topic(own_course)
    found.misconceptions.write_text(
        '[same]\ntitle = "A"\nhint = "Why?"\nscale = "return {}"\n\n[half]\ntitle = "B"\nhint = "How?"\nscale = "return x"\n'
    )
    told = f"misconception same of scale is not rejected: {IN_VAIN}"
    assert mistake_problems(found, [("scale", "same")]) == {("scale", "same"): [told]}
    assert mistake_problems(found, [("scale", "half")]) == {("scale", "half"): []}
