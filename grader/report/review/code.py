"""The code of a class's folder: what each student handed in, and which of it is alike. Nothing of it is executed."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from grader.course.folder import Course
from grader.feedback.progress import counted
from grader.feedback.terminal import console
from grader.report.class_code import open_class
from grader.submissions.fingerprints import Pair
from grader.submissions.read import SubmittedFiles
from grader.submissions.similar import own_code, similar, text_of
from grader.submissions.submission import Submission


class ClassCode:
    """The submissions of a class, read when they are looked at."""

    def __init__(
        self, items: Mapping[tuple[str, str], SubmittedFiles], pairs: Mapping[str, tuple[Pair, ...]], opened: ExitStack
    ) -> None:
        self._items, self.pairs, self._opened = items, pairs, opened

    def close(self) -> None:
        """End the process that reads."""
        self._opened.close()

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
    with ExitStack() as stack:
        items = stack.enter_context(open_class(course, folder, course.assignments))
        pairs = {}
        for assignment in course.assignments:
            own = [item for item in items if item.assignment == assignment.name]
            read = counted(console(stderr=True), own, len(own), f"reading {assignment.name}", lambda item: item.student)
            pairs[assignment.name] = similar(assignment, *own_code(read), {}).pairs if own else ()
        return ClassCode({(item.student, item.assignment): item for item in items}, pairs, stack.pop_all())
