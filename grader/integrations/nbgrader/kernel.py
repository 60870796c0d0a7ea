"""The instructor's own cells, executed as nbgrader does: in a kernel, unprotected. Only where the course asks for it."""

from collections.abc import Collection
from typing import Any

from nbgrader.preprocessors import Execute
from traitlets.config import Config

from grader.errors import SandboxError
from grader.integrations.nbgrader.fill import grade_id
from grader.submissions.notebook.source import CHECK, POINTS, SELF_CHECK


class _Others(Execute):
    """nbgrader's Execute, for all cells except those that the grader filled and the checks beside them."""

    left: Collection[str] = ()

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Execute the cell, keeping its notes."""
        if grade_id(cell) in self.left or cell.cell_type != "code":
            return cell, resources
        notes = list(cell.outputs)
        cell, resources = super().preprocess_cell(cell, resources, index)
        cell.outputs[:0] = notes
        return cell, resources


def execute(notebook: Any, resources: Any, ours: Collection[str], config: Config) -> None:
    """Execute a notebook's cells in a fresh kernel, except those with the grade_ids `ours` and their checks.

    Args:
        config: nbgrader's, with its `c.Execute` and `c.ExecutePreprocessor`.
    """
    client = _Others(config=config)
    client.left = {SELF_CHECK, *ours, *(name.removesuffix(POINTS) + CHECK for name in ours)}
    client.preprocess(notebook, resources)


def execute_one_of_many(notebook: Any, resources: Any, ours: Collection[str], config: Config) -> None:
    """The same, where a kernel that dies is no reason to stop.

    Raises:
        SandboxError: it died, or a cell took too long.
    """
    try:
        execute(notebook, resources, ours, config)
    except Exception as error:  # whatever nbgrader, nbclient and ZeroMQ have for it
        problem = " ".join(str(error).split())[:200]
        raise SandboxError(f"its cells could not be executed ({type(error).__name__}{problem and f': {problem}'})") from None
