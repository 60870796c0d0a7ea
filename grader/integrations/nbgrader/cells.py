"""What a gradebook has for each exercise of a class: read in two queries, and written only where it changes."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec

from grader.integrations.nbgrader.by_hand import Held
from grader.integrations.nbgrader.fast_import import nbgrader
from grader.submissions.notebook.source import POINTS, cell_of


class Submitted(msgspec.Struct, frozen=True):
    """A submission in a gradebook.

    Attributes:
        notebook: its id there, which no other submission ever has.
        held: what stands there for each exercise, by name.
        others: the cells of the instructor's own that have points, which the rubric does not know.
        read: what stands there for each answer that a person reads, by exercise.
    """

    student: str
    assignment: str
    notebook: str
    held: dict[str, Held]
    others: tuple[str, ...] = ()
    read: dict[str, Held] = {}


def submitted(db: Any, exercises: Mapping[str, Collection[str]]) -> list[Submitted]:
    """The submissions of some assignments, by assignment and student.

    Args:
        db: an SQLAlchemy session.
        exercises: the names of each assignment's.
    """
    api = nbgrader("api")
    rows = _of(db, api.Grade, exercises, api.Grade.auto_score, api.Grade.manual_score, api.Grade.extra_credit)
    comments = {
        (notebook, name): (manual, automatic)
        for _assignment, _student, notebook, name, manual, automatic in _of(
            db, api.Comment, exercises, api.Comment.manual_comment, api.Comment.auto_comment
        )
    }
    found: dict[tuple[str, str, str], Submitted] = {}
    for assignment, student, notebook, cell, auto, manual, extra in rows:
        one = found.setdefault((assignment, student, notebook), Submitted(student, assignment, notebook, {}, read={}))
        name = next((name for name in exercises[assignment] if cell == cell_of(name) + POINTS), "")
        if name:
            one.held[name] = Held(name, manual, extra, *comments.get((notebook, name), ()))
        elif cell in exercises[assignment]:
            one.read[cell] = Held(cell, manual, extra, *comments.get((notebook, cell), ()))
        elif auto or manual or extra:
            found[assignment, student, notebook] = msgspec.structs.replace(one, others=(*one.others, cell))
    return [found[key] for key in sorted(found)]


def update(db: Any, notebook: str, held: Iterable[tuple[Held, Held]]) -> None:
    """Write extra credit and comments where they are not what they were.

    Args:
        held: of each exercise, before and after.
    """
    api = nbgrader("api")
    for before, after in held:
        if after.extra != before.extra:
            _cell(db, api.Grade, notebook, cell_of(before.exercise) + POINTS).update({"extra_credit": after.extra}, False)
        if (after.comment, after.automatic) != (before.comment, before.automatic):
            texts = {"manual_comment": after.comment, "auto_comment": after.automatic}
            _cell(db, api.Comment, notebook, before.exercise).update(texts, False)


def _of(db: Any, kind: Any, assignments: Iterable[str], *columns: Any) -> list[Any]:
    """Rows of grades or comments, with assignment, student, the notebook's id and the cell's name before the `columns`."""
    api = nbgrader("api")
    handed_in, about = api.SubmittedNotebook, api.SubmittedAssignment
    query = (
        db.query(api.Assignment.name, about.student_id, handed_in.id, api.BaseCell.name, *columns)
        .select_from(kind)
        .join(api.BaseCell, kind.cell_id == api.BaseCell.id)
        .join(handed_in, kind.notebook_id == handed_in.id)
        .join(api.Notebook, handed_in.notebook_id == api.Notebook.id)
        .join(about, handed_in.assignment_id == about.id)
        .join(api.Assignment, about.assignment_id == api.Assignment.id)
        .filter(api.Notebook.name == api.Assignment.name, api.Assignment.name.in_(list(assignments)))
    )
    return list(query.order_by(api.Assignment.name, about.student_id, api.BaseCell.name))


def _cell(db: Any, kind: Any, notebook: str, name: str) -> Any:
    """The grade or the comment of one cell."""
    api = nbgrader("api")
    cells = db.query(api.BaseCell.id).join(api.Notebook).join(api.SubmittedNotebook)
    ids = [row[0] for row in cells.filter(api.SubmittedNotebook.id == notebook, api.BaseCell.name == name)]
    return db.query(kind).filter(kind.notebook_id == notebook, kind.cell_id.in_(ids))
