"""One sandbox and one plan for a whole `nbgrader autograde`: made when the first notebook comes, ended with the process."""

import atexit
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.folder import Course, read_course
from grader.engine.grade import Prepared, grade_one
from grader.engine.record import Record
from grader.errors import UsageError
from grader.prove.validate import prepare
from grader.sandbox.backend import Limits
from grader.sandbox.choose import best_backend
from grader.sandbox.probe import probe, refusals
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold
from grader.submissions.read import Submission
from grader.text.language import speak

if TYPE_CHECKING:
    from grader.sandbox.backend import Backend


class Engine:
    """Grades the submissions of one course, one after the other."""

    def __init__(self, course: Course, weak: bool = False) -> None:
        self.course = course
        self._weak = weak
        self._backend: Backend | None = None
        self._prepared: dict[str, Prepared] = {}
        self._scaffolds: dict[str, Scaffold] = {}

    def knows(self, topic: str) -> bool:
        """Whether the course has such an assignment."""
        return any(assignment.name == topic for assignment in self.course.assignments)

    def scaffold(self, topic: str) -> Scaffold:
        """What the course gives for one topic."""
        if topic not in self._scaffolds:
            self._scaffolds[topic] = read_scaffold(self.course.assignment(topic))
        return self._scaffolds[topic]

    def grade(self, submission: Submission) -> Record:
        """The record of one submission.

        Raises:
            UsageError: the course cannot grade it, or student code cannot be locked down here.
        """
        backend = self._open()
        return grade_one(submission, self._ready(submission.assignment), backend, Limits())

    def _ready(self, topic: str) -> Prepared:
        if topic not in self._prepared:
            assignment = self.course.assignment(topic)
            if not assignment.reference.is_file():
                raise UsageError(
                    f"{self.course.root} has no reference for {topic}; a class is graded in the instructor's course."
                )
            self._prepared[topic] = prepare(assignment, self.course.secret())
        return self._prepared[topic]

    def _open(self) -> "Backend":
        if self._backend is None:
            self._backend = best_backend(self._weak)
            self._backend.start()
            atexit.register(self._backend.close)
            missing = [] if self._weak else refusals(probe(self._backend))
            if missing:
                reasons = "\n".join(f"  - {item.name}: {item.detail} → {item.remedy}" for item in missing)
                raise UsageError(
                    f"student code cannot be locked down here, so nothing is graded:\n{reasons}\n"
                    "`grader doctor` shows all; c.GraderPreprocessor.allow_weak_sandbox = True grades all the same."
                )
        return self._backend


@functools.cache
def engine(root: Path, weak: bool, language: str) -> Engine:
    """The one engine of this process for the course in `root`, which speaks `language` ("" for that of the environment)."""
    speak(language or None)
    return Engine(read_course(root), weak)
