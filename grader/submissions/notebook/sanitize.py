"""The preprocessing of `nbgrader autograde`, for a submitted notebook that is only read.

    DeduplicateIds, OverwriteCells, GraderRepair, OverwriteKernelspec, CheckCellMetadata

Copies of a cell and cells with unknown grade_ids become ordinary cells; types, locks, points and the text of locked cells are those of the
gradebook. What nbgrader refuses is refused.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from grader.submissions.files import UnreadableError
from grader.submissions.notebook.ipynb import Cell, Notebook
from grader.text.language import gettext as _

SCHEMA = 3
_ID = re.compile(r"[a-zA-Z0-9_\-]*")


class KnownCell(msgspec.Struct, frozen=True):
    """A cell as it was released; `points` if it earns any."""

    cell_type: str
    locked: bool
    source: str
    checksum: str | None
    points: float | None


class Known(msgspec.Struct, frozen=True):
    """A notebook as it was released."""

    cells: Mapping[str, KnownCell]
    kernelspec: Mapping[str, Any] | None = None


class _Metadata(msgspec.Struct, forbid_unknown_fields=True):
    """nbgrader's schema of a cell's metadata."""

    schema_version: int
    grade: bool
    locked: bool
    solution: bool
    task: bool = False
    grade_id: str = ""
    points: float | None = None
    checksum: str = "-" * 32
    cell_type: str = "code"


def sanitize(name: str, notebook: Notebook, known: Known) -> None:
    """Restore the released cells of a submitted notebook, except the answers.

    Args:
        name: of the file, for messages.

    Raises:
        UnreadableError: nbgrader refuses such a notebook.
    """
    seen: set[str] = set()
    for cell in reversed(notebook.cells):
        if "nbgrader" not in cell.metadata:
            continue
        if cell.is_grade or cell.is_solution or _is_locked(cell):
            if cell.grade_id in seen:
                del cell.metadata["nbgrader"]
                continue
            seen.add(cell.grade_id)
        found = known.cells.get(cell.grade_id)
        if found is None:
            del cell.metadata["nbgrader"]
        else:
            _overwrite(name, cell, found)
    if known.kernelspec is not None:
        notebook.metadata["kernelspec"] = dict(known.kernelspec)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            _check(name, cell)


def checksum(cell: Cell) -> str:
    """nbgrader's own checksum of a cell."""
    parts = [cell.text, cell.cell_type, str(cell.is_grade), str(cell.is_solution), str(_is_locked(cell)), cell.grade_id]
    if cell.is_grade:
        parts.append(str(float(cell.nbgrader["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _is_locked(cell: Cell) -> bool:
    return not cell.is_solution and (cell.is_grade or cell.nbgrader.get("locked") is True)


def _overwrite(name: str, cell: Cell, found: KnownCell) -> None:
    cell.cell_type = found.cell_type
    about = cell.metadata["nbgrader"]
    if _is_locked(cell) != found.locked:
        about["locked"] = found.locked
    if cell.is_grade:
        if found.points is None:
            raise _refused(name, cell)
        if about.get("points") != found.points:
            about["points"] = found.points
    about["checksum"] = found.checksum
    if found.locked and checksum(cell) != found.checksum:
        cell.source = found.source
        if checksum(cell) != found.checksum:
            raise _refused(name, cell)


def _check(name: str, cell: Cell) -> None:
    try:
        about = msgspec.convert(cell.metadata["nbgrader"], _Metadata)
    except msgspec.ValidationError:
        raise _refused(name, cell) from None
    if (
        (cell.cell_type == "markdown" and not about.task and about.grade != about.solution)
        or about.schema_version != SCHEMA
        or not _ID.fullmatch(about.grade_id)
        or (about.grade and about.points is None)
        or (about.points is not None and about.points < 0)
        or len(about.checksum) != 32
        or about.cell_type not in ("raw", "code", "markdown")
        or (about.task and cell.cell_type != "markdown")
    ):
        raise _refused(name, cell)


def _refused(name: str, cell: Cell) -> UnreadableError:
    text = _(
        "what nbgrader wrote about the cell {cell} of {name} was changed; copy your answers into a fresh copy of the notebook"
    )
    return UnreadableError(text.format(cell=cell.grade_id, name=name))
