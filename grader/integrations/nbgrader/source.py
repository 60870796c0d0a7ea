"""nbgrader's source notebooks: their cells by the metadata that `nbgrader` keeps, hidden tests by their delimiters."""

import re
from collections.abc import Iterator
from pathlib import Path

from grader.integrations.from_notebooks.parts import CellOfTests, Left, Question, Source, SourceCell, read_cells
from grader.sandbox.lines import lines_of

_HIDDEN = "BEGIN HIDDEN TESTS", "END HIDDEN TESTS"
_SCHEME = "BEGIN MARK SCHEME"


def read_source(path: Path) -> Source:
    """A source notebook, taken apart.

    Raises:
        UsageError: it is not a notebook.
    """
    given: list[SourceCell] = []
    questions: list[Question] = []
    texts: list[str] = []
    left: list[Left] = []
    title, tested = "", True
    for cell in read_cells(path):
        grade, solution = cell.marks.get("grade") is True, cell.marks.get("solution") is True
        name = str(cell.marks.get("grade_id", "")) or f"cell {cell.number}"
        if cell.marks.get("task") is True or (grade and solution):
            points = f" for {cell.marks.get('points', 0):g} points" if isinstance(cell.marks.get("points"), int | float) else ""
            left.append(Left(cell.number, 0, f"{name}: a person grades it{points}; write it as a manual part"))
            texts += [_without_scheme(cell.text)] if cell.kind == "markdown" else []
        elif cell.kind == "markdown":
            texts.append(cell.text)
            title = title or _heading(cell.text)
        elif cell.kind != "code" or not cell.text.strip():
            continue
        elif solution or "BEGIN SOLUTION" in cell.text.upper():
            if tested or not questions:
                questions.append(Question(name))
            questions[-1].solutions.append(cell)
            tested = False
        elif grade or any(mark in cell.text for mark in _HIDDEN):
            if not questions:
                left.append(Left(cell.number, 0, f"{name}: tests without a solution before them; left out"))
                continue
            questions[-1].tests.extend(_tests(cell))
            tested = True
        else:
            given.append(cell)
    return Source(title, given, questions, texts, left)


def _tests(cell: SourceCell) -> Iterator[CellOfTests]:
    """The visible and the hidden part of a cell of tests; its points go with the first."""
    points = cell.marks.get("points")
    left = float(points) if isinstance(points, int | float) else None
    rows: list[tuple[int, bool, str]] = []
    hidden = False
    for place, line in enumerate(lines_of(cell.text), start=1):
        if _HIDDEN[0] in line or _HIDDEN[1] in line:
            hidden = _HIDDEN[0] in line
        else:
            rows.append((place, hidden, line))
    visible = [(place, line) for place, inside, line in rows if not inside]
    secret = [(place, line) for place, inside, line in rows if inside]
    shared = [(place, line) for place, line in visible if not re.match(r"\s*(assert|np\.testing|with|try)", line)]
    for lines, inside in ((visible, False), (secret, True)):
        if any(line.strip() and not line.strip().startswith("#") for _place, line in lines):
            text = _at_their_lines(lines if not inside else sorted({*_unindented(shared), *lines}))
            yield CellOfTests(cell.number, text, inside, left)
            left = None if left is None else 0.0


def _unindented(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines of a visible part that hidden tests may need: what names stand for."""
    return [(place, line) for place, line in lines if re.match(r"\w[\w, ]* = |import |from ", line)]


def _at_their_lines(lines: list[tuple[int, str]]) -> str:
    """The lines at the places where they stand in the cell."""
    found = dict(lines)
    return "\n".join(found.get(place, "") for place in range(1, max(found, default=0) + 1))


def _without_scheme(text: str) -> str:
    return "\n".join(text.splitlines()[: next((at for at, line in enumerate(text.splitlines()) if _SCHEME in line), None)])


def _heading(text: str) -> str:
    found = re.search(r"^#\s+(.+)$", text, re.M)
    return found[1].strip() if found else ""
