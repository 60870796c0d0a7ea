"""The cells of a notebook as the modules of one submission, which the sandbox runs as a kernel would: in order, in one namespace.

    setup              the course's own text, whatever the student's cell holds; it runs first
    solutions, and     the student's, each under its own name: its errors are reported as "cell 7, line 3"
    all other code
    %%writefile x.py   a module of its own
    tests, checks      left out: the grader has its own

The main module holds the texts of the cells, which `sandbox.child.statements` runs. It is built here and executed in the sandbox only.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from grader.sandbox.backend import Source
from grader.sandbox.lines import lines_of
from grader.submissions.files import NOTEBOOK
from grader.submissions.notebook.ipynb import Cell, Notebook
from grader.submissions.notebook.magics import plain, written
from grader.submissions.notebook.sanitize import sanitize
from grader.submissions.notebook.scaffold import Scaffold
from grader.text.escape import one_line
from grader.text.language import gettext as _

SETUP = "setup"
SELF_CHECK = "self-check"
CHECK = "-check"
POINTS = "-points"
_DOT = "-"  # in the name of a cell
CELL_SECONDS = 5  # of CPU time; then a cell is stopped, and the next one runs
ALL_CELLS_SECONDS = 20  # of all cells together; after that, each cell has one second
# by the usual `__import__`, whatever students may import
_RUN = "exec.__self__.__import__('sys').modules['grader.sandbox.child.statements'].run_cells"
MAX_NOTES = 100  # on the lines of one notebook


class Note(msgspec.Struct, frozen=True):
    """A message about a cell: its place in the notebook from 1 (0: the name of a notebook that is called like a module), the line (0: the
    whole cell), and the text.

    Attributes:
        removed: the line itself, if it was removed.
    """

    cell: int
    line: int
    text: str
    removed: str = ""

    @property
    def is_fault(self) -> bool:
        """Whether the cell failed there."""
        return bool(self.cell) and not self.removed

    def __str__(self) -> str:
        return self.told(label(self.cell))

    def told(self, where: str) -> str:
        """The message about a cell named `where`."""
        if not self.cell:
            return self.text
        where = _("{cell}, line {line}").format(cell=where, line=self.line) if self.line else where
        return f"{where}: {self.text}"


def label(cell: int) -> str:
    """The name of a cell in messages."""
    return _("cell {n}").format(n=cell)


def notebook_source(
    topic: str, notebook: Notebook, scaffold: Scaffold, beside: Mapping[str, str]
) -> tuple[Source, tuple[Note, ...]]:
    """The source of a submitted notebook, and notes on what was removed from it because it runs in IPython only.

    Args:
        notebook: its released cells are restored, if they are known.
        beside: other modules handed in with it, by name.

    Raises:
        UnreadableError: nbgrader refuses such a notebook.
    """
    if scaffold.known is not None:
        sanitize(f"{topic}{NOTEBOOK}", notebook, scaffold.known)
    places = {cell.grade_id: place for place, cell in enumerate(notebook.cells, start=1)}
    setup = places.get(SETUP, 0)  # 0: missing
    cells: list[tuple[str, str, int, tuple[str, ...]]] = [(label(setup), scaffold.setup, setup, ())]
    files: dict[str, str] = {}
    notes = list(_added_to_setup(notebook.cells[setup - 1].text, scaffold.setup, setup)) if setup else []
    for place, cell in _that_run(notebook, scaffold):
        if file := written(cell.text):
            files[file.module] = (files.get(file.module, beside.get(file.module, "")) if file.adds else "") + file.text
            continue
        found = plain(cell.text)
        if found.text.strip() or found.removed:
            cells.append((label(place), found.text, place, _defined(cell, found.text, scaffold.names)))
        for line, removed in found.removed:
            said = _("`{text}` works in Jupyter only and was not run").format(text=one_line(removed, 80))
            notes.append(Note(place, line, said, removed))
    main = f"{_RUN}(globals(), {cells!r}, {CELL_SECONDS}, {ALL_CELLS_SECONDS})\n"
    modules = {**beside, **files, **scaffold.modules, **{name: text for name, text, *_rest in cells}, topic: main}
    return Source(topic, modules), _few(notes)


def _few(notes: Sequence[Note]) -> tuple[Note, ...]:
    """The first `MAX_NOTES`, and how many lines more there are: a notebook of a million magics is no longer in the report than another."""
    if len(notes) <= MAX_NOTES:
        return tuple(notes)
    more = _("… and {n} more lines").format(n=len(notes) - MAX_NOTES)
    return (*notes[:MAX_NOTES], msgspec.structs.replace(notes[MAX_NOTES], text=more))


def is_ours(cell: Cell, names: tuple[str, ...]) -> bool:
    """Whether the grader writes points into this cell, or it is the visible check beside such a cell."""
    stem = cell.grade_id.removesuffix(POINTS).removesuffix(CHECK)
    return cell.grade_id == SELF_CHECK or (stem != cell.grade_id and (stem in names or stem.partition(_DOT)[0] in names))


def cell_of(exercise: str) -> str:
    """How the names of an exercise's cells begin: those of nbgrader have no dots, and functions no dashes."""
    return exercise.replace(".", _DOT)


def _that_run(notebook: Notebook, scaffold: Scaffold) -> Iterator[tuple[int, Cell]]:
    """The cells that run, without the student's setup, and their places from 1."""
    for place, cell in enumerate(notebook.cells, start=1):
        is_test = cell.is_grade and not cell.is_solution
        if cell.is_code and cell.grade_id != SETUP and not is_ours(cell, scaffold.names) and not is_test:
            yield place, cell


def _added_to_setup(text: str, given: str, place: int) -> Iterator[Note]:
    """A note on each line that the student added to the setup, which is replaced by the course's own."""
    known = {line.strip() for line in given.splitlines()}
    for number, line in enumerate(lines_of(text), start=1):
        line = line.strip()
        if line and not line.startswith("#") and line not in known:
            said = _("`{text}` does not count in the setup cell, which is the course's: write it into a cell of your own")
            yield Note(place, number, said.format(text=one_line(line, 80)), line)


def _defined(cell: Cell, text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The functions among `names` that the cell is meant to define."""
    defined = set(re.findall(r"^(?:def|class)[ \t]+(\w+)", text, re.MULTILINE))
    return tuple(name for name in names if name == cell.grade_id or name in defined)
