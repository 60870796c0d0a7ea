"""What a source notebook holds, whichever grader it was written for."""

import json
from pathlib import Path
from typing import Any

import msgspec

from grader.errors import UsageError

OLDEST = 4  # of nbformat: older ones have their cells elsewhere


class SourceCell(msgspec.Struct, frozen=True):
    """A cell of the author's notebook.

    Attributes:
        number: counted from 1, as people count.
        marks: nbgrader's metadata.
        shown: the text of its last result, as it stands in the file ("" for none).
    """

    number: int
    kind: str
    text: str
    marks: dict[str, Any] = {}
    shown: str = ""


class Left(msgspec.Struct, frozen=True, order=True):
    """Something that a person has to look at.

    Attributes:
        line: within the cell; 0 for the cell as a whole.
        what: what was found, and what to do.
    """

    cell: int
    line: int
    what: str


class CellOfTests(msgspec.Struct, frozen=True):
    """A cell of tests, or its hidden part.

    Attributes:
        first: the line of the cell in which the text begins, counted from 1.
        shown: what its last expression gives, in a notebook whose tests are compared with their output.
        points: of this cell; None where the question has them.
    """

    number: int
    text: str
    hidden: bool = False
    points: float | None = None
    first: int = 1
    shown: str = ""


class Question(msgspec.Struct, frozen=True):
    """One thing that is asked: the cells of its solution, and those of its tests."""

    name: str
    solutions: list[SourceCell] = []
    tests: list[CellOfTests] = []
    points: float | None = None


class Source(msgspec.Struct, frozen=True):
    """A notebook, taken apart.

    Attributes:
        given: code that students get as it is.
        texts: its Markdown, for the statement.
        left: what has no place in a topic.
    """

    title: str
    given: list[SourceCell]
    questions: list[Question]
    texts: list[str]
    left: list[Left]


def read_cells(path: Path) -> list[SourceCell]:
    """The cells of a notebook's file.

    Raises:
        UsageError: it is not a notebook of format 4.
    """
    try:
        stored = json.loads(path.read_bytes())
        if stored.get("nbformat", 0) < OLDEST:
            raise UsageError(
                f"{path} is a notebook of format {stored.get('nbformat', '?')}. Open it in Jupyter and save it: that makes it format 4."
            )
        return [_cell(number, found) for number, found in enumerate(stored["cells"], start=1)]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}. Give the author's notebook, with its solutions.") from None
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
        raise UsageError(f"{path} is not a notebook. Give the author's .ipynb file, with its solutions.") from None


def _cell(number: int, found: dict[str, Any]) -> SourceCell:
    marks = found.get("metadata", {}).get("nbgrader")
    shown = ""
    for output in found.get("outputs", ()):
        if output.get("output_type") == "execute_result":
            shown = _joined(output.get("data", {}).get("text/plain", ""))
    return SourceCell(number, str(found["cell_type"]), _joined(found["source"]), marks if isinstance(marks, dict) else {}, shown)


def _joined(text: Any) -> str:
    return "".join(text) if isinstance(text, list) else str(text)
