"""What was read for grading is not read again for the notebook that shows the points."""

from msgspec.structs import replace

from grader.integrations.nbgrader.read_once import ReadOnce
from grader.submissions.files import File, Held
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.read import Here, SubmittedFiles
from grader.submissions.submission import Reading

NOTEBOOK = b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1", "metadata": {}}]}'
ITEM = SubmittedFiles("ana", "x", (File(("x", "x.ipynb"), Held(NOTEBOOK)),), Scaffold("", ()))


class Counting(Here):
    """Counts what is read."""

    count = 0

    def read(self, item: SubmittedFiles, *, cells: bool = False) -> Reading:
        """See `Reader`."""
        self.count += 1
        return super().read(item, cells=cells)


def test_a_submission_is_read_once() -> None:
    """For its grade and for its cells, which are the same as if it were read again."""
    counting = Counting()
    reader = ReadOnce(counting)
    reader.read(ITEM)
    assert (reader.read(ITEM, cells=True), counting.count) == (Here().read(ITEM), 1)


def test_it_is_that_of_each_member_of_a_team() -> None:
    """Each of them gets a notebook of their own."""
    reader = ReadOnce(Here())
    reader.read(ITEM)
    assert reader.read(replace(ITEM, student="bo"), cells=True).submission.student == "bo"


def test_with_another_scaffold_it_is_read_again() -> None:
    """What the course gives decides what is read."""
    counting = Counting()
    reader = ReadOnce(counting)
    reader.read(ITEM)
    reader.read(replace(ITEM, scaffold=Scaffold("", ("f",))), cells=True)
    assert counting.count == 2


def test_without_room_it_is_read_again() -> None:
    """A class of large notebooks takes no more memory than a small one."""
    counting = Counting()
    reader = ReadOnce(counting)
    reader._room = 10
    reader.read(ITEM)
    reader.read(ITEM, cells=True)
    assert counting.count == 2
