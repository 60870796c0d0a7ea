"""What a report on a grade says, as data: the writers only do the layout. No text has control codes (`plain`)."""

from typing import TYPE_CHECKING

import msgspec

from grader.feedback.score import Score
from grader.judge.verdicts import VerdictWord

if TYPE_CHECKING:
    from grader.feedback.arrays import Comparison


SYMBOLS: dict[VerdictWord, str] = {"passed": "✓", "partly": "◐", "failed": "✗", "skipped": "–", "waits": "…", "grader_error": "!"}


class _Judged(msgspec.Struct, frozen=True):
    word: VerdictWord

    @property
    def symbol(self) -> str:
        """The word as one character."""
        return SYMBOLS[self.word]


class CheckView(_Judged, frozen=True):
    """One check.

    Attributes:
        waits: whether it runs only when the exercise is handed in; the message says so.
        score: its points; "0 of 2" if it earns none.
        full: whether to show call, message and hint.
        note: shown otherwise: that it failed for the same reason as another, or a short message.
        arrays: expected and actual result, if known.
        place: where to look in the student's file, as `path:line` ("" if unknown, or said by a check before).
        answer: what a person reads of the student's ("" for none).
    """

    name: str
    waits: bool
    score: str
    full: bool
    note: str
    call: str
    message: str
    hint: str
    arrays: "Comparison | None" = None
    answer: str = ""
    place: str = ""


class ExerciseView(_Judged, frozen=True):
    """One exercise.

    Attributes:
        message: of one that was not begun, or that waits; shown instead of the checks.
        note: that it counts otherwise, or is right on top of a mistake elsewhere.
    """

    name: str
    title: str
    score: Score
    message: str
    note: str
    checks: tuple[CheckView, ...]

    @property
    def lacking(self) -> list[CheckView]:
        """The checks that did not pass, without those that wait."""
        return [check for check in self.checks if check.word != "passed" and not check.waits]


class Printed(msgspec.Struct, frozen=True):
    """The printed output: a `head` above its first `lines`, and more of it as `text`."""

    head: str
    lines: str
    text: str


class View(_Judged, frozen=True):
    """A grade.

    Attributes:
        score: None if there are no points to earn.
        message: on the submission as a whole; shown above the exercises, or instead of them if they were not `judged`.
        file: the file that was graded; `choice`: why that one, if others could be meant.
        notes: on single cells of a notebook.
        place: of what stopped the file as a whole, as `path:line`.
        since: what changed since the last time, if there was one.
    """

    title: str
    score: Score | None = None
    message: str = ""
    exercises: tuple[ExerciseView, ...] = ()
    printed: Printed | None = None
    notes: tuple[str, ...] = ()
    judged: bool = True
    file: str = ""
    choice: str = ""
    place: str = ""
    since: str = ""
