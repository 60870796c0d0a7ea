"""One engine for a whole `nbgrader autograde`: made for the first notebook, closed with the process."""

import atexit
import functools
from pathlib import Path

from grader.course.folder import Course, read_course
from grader.engine.engine import Engine
from grader.engine.record import Record
from grader.submissions.notebook.scaffold import Scaffold, read_scaffold
from grader.submissions.submission import Submission
from grader.text.language import ask


class Autograder:
    """Grades the notebooks of one course."""

    def __init__(self, course: Course, weak: bool = False) -> None:
        self.course, self._weak = course, weak
        self._scaffolds: dict[str, Scaffold] = {}

    def scaffold(self, topic: str) -> Scaffold:
        """What the course provides for one topic."""
        if topic not in self._scaffolds:
            self._scaffolds[topic] = read_scaffold(self.course.assignment(topic))
        return self._scaffolds[topic]

    def grade(self, submission: Submission) -> Record:
        """The record of one submission; a UsageError if the course or this machine cannot grade it safely."""
        return self._engine.grade(submission)

    @functools.cached_property
    def _engine(self) -> Engine:
        engine = Engine(self.course, weak=self._weak)
        atexit.register(engine.close)
        engine.require_lockdown("c.GraderPreprocessor.allow_weak_sandbox = True grades all the same.")
        return engine


@functools.cache
def autograder(root: Path, weak: bool, language: str) -> Autograder:
    """This process's autograder for the course in `root`; it speaks `language` ("": that of the environment)."""
    ask(language or None)
    return Autograder(read_course(root), weak)
