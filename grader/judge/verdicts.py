"""The records of a grade. Their fields are the JSON contract of one graded submission, versioned by `SCHEMA`."""

from typing import Literal

import msgspec

from grader.checks.difference import Difference
from grader.course.authoring import Counts
from grader.judge.by_hand import ByHand
from grader.submissions.notebook.source import Note
from grader.text.language import gettext as _

SCHEMA = 6
ROUNDING = 1e-3  # points by which sums of rounded scores may differ

VerdictWord = Literal["passed", "partly", "failed", "skipped", "waits", "grader_error"]


class Told(msgspec.Struct, frozen=True):
    """What is told of a hidden check until the grades are published (see `judge.told`), in place of `call` and `message`."""

    call: str
    message: str


class ResultVerdict(msgspec.Struct, frozen=True):
    """The verdict on one result of a check that has several, or on one method of an object.

    Attributes:
        name: "" for an only result, which has a slip.
        points: what it is worth; `earned`: how much of that is earned.
        slip: what was wrong in the form of right values ("axis", "list", "dtype", …; see `checks.slips`).
        misconception, hint, call, difference, steps, told: as in `Verdict`.
    """

    name: str
    verdict: Literal["passed", "partly", "failed", "skipped"]
    points: float
    earned: float
    slip: str | None = None
    message: str = ""
    misconception: str | None = None
    hint: str = ""
    call: str = ""
    difference: Difference | None = None
    steps: tuple[int, ...] = ()
    told: Told | None = None


class Verdict(msgspec.Struct, frozen=True):
    """The verdict of one check: passed, partly (some results, or a slip), failed, skipped (not written yet), or waits (see `waits_for`
    and `by_hand`).

    Attributes:
        outcome: the outcome of the step that decided ("returned" when all did; None when nothing was run).
        misconception: the name of the recognised mistake, `hint` what the student reads about it.
        points: what the check is worth; `earned`: how much of that is earned (None: all or nothing, by the verdict).
        at_hand_in: whether it waits for the reference.
        difference: how the value differs.
        results: each result by itself, where there are several or a slip.
        public: whether students may read all of it at once; what they may read otherwise is `told`.
        waits_for: the exercises that have to be fixed first; none if it waits for a right result of its own exercise.
        steps: the steps of the plan that show it.
        place: where students find a worked example, instead of its id.
        by_hand: what a person decides; it waits until somebody did.
        alias: of a hidden check, what students read in place of its name until the grades are published ("" for any other).
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
    earned: float | None = None
    results: tuple[ResultVerdict, ...] = ()
    waits_for: tuple[str, ...] = ()
    steps: tuple[int, ...] = ()
    place: str = ""
    public: bool = False
    told: Told | None = None
    by_hand: ByHand | None = None
    alias: str = ""

    @property
    def is_right(self) -> bool:
        """Whether the results themselves are right; what is paid on top of a mistake says so in its message."""
        return self.verdict == "passed" and not self.message

    @property
    def is_open(self) -> bool:
        """Whether it waits for a person."""
        return self.by_hand is not None and self.verdict == "waits"

    @property
    def said(self) -> str:
        """What people call the check."""
        return self.place or _(self.name)

    @property
    def score(self) -> float:
        """The points that are earned."""
        return self.earned if self.earned is not None else self.points if self.verdict == "passed" else 0.0

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the mistakes that were recognised in it."""
        found = (self.misconception, *(result.misconception for result in self.results))
        return tuple(dict.fromkeys(name for name in found if name))


class ExerciseGrade(msgspec.Struct, frozen=True):
    """The grade of one exercise, whose checks share `max_score`.

    Attributes:
        counts: towards the maximum of the assignment, above it (`"bonus"`), or not at all (`"optional"`).
    """

    name: str
    title: str
    score: float
    max_score: float
    checks: tuple[Verdict, ...]
    counts: Counts = "required"

    @property
    def open(self) -> float:
        """The points that wait for a person."""
        return sum(check.points for check in self.checks if check.is_open)

    @property
    def is_untouched(self) -> bool:
        """Whether nothing of it was begun."""
        return all(check.verdict == "skipped" for check in self.checks)

    def with_checks(self, checks: tuple[Verdict, ...]) -> "ExerciseGrade":
        """The same with these verdicts: its score is their sum, and at least 0 where a person takes something off."""
        score = max(0.0, round(sum(check.score for check in checks), 6))
        return msgspec.structs.replace(self, checks=checks, score=score)


class Grade(msgspec.Struct, frozen=True, kw_only=True):
    """The grade of one submission. With `grader_error` there is no score: no points move until it is graded again.

    Attributes:
        score: of the exercises that count; with bonus exercises, it may be more than `max_score`, the sum of the required ones.
        bonus: how much of the score is bonus.
        open: the points that wait for a person, and are not in the score yet; `undecided`: how many parts do.
        file: the file that was graded, as it was handed in ("" if unknown); `choice`: why that one, if others could be meant.
        notes: on lines of a notebook that were not run, and on its cells that failed.
    """

    schema: int = SCHEMA
    student: str
    assignment: str
    status: Literal["graded", "grader_error"]
    score: float | None
    max_score: float
    exercises: tuple[ExerciseGrade, ...]
    message: str = ""
    printed: str = ""
    file: str = ""
    choice: str = ""
    bonus: float = 0.0
    open: float = 0.0
    undecided: int = 0
    notes: tuple[Note, ...] = ()

    def with_exercises(self, exercises: tuple[ExerciseGrade, ...]) -> "Grade":
        """The same with these exercises: what they add up to."""
        counted = [exercise for exercise in exercises if exercise.counts != "optional"]
        return msgspec.structs.replace(
            self,
            exercises=exercises,
            score=None if self.status == "grader_error" else total(exercises),
            bonus=round(sum((exercise.score for exercise in counted if exercise.counts == "bonus"), 0.0), 4),
            open=round(sum((exercise.open for exercise in counted), 0.0), 4),
            undecided=sum(check.is_open for exercise in exercises for check in exercise.checks),
        )

    @property
    def judged(self) -> bool:
        """Whether something of it was judged; otherwise `message` says why not, and so does every check."""
        checks = [check for exercise in self.exercises for check in exercise.checks if not check.at_hand_in]
        return not self.message or (self.status == "graded" and any(check.message != self.message for check in checks))

    @property
    def right(self) -> bool:
        """Whether all that checks decide is right, in every exercise but optional ones that were left out; the rest waits for a person."""
        return self.score is not None and all(
            one.score + one.open >= one.max_score - 1e-9 or (one.counts == "optional" and one.is_untouched)
            for one in self.exercises
        )

    @property
    def full_marks(self) -> bool:
        """Whether the score is the full one."""
        return self.score is not None and self.score >= self.max_score - 1e-9 and not self.undecided


def total(exercises: tuple[ExerciseGrade, ...]) -> float:
    """The score of a submission, rounded as a gradebook keeps it; optional exercises are not in it."""
    return round(sum(exercise.score for exercise in exercises if exercise.counts != "optional"), 4)
