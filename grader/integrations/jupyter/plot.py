"""`grader.plot("conv")` in a notebook: pictures of what its cells' functions return, shown below the cell."""

from html import escape
from pathlib import Path

import msgspec

from grader.course.pictures import choose_pictures
from grader.engine.engine import Engine
from grader.errors import SandboxError, UsageError
from grader.integrations.jupyter.check import (
    cells_now,
    course_of_notebook,
    sandbox_failed,
    session,
    submission_of_cells,
    topic_of,
)
from grader.plots.answers import Drawing, drawing
from grader.plots.blocks import drawn_in_blocks
from grader.plots.figure import as_file, can_draw
from grader.submissions.files import UnreadableError


class Drawn(msgspec.Struct, frozen=True):
    """Pictures as a notebook shows them: images, or blocks where there is no matplotlib; as text, blocks."""

    drawings: tuple[Drawing, ...] = ()
    problem: str = ""

    def __repr__(self) -> str:
        return self.problem or "\n".join(drawn_in_blocks(one).plain for one in self.drawings)

    def _repr_html_(self) -> str:
        if self.problem or not can_draw():
            return f"<pre>{escape(repr(self))}</pre>"
        return "\n".join(as_file(one, "svg").decode().partition("?>\n")[2] for one in self.drawings)


def plot(name: str, picture: str | None = None, given: str | Path | None = None) -> Drawn:
    """Draw the pictures of a topic (or of the topic that has an exercise of this name) with the functions of the notebook as they are now.

    Args:
        picture: only this one.
        given: the course's folder (default: as for `grader.check`).
    """
    if session.language is None:
        session.speak()
    try:
        cells = cells_now(name)
        course = course_of_notebook(given)
        assignment = topic_of(name, None, course, cells)
        chosen = choose_pictures(assignment, picture)
        with Engine(course, self_check=True) as engine, engine.ask(submission_of_cells(assignment, cells)) as ask:
            return Drawn(tuple(drawing(one, place, ask) for place, one in enumerate(chosen)))
    except (UsageError, UnreadableError) as error:
        return Drawn(problem=str(error))
    except SandboxError as error:
        return Drawn(problem=sandbox_failed(error))
