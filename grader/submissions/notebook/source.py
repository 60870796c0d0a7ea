"""The cells of a notebook as the modules of one submission, which the sandbox runs as a kernel would: in order, in one namespace.

    setup              the course's own text, whatever the student made of the cell, and first of all
    solutions, and     the student's, each under its own name: what is wrong with it is said with «cell 7, line 3»
    all other code
    tests, checks      left out: the grader makes its own

The main module holds `driver` and the cells' texts. It is put together here and executed in the sandbox only.
"""

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from grader.sandbox.backend import Source
from grader.sandbox.outcome import Outcome, Returned
from grader.submissions.files import NOTEBOOK
from grader.submissions.notebook.ipynb import Cell, Notebook
from grader.submissions.notebook.magics import plain
from grader.submissions.notebook.sanitize import sanitize
from grader.submissions.notebook.scaffold import Scaffold
from grader.text.escape import one_line
from grader.text.language import gettext as _

SETUP = "setup"
SELF_CHECK = "self-check"
CHECK = "-check"
POINTS = "-points"
CELL_SECONDS = 5  # of CPU time; then a cell is stopped and the next one runs
ALL_CELLS_SECONDS = 20  # of all cells together; then a cell has one second left
_NOTE = re.compile(r"CellNote: (\d{1,4}) (\d{1,7}) (.*)", re.DOTALL)


class Note(msgspec.Struct, frozen=True):
    """Something to tell about a cell: its place in the notebook from 1, the line (0: the whole cell), and what it is."""

    cell: int
    line: int
    text: str

    def __str__(self) -> str:
        where = label(self.cell)
        where = _("{cell}, line {line}").format(cell=where, line=self.line) if self.line else where
        return f"{where}: {self.text}"


def label(cell: int) -> str:
    """What a cell is called in messages."""
    return _("cell {n}").format(n=cell)


def notebook_source(
    topic: str, notebook: Notebook, scaffold: Scaffold, beside: Mapping[str, str]
) -> tuple[Source, tuple[Note, ...]]:
    """The submission that a notebook is, and what was taken out of it because it runs in IPython only.

    Args:
        notebook: its cells are made those that were released, but for the answers, where that is known.
        beside: other modules that were handed in with it, by name.

    Raises:
        UnreadableError: nbgrader refuses such a notebook.
    """
    if scaffold.known is not None:
        sanitize(f"{topic}{NOTEBOOK}", notebook, scaffold.known)
    runs = list(_code(notebook, scaffold))
    cells, notes = [], []
    for place, text, removed in runs:
        cells.append((label(place), text, place, _defined(notebook.cells[place - 1], text, scaffold.names) if place else ()))
        notes += [
            Note(place, line, _("`{text}` works in Jupyter only and was not run").format(text=one_line(found, 80)))
            for line, found in removed
        ]
    main = f"exec(compile({_driver()!r}, '<driver>', 'exec'), _ := {{'__builtins__': exec.__self__}})\n"  # the usual ones, for itself
    main += f"_['run_cells'](globals(), {cells!r}, {CELL_SECONDS}, {ALL_CELLS_SECONDS})\n"
    modules = {**beside, **scaffold.modules, **{name: text for name, text, *_rest in cells}, topic: main}
    return Source(topic, modules), tuple(notes)


def notes_of(loaded: Outcome) -> tuple[Note, ...]:
    """What the driver said about cells that did not run to their end. It comes from the student's process: it is text, and no more."""
    if not isinstance(loaded, Returned):
        return ()
    found = [_NOTE.fullmatch(warning) for warning in loaded.warnings]
    return tuple(Note(int(note[1]), int(note[2]), one_line(note[3])) for note in found if note)


def is_ours(cell: Cell, names: tuple[str, ...]) -> bool:
    """Whether it is a cell in which the grader puts points, or the visible check beside one."""
    return cell.grade_id == SELF_CHECK or any(cell.grade_id in (name + POINTS, name + CHECK) for name in names)


def _code(notebook: Notebook, scaffold: Scaffold) -> Iterator[tuple[int, str, tuple[tuple[int, str], ...]]]:
    """Each cell that runs: its place from 1 (0: the setup where the student has none), its text, what was taken out of it."""
    places = {cell.grade_id: place for place, cell in enumerate(notebook.cells, start=1)}
    yield places.get(SETUP, 0), scaffold.setup, ()
    for place, cell in enumerate(notebook.cells, start=1):
        if (
            not cell.is_code
            or cell.grade_id == SETUP
            or is_ours(cell, scaffold.names)
            or (cell.is_grade and not cell.is_solution)
        ):
            continue
        found = plain(cell.text)
        if found.text.strip() or found.removed:
            yield place, found.text, found.removed


def _defined(cell: Cell, text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Which of the functions the cell is there to define."""
    defined = set(re.findall(r"^(?:def|class)[ \t]+(\w+)", text, re.MULTILINE))
    return tuple(name for name in names if name == cell.grade_id or name in defined)


@functools.cache
def _driver() -> str:
    return Path(__file__).with_name("driver.py").read_text(encoding="utf-8")
