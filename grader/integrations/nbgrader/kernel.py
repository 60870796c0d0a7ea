"""Cells of the instructor's own, executed as nbgrader would: in a kernel, unprotected. Only where the course says so."""

from collections.abc import Collection
from typing import Any

from nbgrader.preprocessors import Execute
from traitlets.config import Config

from grader.integrations.nbgrader.fill import grade_id
from grader.submissions.notebook.source import CHECK, POINTS, SELF_CHECK


class _Others(Execute):
    """nbgrader's Execute, for all cells but those that the grader has filled, and the checks beside them."""

    left: Collection[str] = ()

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> tuple[Any, Any]:
        """Execute the cell, and keep what was told of it before."""
        if grade_id(cell) in self.left or cell.cell_type != "code":
            return cell, resources
        told = list(cell.outputs)
        cell, resources = super().preprocess_cell(cell, resources, index)
        cell.outputs[:0] = told
        return cell, resources


def execute(notebook: Any, resources: Any, ours: Collection[str], config: Config) -> None:
    """Execute a notebook's cells in a kernel of their own, but those with the grade_ids `ours` and their checks.

    Args:
        config: of nbgrader; `c.Execute` and `c.ExecutePreprocessor` in it count as they do in nbgrader.
    """
    client = _Others(config=config)
    client.left = {SELF_CHECK, *ours, *(name.removesuffix(POINTS) + CHECK for name in ours)}
    client.preprocess(notebook, resources)
