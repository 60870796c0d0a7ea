"""One course with its plans and its sandbox: where every way to grade starts."""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Self

from grader.course.folder import PUBLIC_SEED, Course
from grader.course.rubric import read_rubric
from grader.engine.asking import Asking, limits_for_pictures
from grader.engine.grade_one import grade_one, run_one
from grader.engine.lockdown import open_sandbox, require_lockdown
from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record
from grader.errors import UsageError
from grader.plan import Plan
from grader.run import Run
from grader.sandbox.backend import Backend, Limits
from grader.sandbox.children import Sessions
from grader.sandbox.offer import require as require_modules
from grader.submissions.read import Reader, SubmittedFiles
from grader.submissions.submission import Submission


class Engine:
    """Grades the submissions of one course. Use as a context manager.

    Plans are made on first use and kept; so is the sandbox of single submissions.
    """

    def __init__(
        self,
        course: Course,
        *,
        self_check: bool = False,
        weak: bool = False,
        sandbox: Backend | None = None,
        limits: Limits | None = None,
        student: str | None = None,
    ) -> None:
        """Nothing is read or started yet.

        Args:
            self_check: a student checks their own work: with the public seed, without a reference if there is none, and in a weak sandbox
                if there is no better one. Otherwise a class is graded: with the course's secret, and with student code locked down.
            weak: whether a class may be graded where student code cannot be locked down.
            sandbox: one that is warming up already.
            limits: of each submission.
            student: who checks their own work, by the course's id; by default, who said so last in this course.
        """
        self.course = course
        self._self_check, self.weak = self_check, weak or self_check
        self._sandbox, self.limits = sandbox, limits or Limits()
        self.student = (course.student if student is None else student) if self_check else ""
        self._reader: Reader | None = None
        self._prepared: dict[tuple[str, bool, str], Prepared] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox, and the process that reads."""
        for opened in (self._sandbox, self._reader):
            if opened is not None:
                opened.close()
        self._sandbox = self._reader = None

    @property
    def reader(self) -> Reader:
        """Reads what others handed in, locked down like their code. It starts when it is first asked for."""
        if self._reader is None:
            from grader.engine.reader import open_reader  # one's own work is read here

            self._reader = open_reader(self.weak)
        return self._reader

    def use(self, sandbox: Backend) -> None:
        """Use a sandbox that was started already, unless there is one."""
        if self._sandbox is None:
            self._sandbox = sandbox
        else:
            sandbox.close()

    def require_lockdown(self, override: str) -> None:
        """Like `lockdown.require_lockdown`, unless a weak sandbox is allowed."""
        if not self.weak:
            require_lockdown(override)

    def prepare(self, topic: str, *, filled: bool = False, only: str = "") -> Prepared:
        """An assignment, ready to grade.

        Args:
            filled: whether the stub has been filled in place (see `course.rubric.read_rubric`).
            only: the one exercise to plan ("" for all of them).

        Raises:
            UsageError: there is no such assignment, no reference to grade a class with, or a module is not installed.
            RubricError: the rubric cannot be planned.
        """
        key = (topic, filled, only)
        if key not in self._prepared:
            assignment = self.course.assignment(topic)
            if not self._self_check and not assignment.reference.is_file():
                raise UsageError(
                    f"{self.course.root} has no reference for {topic}; a class is graded in the instructor's course."
                )
            require_modules(assignment.modules)
            seed = PUBLIC_SEED if self._self_check else self.course.secret()
            self._prepared[key] = prepare(assignment, seed, filled, only, self.student, each=not self._self_check)
        return self._prepared[key]

    def run(self, submission: Submission, ready: Prepared | None = None) -> Run:
        """Run one submission, without judging it (see `grade_one.run_one`)."""
        return run_one(submission, ready or self.prepare(submission.assignment), self._open(), self.limits)

    def ask(self, submission: Submission, elsewhere: Callable[[str], Submission | None] = lambda topic: None) -> Asking:
        """The functions of one submission, to be asked one call after the other (see `asking`): use as a context manager.

        Args:
            submission: one that could be read.
            elsewhere: the same student's work for another topic; None where there is none.
        """
        return Asking(submission, self._sessions, elsewhere)

    def _sessions(self, submission: Submission) -> Sessions:
        """The children of a submission that could be read, with what its assignment allows and gives."""
        assert submission.source is not None
        assignment = self.course.assignment(submission.assignment)
        require_modules(assignment.modules)
        source = Plan(read_rubric(assignment, filled=True), (), (), (), "").source(submission.source)
        return Sessions(source, self._open(), limits_for_pictures(self.limits))

    def grade(self, submission: Submission, ready: Prepared | None = None) -> Record:
        """Run and judge one submission (see `grade_one.grade_one`).

        Args:
            ready: its assignment, if not prepared with the defaults of `prepare`.
        """
        return grade_one(submission, ready or self.prepare(submission.assignment), self._open(), self.limits)

    def grade_all(
        self, submitted: Sequence[SubmittedFiles], jobs: int | None = None, tell: Callable[[str], object] = str
    ) -> Iterator[Record]:
        """The record of each submission of a class, in order of completion (see `grade_all.grade_all`)."""
        from grader.engine.grade_all import grade_all

        ready = {name: self.prepare(name) for name in dict.fromkeys(item.assignment for item in submitted)}
        return grade_all(submitted, ready, self._next_sandbox, self.limits, jobs, tell)

    def _next_sandbox(self) -> Backend:
        """A sandbox for somebody else to close: first the one that there is."""
        found, self._sandbox = self._sandbox, None
        return found or open_sandbox(self.weak)

    def _open(self) -> Backend:
        if self._sandbox is None:
            self._sandbox = open_sandbox(self.weak)
        return self._sandbox
