"""One engine for a whole `nbgrader autograde`: made when the first notebook comes, ended with the process."""

import atexit
import functools
from pathlib import Path

from grader.course.folder import Course, read_course
from grader.engine.engine import Engine
from grader.engine.record import Record
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold
from grader.submissions.read import Submission
from grader.text.language import speak


class Autograder:
    """Grades the notebooks of one course, one after the other."""

    def __init__(self, course: Course, weak: bool = False) -> None:
        self.course = course
        self._engine = Engine(course, weak=weak)
        self._locked_down = False
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
        if not self._locked_down:
            atexit.register(self._engine.close)
            self._engine.require_lockdown("c.GraderPreprocessor.allow_weak_sandbox = True grades all the same.")
            self._locked_down = True
        return self._engine.grade(submission)


@functools.cache
def autograder(root: Path, weak: bool, language: str) -> Autograder:
    """The one of this process for the course in `root`, which speaks `language` ("" for that of the environment)."""
    speak(language or None)
    return Autograder(read_course(root), weak)
