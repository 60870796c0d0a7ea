"""What was read of one submission."""

import hashlib
from collections.abc import Mapping

import msgspec

from grader.sandbox.backend import Source
from grader.submissions.notebook.ipynb import Notebook
from grader.submissions.notebook.source import Note
from grader.submissions.pieces import Piece


class Submission(msgspec.Struct, frozen=True):
    """What one student handed in for one assignment: its `source`, or the `problem` in reading it.

    Attributes:
        is_notebook: whether its modules are the cells of a notebook; `notes` lists what was removed from them.
        file: the one that is graded, as it was handed in; `choice`: why that one, if others could be meant.
        pieces: what was written for each function, for a person to read.
        changed: data files that the course gives, and that were handed in otherwise.
    """

    student: str
    assignment: str
    source: Source | None
    problem: str = ""
    is_notebook: bool = False
    notes: tuple[Note, ...] = ()
    file: str = ""
    choice: str = ""
    pieces: Mapping[str, Piece] = {}
    changed: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """A hash of the text (or of the problem); grading the same again is unnecessary."""
        digest = hashlib.sha256(self.problem.encode("utf-8", "surrogatepass"))
        for name, text in sorted(self.source.modules.items()) if self.source else ():
            digest.update(f"\0{name}\0{len(text)}\0{text}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


class Reading(msgspec.Struct, frozen=True):
    """A submission that was read, and the cells of its notebook if there is one: as they were handed in, within limits."""

    submission: Submission
    notebook: Notebook | None = None
