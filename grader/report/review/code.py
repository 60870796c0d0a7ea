"""The code of a class's folder: what each student handed in, and which of it is alike. Nothing of it is executed."""

from collections.abc import Mapping
from pathlib import Path

from grader.course.folder import Course
from grader.engine.reader import open_reader
from grader.feedback.progress import counted
from grader.feedback.terminal import console, few, say
from grader.submissions.find_class import read_class
from grader.submissions.fingerprints import Pair
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import Reader, Submission, SubmittedFiles
from grader.submissions.similar import hand_ins, similar, text_of
from grader.text.escape import one_line


class ClassCode:
    """The hand-ins of a class, read when they are looked at."""

    def __init__(
        self, items: Mapping[tuple[str, str], SubmittedFiles], pairs: Mapping[str, tuple[Pair, ...]], reader: Reader
    ) -> None:
        self._items, self.pairs, self._reader = items, pairs, reader

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    def submission(self, student: str, topic: str) -> Submission | None:
        """What a student handed in; None if there is nothing."""
        item = self._items.get((student, topic))
        return item.read() if item else None

    def text(self, student: str, topic: str) -> str:
        """The text whose lines `pairs` count."""
        found = self.submission(student, topic)
        return text_of(found) if found and found.source else ""


def read_code(course: Course, folder: Path) -> ClassCode:
    """The code of the class in `folder`, compared.

    Raises:
        UsageError: there is no class.
    """
    reader = open_reader(weak=True)  # nothing is executed
    try:
        topics = [one.name for one in course.assignments]
        items, notes = read_class(folder, topics, {one.name: read_scaffold(one) for one in course.assignments}, reader)
        for note in few(notes):
            say(one_line(note))
        pairs = {}
        for assignment in course.assignments:
            own = [item for item in items if item.assignment == assignment.name]
            read = counted(console(stderr=True), own, len(own), f"reading {assignment.name}", lambda item: item.student)
            pairs[assignment.name] = similar(assignment, *hand_ins(read), {}).pairs if own else ()
        return ClassCode({(item.student, item.assignment): item for item in items}, pairs, reader)
    except BaseException:
        reader.close()
        raise
