"""How a mark came about over time, as lines of a table: the attempts at an assignment, and what people changed."""

from collections.abc import Sequence

import msgspec

from grader.feedback.summary import change_text, late_text, points
from grader.gradebook.adjustments import Adjustment, undoing
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import Attempt, LatePolicy, lateness
from grader.submissions.submitted_at import Source
from grader.text.escape import one_line
from grader.text.language import gettext as _
from grader.text.language import marked

BECAUSE = 300  # characters of a reason
_SOURCES: dict[Source, str] = {
    "": marked("unknown"),
    "archive": marked("archive"),
    "own archive": marked("own archive"),
    "file": marked("file"),
    "times": marked("times"),
}


class AttemptLine(msgspec.Struct, frozen=True):
    """One attempt.

    Attributes:
        handed_in: when, "–" if unknown; `source`: who says so.
        late: "" if on time.
        counts: whether it is the one that counts.
    """

    number: int
    handed_in: str
    source: str
    points: str
    late: str
    counts: bool


class ChangeLine(msgspec.Struct, frozen=True):
    """One change of a mark by a person.

    Attributes:
        exercise: "" for the assignment as a whole.
        taken_back_by: the number of the change that takes it back; 0 for none.
    """

    number: int
    when: str
    by: str
    student: str
    assignment: str
    exercise: str
    change: str
    because: str
    taken_back_by: int

    @property
    def where(self) -> str:
        """The assignment, and the exercise if it is about one."""
        return f"{self.assignment}, {self.exercise}" if self.exercise else self.assignment


def attempt_lines(policy: LatePolicy, attempts: Sequence[Attempt], counts: Entry) -> tuple[AttemptLine, ...]:
    """When each attempt was handed in, and what it would count; `counts` is the entry that the assignment has."""
    found = []
    for attempt in attempts:
        is_it = (attempt.grade.student, attempt.number) == (counts.by, counts.attempt)
        late = lateness(policy, attempt.grade, attempt.submitted_at, counts.late.free if is_it else 0)
        time = attempt.submitted_at.time
        found.append(
            AttemptLine(
                attempt.number,
                f"{time:%Y-%m-%d %H:%M %Z}" if time else "–",
                source_text(attempt.submitted_at.source),
                points(attempt.grade.score),
                late_text(late),
                is_it,
            )
        )
    return tuple(found)


def source_text(source: Source) -> str:
    """Who says when something was handed in; a file says it by its name."""
    return _(_SOURCES.get(source, source))


def change_lines(history: Sequence[Adjustment]) -> tuple[ChangeLine, ...]:
    """Who changed what, when and why, the first one first."""
    taken_back = undoing(history)
    return tuple(
        ChangeLine(
            one.number,
            f"{one.at:%Y-%m-%d %H:%M}",
            one_line(one.by, 30),
            one_line(one.student, 30),
            one.assignment,
            one.exercise,
            change_text(one),
            one_line(one.because, BECAUSE),
            taken_back.get(one.number, 0),
        )
        for one in history
    )
