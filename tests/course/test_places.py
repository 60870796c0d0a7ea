"""Where students find a worked example."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from toys import write_course

from grader.course.folder import Assignment
from grader.course.places import example_places
from grader.text.language import speak

README = """# Vectors

<!-- example: whole -->
<!-- end -->

## Twice as long

<!-- example: a -->
```sh
# a comment in code
```
<!-- end -->

<!-- window: a x[0, 1] -->
<!-- end -->

<!-- example: b -->
<!-- end -->
### Half

<!-- example: c -->
<!-- end -->
"""
IDS = ["whole", "a", "b", "c", "unseen"]


@pytest.fixture
def assignment(tmp_path: Path) -> Iterator[Assignment]:
    """An assignment with a statement in two languages."""
    found = write_course(tmp_path)
    (found.folder / "README.md").write_text(README, encoding="utf-8")
    (found.folder / "README.es.md").write_text(README.replace("Twice as long", "El doble"), encoding="utf-8")
    yield found
    speak("en")


def test_place_in_the_statement(assignment: Assignment) -> None:
    """It is the section, and which example of it; one that the statement does not show is in examples.toml."""
    assert example_places(assignment, IDS) == {
        "whole": "README, “Vectors”, the example",
        "a": "README, “Twice as long”, first example",
        "b": "README, “Twice as long”, second example",
        "c": "README, “Half”, the example",
        "unseen": "examples.toml, “unseen”",
    }


def test_statement_in_the_language_in_force(assignment: Assignment) -> None:
    """Who reads Spanish finds it in the Spanish statement."""
    speak("es")
    assert example_places(assignment, ["b"]) == {"b": "README.es, «El doble», segundo ejemplo"}


def test_later_examples_are_numbered(assignment: Assignment) -> None:
    """Many examples of one section are told apart."""
    many = "# All\n" + "".join(f"<!-- example: e{n} -->\n<!-- end -->\n" for n in range(1, 13))
    (assignment.folder / "README.md").write_text(many)
    places = example_places(assignment, [f"e{n}" for n in range(1, 13)])
    assert len(set(places.values())) == 12
    assert places["e12"] == "README, “All”, example 12"


def test_no_statement(assignment: Assignment) -> None:
    """A course without statements has its examples in examples.toml."""
    (assignment.folder / "README.md").unlink()
    assert example_places(assignment, ["a"]) == {"a": "examples.toml, “a”"}


def test_only_known_examples_have_a_place(assignment: Assignment) -> None:
    """What the statement shows of another file is not one of the checks."""
    assert list(example_places(assignment, ["a"])) == ["a"]
