"""The result of a check in a notebook: what it shows, and the points that `nbgrader autograde` reads from it."""

import os

import msgspec

from grader.errors import SandboxError, UsageError
from grader.feedback.view import problem_view, view_of
from grader.feedback.view_types import View
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.plan import Plan
from grader.run import Run


class Checked(msgspec.Struct, frozen=True, eq=False, repr_omit_defaults=True):
    """The result of a check: a table in a notebook, text elsewhere.

    Attributes:
        grade: None if nothing could be checked; `problem` says why.
        filled: whether every function is defined and written.
        notes: on cells that did not run to their end, and on what was removed from them.
        since: what changed since the last check of the same, if there was one.
    """

    name: str
    title: str = ""
    grade: Grade | None = None
    plan: Plan | None = None
    run: Run | None = None
    filled: bool = True
    problem: str = ""
    notes: tuple[str, ...] = ()
    since: str = ""

    @property
    def points(self) -> float:
        """The exercise's points by the share of checks that passed, not counting those that only run on submission.

        Raises:
            UsageError: nothing could be checked.
            SandboxError: the grader failed, which must not be a student's zero. `nbgrader autograde` makes a zero of any exception, so
                there the kernel ends instead, and the submission stays ungraded.
        """
        if self.grade is None or self.grade.status == "grader_error":
            error = SandboxError(self.problem or self.grade.message) if self.grade else UsageError(self.problem)
            _leave_ungraded(str(error))
            raise error
        return sum(_earned(found, self.filled) for found in self.grade.exercises)

    @property
    def passed(self) -> bool:
        """Whether every check that can run here passed."""
        if self.grade is None or self.grade.status != "graded" or not self.grade.exercises:
            return False
        return all(_is_right(found, self.filled) for found in self.grade.exercises)

    @property
    def _view(self) -> View:
        if self.grade is None:
            return problem_view(self.problem, self.title)
        return view_of(self.grade, self.title, self.plan, self.run, self.notes, since=self.since)

    def _repr_html_(self) -> str:
        from grader.feedback.html import page

        return page(self._view)

    def __repr__(self) -> str:
        if self.grade is None:
            return self.problem
        from rich.console import Console

        from grader.feedback.terminal import PIPED_WIDTH, student_report

        with open(os.devnull, "w") as nowhere:  # noqa: PTH123
            # without force_jupyter=False rich prints into the notebook, whatever `file` is
            console = Console(
                file=nowhere, record=True, width=PIPED_WIDTH, highlight=False, force_jupyter=False, force_terminal=False
            )
            console.print(student_report(self._view))
            return "\n".join(line.rstrip() for line in console.export_text().rstrip().split("\n"))


def _earned(exercise: ExerciseGrade, filled: bool) -> float:
    """The points by the checks that run here; if none does, all that checks give for a function that was written.

    What a person decides is in another cell of nbgrader's; so is what is above the maximum.
    """
    if exercise.counts != "required":
        return 0.0
    decided = _decided(exercise)
    most = exercise.max_score - sum(item.points for item in exercise.checks if item.by_hand)
    if all(item.verdict == "passed" for item in decided):
        return round(most, 9) if decided or filled else 0.0
    return round(most * sum(item.score for item in decided) / sum(item.points for item in decided), 4)


def _decided(exercise: ExerciseGrade) -> list[Verdict]:
    return [item for item in exercise.checks if not item.at_hand_in and not item.by_hand]


def _is_right(exercise: ExerciseGrade, filled: bool) -> bool:
    """Whether all that can be decided here is right, and something is written for a person to read."""
    decided = _decided(exercise)
    written = all(item.is_open for item in exercise.checks if item.by_hand)
    return written and all(item.verdict == "passed" for item in decided) and bool(decided or filled)


def _leave_ungraded(problem: str) -> None:
    """Under `nbgrader autograde`, end the kernel: nbgrader then reports the submission and stores no grade."""
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        os.write(2, f"grader: {problem}\n".encode())
        os._exit(3)
