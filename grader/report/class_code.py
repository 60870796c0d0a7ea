"""The submissions in a class's folder, to be looked at: nothing of them is executed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from grader.course.folder import Assignment, Course
from grader.engine.reader import open_reader
from grader.feedback.terminal import few, say
from grader.submissions.find_class import read_class
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import SubmittedFiles
from grader.text.escape import one_line


@contextmanager
def open_class(course: Course, path: Path, chosen: Sequence[Assignment]) -> Iterator[list[SubmittedFiles]]:
    """What was handed in for the `chosen` assignments, to be read as long as this is open; notes on it are printed.

    Raises:
        UsageError: there is no class.
    """
    reader = open_reader(weak=True)  # it only reads
    try:
        names, others = ([one.name for one in some] for some in (chosen, course.assignments))
        items, notes = read_class(path, names, {one.name: read_scaffold(one) for one in chosen}, reader, others)
        for note in few(notes):
            say(one_line(note))
        yield items
    finally:
        reader.close()
