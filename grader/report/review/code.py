"""The code of a class's folder: what each student handed in, and which of it is alike. Nothing of it is executed."""

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from grader.course.folder import Course
from grader.engine.reader import open_reader
from grader.submissions.find_class import read_class
from grader.submissions.fingerprints import Pair
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import Reader, SubmittedFiles
from grader.submissions.similar import hand_ins, similar, text_of
from grader.text.escape import one_line

LARGEST = 200_000  # characters of code on a page


class Code(msgspec.Struct, frozen=True):
    """A student's code; `problem`: why it is not that of the attempt."""

    text: str
    problem: str = ""


class ClassCode:
    """The hand-ins of a class, read when they are looked at."""

    def __init__(
        self, items: Mapping[tuple[str, str], SubmittedFiles], pairs: Mapping[str, tuple[Pair, ...]], reader: Reader
    ) -> None:
        self._items, self.pairs, self._reader = items, pairs, reader

    def close(self) -> None:
        """End the process that reads."""
        self._reader.close()

    def code(self, student: str, topic: str, source_hash: str = "") -> Code | None:
        """What a student handed in; None if there is nothing. With a hash, a remark if it is not that of the attempt."""
        item = self._items.get((student, topic))
        submission = item.read() if item else None
        if submission is None:
            return None
        if submission.source is None:
            return Code("", submission.problem)
        other = source_hash and submission.hash != source_hash
        problem = "The class's folder holds another version than this attempt." if other else ""
        return Code(text_of(submission)[:LARGEST], problem)


def read_code(course: Course, folder: Path, say: Callable[[str], object]) -> ClassCode:
    """The code of the class in `folder`, compared.

    Raises:
        UsageError: there is no class.
    """
    reader = open_reader(weak=True)  # nothing is executed
    try:
        topics = [one.name for one in course.assignments]
        items, notes = read_class(folder, topics, {one.name: read_scaffold(one) for one in course.assignments}, reader)
        for note in notes:
            say(one_line(note))
        pairs = {}
        for assignment in course.assignments:
            own = [item for item in items if item.assignment == assignment.name]
            if own:
                say(f"comparing {len(own)} hand-ins for {assignment.name}")
                pairs[assignment.name] = similar(assignment, *hand_ins(own), {}).pairs
        return ClassCode({(item.student, item.assignment): item for item in items}, pairs, reader)
    except BaseException:
        reader.close()
        raise
