"""Putting a record into a notebook's cells as outputs: the points where nbgrader reads them, what is told beside them.

A notebook is here what nbformat makes of it; its cells are dictionaries. Nothing is read or written but the cells.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from grader.engine.record import Record
from grader.errors import UsageError
from grader.integrations.nbgrader.cell_reports import CellReport, cell_reports, notes_text
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.notebook.source import POINTS, Note, notes_of
from grader.text.language import gettext as _

NO_EXECUTION = "execute_other_cells"
Node = Any  # a nbformat.NotebookNode, or the like of it


class Filled(msgspec.Struct, frozen=True):
    """What was put into a notebook.

    Attributes:
        comments: on the answer of each exercise.
        ours: the grade_ids of the cells that hold our points.
    """

    comments: dict[str, str]
    ours: frozenset[str]


def fill(notebook: Node, record: Record, scaffold: Scaffold, notes: Iterable[Note], lost: dict[str, str]) -> Filled:
    """Put the points of a record into the notebook's cells, and what is to be told of others under them.

    Args:
        record: of this very notebook; it has a score.
        notes: what was taken out of the cells before they ran.
        lost: the text of cells with points that the student may have deleted, by grade_id.

    Raises:
        UsageError: the notebook was released with other points than the rubric has now.
    """
    own: dict[str, list[Note]] = {}
    for note in (*notes, *notes_of(record.run.loaded)):
        cell = notebook.cells[note.cell - 1] if 0 < note.cell <= len(notebook.cells) else None
        name = grade_id(cell) if cell is not None else ""
        if name in scaffold.names:
            own.setdefault(name, []).append(note)
        elif cell is not None and cell.cell_type == "code":
            cell.outputs.append(told(notes_text([note]) + "\n"))
    found = cell_reports(record.grade, own)
    for name, report in found.items():
        cell = _points_cell(notebook, name, report, lost)
        _compare_points(name, report, cell)
        cell.outputs = [told(report.report), points_output(report)]
    return Filled({name: report.comment for name, report in found.items()}, frozenset(name + POINTS for name in found))


def other_graded(notebook: Node, ours: Iterable[str]) -> list[Node]:
    """The code cells that earn points and are the instructor's own."""
    return [cell for cell in notebook.cells if cell.cell_type == "code" and says(cell, "grade") and grade_id(cell) not in ours]


def leave(cells: Sequence[Node]) -> list[str]:
    """Say under cells of the instructor's own that they were not run; the grade_ids of the tests among them, which are left to a person."""
    text = _("This cell was not run: the course does not say {setting}. It is graded by hand.")
    tests = [cell for cell in cells if not says(cell, "solution")]
    for cell in tests:
        cell.outputs = [told(text.format(setting=f"[nbgrader] {NO_EXECUTION} = true") + "\n")]
    return [grade_id(cell) for cell in tests]


def grade_id(cell: Node) -> str:
    """nbgrader's name for a cell ("" for none)."""
    found = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return found if isinstance(found, str) else ""


def says(cell: Node, word: str) -> bool:
    """Whether nbgrader's metadata of a cell say `word`."""
    return bool(cell.metadata.get("nbgrader", {}).get(word, False))


def told(text: str) -> Node:
    """An output that shows text."""
    from nbformat import NotebookNode

    return NotebookNode(output_type="stream", name="stdout", text=text)


def points_output(report: CellReport) -> Node:
    """An output from which nbgrader reads points."""
    from nbformat import NotebookNode

    data = NotebookNode({"text/plain": report.written})
    return NotebookNode(output_type="execute_result", execution_count=None, metadata=NotebookNode(), data=data)


def _points_cell(notebook: Node, name: str, report: CellReport, lost: dict[str, str]) -> Node:
    """The cell for the points of an exercise; where the student has deleted it, put back behind the answer."""
    wanted = name + POINTS
    places = {grade_id(cell): place for place, cell in enumerate(notebook.cells)}
    if wanted in places:
        return notebook.cells[places[wanted]]
    from nbformat.v4 import new_code_cell

    known = {
        "schema_version": 3,
        "grade_id": wanted,
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": report.most,
        "cell_type": "code",
    }
    cell = new_code_cell(lost.get(wanted, ""), metadata={"nbgrader": known, "deletable": False, "editable": False})
    cell.id = wanted if all(other.get("id") != wanted for other in notebook.cells) else f"{wanted}-again"
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    notebook.cells.insert(places.get(name, len(notebook.cells) - 1) + 1, cell)
    return cell


def _compare_points(name: str, report: CellReport, cell: Node) -> None:
    released = float(cell.metadata.nbgrader.points)
    if abs(released - report.most) > 1e-9:
        raise UsageError(
            f"{name} was released with {released:g} points, and the rubric has {report.most:g}. Release it again (grades are kept): "
            "grader release TOPIC --nbgrader COURSE_DIR"
        )
