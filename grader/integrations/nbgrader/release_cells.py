"""Room for new cells in a gradebook that has submissions already.

Once there are submissions, nbgrader refuses to release a notebook with other cells than before. New cells lose nothing, so they are
entered here first, as nbgrader would have done: the cell, and a grade or comment in each submitted notebook. Removing a cell with grades
is refused.
"""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, Notebook

from grader.errors import UsageError
from grader.integrations.nbgrader.release_notebook import cells_called


def make_room(gradebook: Gradebook, topic: str, name: str, cells: NotebookNode) -> list[str]:
    """Enter the cells of the notebook `name` that the gradebook lacks; returns the names of those with points.

    Raises:
        UsageError: cells with grades or comments are missing.
    """
    try:
        notebook = gradebook.find_notebook(name, topic)
    except MissingEntry:
        return []
    if not notebook.submissions:
        return []  # nbgrader replaces the entry
    new = dict(cells_called(cells))
    _refuse_losses(notebook, topic, new)
    for cell in list(notebook.source_cells):
        if cell.name not in new:  # read-only text, without grades or comments
            gradebook.db.delete(cell)
    known = {cell.name for cell in notebook.source_cells}
    with_points = []
    for grade_id, cell in new.items():
        if grade_id in known:
            continue
        about = cell.metadata.nbgrader
        if about.get("task"):
            entry = gradebook.add_task_cell(grade_id, name, topic, max_score=about.points, cell_type=cell.cell_type)
            _places(gradebook, notebook, entry, Grade, Comment)
        if about.grade:
            entry = gradebook.add_grade_cell(grade_id, name, topic, max_score=about.points, cell_type=cell.cell_type)
            _places(gradebook, notebook, entry, Grade)
        if about.solution:
            entry = gradebook.add_solution_cell(grade_id, name, topic)
            _places(gradebook, notebook, entry, Comment)
        gradebook.add_source_cell(grade_id, name, topic, cell_type=cell.cell_type, source=cell.source, locked=not about.solution)
        if about.grade or about.get("task"):
            with_points.append(grade_id)
    gradebook.db.commit()
    return with_points


def _refuse_losses(notebook: Notebook, topic: str, new: dict[str, Any]) -> None:
    """Refuse to remove a cell with grades or comments, or to change its role."""

    def roles(about: Any) -> set[str]:
        return {role for role in ("grade", "solution", "task") if about.get(role)}

    now = {name: roles(cell.metadata.nbgrader) for name, cell in new.items()}
    before = [*((cell, "grade") for cell in notebook.grade_cells), *((cell, "solution") for cell in notebook.solution_cells)]
    before += [(cell, "task") for cell in notebook.task_cells]
    for cell, role in before:
        if role not in now.get(cell.name, set()):
            count = len(notebook.submissions)
            raise UsageError(
                f"{topic}: the gradebook has {count} submission{'s' * (count != 1)} with the cell {cell.name!r}, which the topic no longer "
                "has; its grades and comments would be lost. Put the exercise back (it can be worth little, but not nothing), or remove "
                f"the submissions from the gradebook first: nbgrader db assignment remove {topic} --force"
            )


def _places(gradebook: Gradebook, notebook: Notebook, cell: Any, *kinds: Any) -> None:
    """Add the cell's grade or comment to every submitted notebook."""
    for submitted in notebook.submissions:
        for kind in kinds:
            gradebook.db.add(kind(cell_id=cell.id, notebook=submitted))
