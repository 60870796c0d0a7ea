"""The records of a grade. Their fields are the JSON contract of one graded submission, versioned by `SCHEMA`."""

from typing import Literal

import msgspec

from grader.checks.compare import Difference

SCHEMA = 1

VerdictWord = Literal["passed", "failed", "skipped", "grader_error"]


class Told(msgspec.Struct, frozen=True):
    """What is told of a hidden check until the grades are published (see `judge.told`), in place of `call` and `message`."""

    call: str
    message: str


class Verdict(msgspec.Struct, frozen=True):
    """The verdict of one check.

    Attributes:
        outcome: the outcome of the step that decided ("returned" when all did; None when nothing was run).
        misconception: the name of the recognised mistake, `hint` what the student reads about it.
        points: what the check is worth.
        at_hand_in: whether it waits for the reference.
        difference: how the value differs.
        public: whether students may read all of it at once; what they may read otherwise is `told`.
    """

    name: str
    kind: str
    verdict: VerdictWord
    outcome: str | None
    message: str = ""
    misconception: str | None = None
    hint: str = ""
    call: str = ""
    points: float = 0.0
    at_hand_in: bool = False
    difference: Difference | None = None
    public: bool = False
    told: Told | None = None


class ExerciseGrade(msgspec.Struct, frozen=True):
    """The grade of one exercise, whose checks share `max_score`."""

    name: str
    title: str
    score: float
    max_score: float
    checks: tuple[Verdict, ...]


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """The grade of one submission. With `grader_error` there is no score: no points move until it is graded again."""

    schema: int = SCHEMA
    student: str
    assignment: str
    status: Literal["graded", "grader_error"]
    score: float | None
    max_score: float
    exercises: tuple[ExerciseGrade, ...]
    message: str = ""
    printed: str = ""

    @property
    def full_marks(self) -> bool:
        """Whether the score is the full one."""
        return self.score is not None and self.score >= self.max_score - 1e-9


def total(exercises: tuple[ExerciseGrade, ...]) -> float:
    """The score of a submission, rounded as a gradebook keeps it."""
    return round(sum(exercise.score for exercise in exercises), 4)
