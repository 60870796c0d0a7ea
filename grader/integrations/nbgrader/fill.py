"""Putting a record into the cells of an nbformat notebook as outputs: points where nbgrader reads them, and reports beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from grader.checks.methods import class_of
from grader.engine.record import Record
from grader.errors import UsageError
from grader.integrations.nbgrader.cell_reports import CellReport, cell_reports
from grader.submissions.notebook.outcomes import notes_of
from grader.submissions.notebook.sanitize import SCHEMA
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.notebook.source import POINTS, Note, cell_of
from grader.text.escape import plain
from grader.text.language import gettext as _

NO_EXECUTION = "execute_other_cells"
Node = Any  # an nbformat.NotebookNode, or similar


class Filled(msgspec.Struct, frozen=True):
    """What was put into a notebook.

    Attributes:
        comments: on the answer of each exercise.
        ours: grade_ids of the cells that hold the grader's points, or wait for a person who reads them.
    """

    comments: dict[str, str]
    ours: frozenset[str]


def fill(
    notebook: Node, record: Record, scaffold: Scaffold, notes: Iterable[Note], lost: dict[str, str], *, published: bool
) -> Filled:
    """Put the points and reports of a record into the notebook's cells, and notes under the cells that they are on.

    Args:
        record: of this notebook; it has a score.
        notes: on what was removed from the cells before they ran.
        lost: text of the cells with points, which the student may have deleted, by grade_id.
        published: whether the grades of the assignment are published.

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
            cell.outputs.append(text_output(plain(str(note)) + "\n"))
    firsts = {class_of(one.name): one.name for one in reversed(record.grade.exercises)}  # one cell may have several exercises
    found = cell_reports(record.grade, {firsts.get(name, name): said for name, said in own.items()}, published)
    read = {exercise.name for exercise in record.grade.exercises if any(check.by_hand for check in exercise.checks)}
    for name, report in found.items():
        if report.most is None:  # a person reads all of it
            continue
        cell = _points_cell(notebook, name, report, lost)
        released = float(cell.metadata.nbgrader.points)
        if abs(released - report.most) > 1e-9:
            raise UsageError(
                f"{name} was released with {released:g} points, and the rubric has {report.most:g}. Release it again (grades are kept): "
                "grader release TOPIC --nbgrader COURSE_DIR"
            )
        cell.outputs = [text_output(report.report), points_output(report)]
    comments: dict[str, list[str]] = {}
    for name, report in found.items():
        comments.setdefault(class_of(name), []).extend(filter(None, [report.comment]))
    texts = {name: "\n\n".join(several) for name, several in comments.items()}
    return Filled(texts, frozenset(read | {cell_of(name) + POINTS for name in found}))


def other_graded(notebook: Node, ours: Iterable[str]) -> list[Node]:
    """The instructor's own code cells that earn points."""
    return [
        cell for cell in notebook.cells if cell.cell_type == "code" and has_flag(cell, "grade") and grade_id(cell) not in ours
    ]


def leave_for_manual_grading(cells: Sequence[Node]) -> list[str]:
    """Say under the instructor's own tests that they did not run; returns their grade_ids, for manual grading."""
    text = _("This cell was not run: the course does not say {setting}. It is graded by hand.")
    tests = [cell for cell in cells if not has_flag(cell, "solution")]
    for cell in tests:
        cell.outputs = [text_output(text.format(setting=f"[nbgrader] {NO_EXECUTION} = true") + "\n")]
    return [grade_id(cell) for cell in tests]


def grade_id(cell: Node) -> str:
    """nbgrader's name of a cell ("" for none)."""
    found = cell.metadata.get("nbgrader", {}).get("grade_id", "")
    return found if isinstance(found, str) else ""


def has_flag(cell: Node, flag: str) -> bool:
    """Whether nbgrader's metadata of a cell set a flag: grade, solution, locked or task."""
    return bool(cell.metadata.get("nbgrader", {}).get(flag, False))


def cell_metadata(name: str, *, solution: bool = False, points: float | None = None) -> dict[str, Any]:
    """nbgrader's metadata of a cell: an answer, a test with points, or read-only text."""
    role = {"grade": points is not None, "solution": solution, "locked": not solution, "task": False}
    return {"schema_version": SCHEMA, "grade_id": name, **role, **({} if points is None else {"points": points})}


def text_output(text: str) -> Node:
    """An output that shows text."""
    from nbformat import NotebookNode

    return NotebookNode(output_type="stream", name="stdout", text=text)


def points_output(report: CellReport) -> Node:
    """An output from which nbgrader reads points."""
    from nbformat import NotebookNode

    data = NotebookNode({"text/plain": report.written})
    return NotebookNode(output_type="execute_result", execution_count=None, metadata=NotebookNode(), data=data)


def _points_cell(notebook: Node, name: str, report: CellReport, lost: dict[str, str]) -> Node:
    """The cell for the points of an exercise, put back behind the answer where the student deleted it."""
    wanted = cell_of(name) + POINTS
    places = {grade_id(cell): place for place, cell in enumerate(notebook.cells)}
    if wanted in places:
        return notebook.cells[places[wanted]]
    from nbformat.v4 import new_code_cell

    known = cell_metadata(wanted, points=report.most) | {"cell_type": "code"}
    cell = new_code_cell(lost.get(wanted, ""), metadata={"nbgrader": known, "deletable": False, "editable": False})
    cell.id = wanted if all(other.get("id") != wanted for other in notebook.cells) else f"{wanted}-again"
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        del cell["id"]
    notebook.cells.insert(places.get(class_of(name), len(notebook.cells) - 1) + 1, cell)
    return cell
