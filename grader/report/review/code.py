"""The code of a class's folder: what each student handed in, and which of it is alike. Nothing of it is executed."""

from collections.abc import Callable, Mapping
from pathlib import Path

from grader.course.folder import Course
from grader.engine.reader import open_reader
from grader.submissions.find_class import read_class
from grader.submissions.fingerprints import Pair
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import Reader, Submission, SubmittedFiles
from grader.submissions.similar import hand_ins, similar, text_of
from grader.text.escape import one_line, plain

LINES, LINE = 4000, 300  # of a hand-in that are shown, and characters of each


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

    def lines(self, student: str, topic: str) -> list[str]:
        """The lines that `pairs` count."""
        found = self.submission(student, topic)
        text = text_of(found) if found and found.source else ""
        return [plain(line.expandtabs(4), LINE) for line in text.splitlines()[:LINES]]


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
