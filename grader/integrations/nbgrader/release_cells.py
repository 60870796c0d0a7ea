"""Room for new cells in a gradebook that has submissions already.

nbgrader refuses to release a notebook with other cells than before once something was handed in. New cells take nothing away, so they are
entered here first, as nbgrader would have done it: the cell, and for each notebook that was handed in a place for its grade or comment.
A cell with grades that is gone is another matter: that is refused, and nothing is changed.
"""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Comment, Grade, Gradebook, MissingEntry, Notebook

from grader.errors import UsageError
from grader.integrations.nbgrader.release_notebook import cells_called


def make_room(gradebook: Gradebook, topic: str, name: str, cells: NotebookNode) -> list[str]:
    """Enter the cells of the notebook `name` that its gradebook entry has not; returns the names of those with points.

    Raises:
        UsageError: cells with grades or comments are gone.
    """
    try:
        notebook = gradebook.find_notebook(name, topic)
    except MissingEntry:
        return []
    if not notebook.submissions:
        return []  # nbgrader makes the entry anew
    new = dict(cells_called(cells))
    _refuse_losses(notebook, topic, new)
    for cell in list(notebook.source_cells):
        if cell.name not in new:  # text that was read only: nothing hangs on it
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
    """No cell with grades or comments may be gone, or be something else now."""

    def roles(about: Any) -> set[str]:
        return {role for role in ("grade", "solution", "task") if about.get(role)}

    now = {name: roles(cell.metadata.nbgrader) for name, cell in new.items()}
    before = [*((cell, "grade") for cell in notebook.grade_cells), *((cell, "solution") for cell in notebook.solution_cells)]
    before += [(cell, "task") for cell in notebook.task_cells]
    for cell, role in before:
        if role not in now.get(cell.name, set()):
            count = len(notebook.submissions)
            raise UsageError(
                f"{topic}: the gradebook has {count} hand-in{'s' * (count != 1)} with the cell {cell.name!r}, which the topic has no more; "
                "its grades and comments would be lost. Put the exercise back (an exercise can be worth little, not nothing), or take "
                f"the hand-ins out of the gradebook first: nbgrader db assignment remove {topic} --force"
            )


def _places(gradebook: Gradebook, notebook: Notebook, cell: Any, *kinds: Any) -> None:
    """A place for the cell's grade (or comment) in every notebook that was handed in."""
    for submitted in notebook.submissions:
        for kind in kinds:
            gradebook.db.add(kind(cell_id=cell.id, notebook=submitted))
