"""Late hand-ins: due dates, grace, a penalty a day, its cap, and extensions. Pure arithmetic on instants.

Rules:
- A hand-in exactly at the due date, or within the grace after it, is on time.
- After that, every day begun since the due date counts, including the first one; the grace is not subtracted.
- A day ends at the hour of the due date; in a time zone with daylight saving, at that hour of the local clock.
- A day costs `per_day` of the assignment's maximum, all days together at most `cap` of it, and never more than what was earned.
- An extension is a student's own due date. A hand-in at an unknown time costs nothing, and is shown as such.
- A timestamp without an offset is UTC, as in nbgrader; the clock time in a zip file is in the course's `timezone`, if it has one.

The penalty is kept beside the score and never subtracted from it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

import msgspec

from grader.course.config import CourseConfig
from grader.gradebook.adjustments import Lasting
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import Source, SubmittedAt


class LatePolicy(msgspec.Struct, frozen=True):
    """A course's rules for time and attempts.

    Attributes:
        per_day: the cost of a day, as a fraction of the maximum; `cap`: the most that all days cost.
        due: by assignment.
        extensions: students' own due dates, by student and assignment.
        attempts: which attempt of a student counts.
        file_times: whether a loose file's modification time is a hand-in time.
        timezone: of clock times without an offset in archives.
        adjustments: what an adjustment belongs to.
    """

    per_day: float = 0.0
    cap: float = 1.0
    grace: timedelta = timedelta()
    due: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    extensions: Mapping[tuple[str, str], datetime] = msgspec.field(default_factory=dict)
    attempts: Literal["last", "best"] = "last"
    file_times: bool = False
    timezone: tzinfo = UTC
    adjustments: Lasting = "assignment"

    def due_for(self, student: str, assignment: str) -> datetime | None:
        """The due date of one student, which an extension may have moved."""
        return self.extensions.get((student, assignment), self.due.get(assignment))


def late_policy(config: CourseConfig) -> LatePolicy:
    """The rules in a course's `course.toml`."""
    late, extensions = config.late, config.extensions
    return LatePolicy(
        per_day=late.penalty_per_day,
        cap=late.cap,
        grace=timedelta(minutes=late.grace_minutes),
        due=config.due,
        extensions={
            (student, name): due for student, own in extensions.items() for name, due in own.items() if isinstance(due, datetime)
        },
        attempts=config.attempts,
        file_times=late.file_times,
        timezone=config.zone or UTC,
        adjustments=config.adjustments,
    )


class Late(msgspec.Struct, frozen=True):
    """How late one hand-in is, and its effect on the score.

    Attributes:
        due: the student's due date, if there is one.
        handed_in: None if unknown.
        days: begun after the due date; 0 on time.
        penalty: points; `score`: after the penalty (None if there is no score).
        time_from: the source of the hand-in time.
        marked_late: whether the system that it comes from marked it late.
        extended: whether the due date is an extension.
    """

    due: datetime | None
    handed_in: datetime | None
    days: int
    penalty: float
    score: float | None
    time_from: Source = ""
    marked_late: bool = False
    extended: bool = False

    @property
    def unknown(self) -> bool:
        """Whether it is late by an unknown time."""
        return self.marked_late and self.handed_in is None

    @property
    def late(self) -> bool:
        """Whether there is lateness to report."""
        return self.days > 0 or self.unknown


class Attempt(msgspec.Struct, frozen=True):
    """One graded hand-in of a student; the first is number 1."""

    number: int
    grade: Grade
    submitted_at: SubmittedAt = SubmittedAt()


def lateness(policy: LatePolicy, grade: Grade, submitted_at: SubmittedAt) -> Late:
    """How late a graded submission is, and the penalty."""
    due = policy.due_for(grade.student, grade.assignment)
    time = _instant(policy, submitted_at)
    days = days_late(due, time, policy.grace) if due and time else 0
    penalty = 0.0
    if grade.score is not None:
        penalty = round(max(0.0, min(min(days * policy.per_day, policy.cap) * grade.max_score, grade.score)), 4)
    return Late(
        due=due,
        handed_in=time,
        days=days,
        penalty=penalty,
        score=None if grade.score is None else round(grade.score - penalty, 4),
        time_from=submitted_at.source if time else "",
        marked_late=submitted_at.marked_late,
        extended=(grade.student, grade.assignment) in policy.extensions,
    )


def days_late(due: datetime, time: datetime, grace: timedelta = timedelta()) -> int:
    """The number of days begun between `due` and `time`; 0 within the grace."""
    due_instant, instant = due.astimezone(UTC), time.astimezone(UTC)
    if instant <= due_instant + grace:
        return 0
    days = max((instant - due_instant).days, 1)  # a day of daylight saving is an hour shorter or longer
    while (due + timedelta(days=days - 1)).astimezone(UTC) >= instant:
        days -= 1
    while (due + timedelta(days=days)).astimezone(UTC) < instant:
        days += 1
    return max(days, 1)


def chosen(policy: LatePolicy, attempts: Sequence[Attempt]) -> tuple[Attempt, Late]:
    """The attempt that counts, and how late it is.

    With "best", it is the one with the most points after the penalty (the later one of equals) among those with the maximum score of the
    last. While the last one waits to be graded again (`grader_error`), it counts, so that no points change.
    """
    last = attempts[-1]
    ranked = [(attempt, lateness(policy, attempt.grade, attempt.submitted_at)) for attempt in attempts]
    if policy.attempts == "last" or last.grade.score is None:
        return ranked[-1]
    comparable = [item for item in ranked if item[1].score is not None and item[0].grade.max_score == last.grade.max_score]
    return max(comparable, key=lambda item: (item[1].score, item[0].number))


def doubts(policy: LatePolicy, submitted: Sequence[tuple[str, str, SubmittedAt]]) -> list[str]:
    """Warnings to read before trusting the penalties: hand-ins without a time, extensions of unknown students.

    Args:
        handed: student, assignment and time of each hand-in of a class.
    """
    found = []
    timeless = [
        f"{student} {assignment}"
        for student, assignment, submitted_at in submitted
        if policy.per_day
        and policy.due_for(student, assignment)
        and not submitted_at.marked_late
        and _instant(policy, submitted_at) is None
    ]
    if timeless:
        more = f" and {len(timeless) - 3} more" if len(timeless) > 3 else ""
        found.append(
            f"no late penalty, because the hand-in time is unknown: {', '.join(timeless[:3])}{more}; "
            "a timestamp.txt beside the file gives it, like 2027-04-23 20:15:00 -0300"
        )
    strangers = sorted({student for student, _ in policy.extensions} - {student for student, _, _ in submitted})
    if strangers:
        found.append(f"[extensions] of course.toml names {', '.join(strangers)}, who handed in nothing here; is the name right?")
    return found


def _instant(policy: LatePolicy, submitted_at: SubmittedAt) -> datetime | None:
    """The hand-in time in UTC; None if unknown."""
    if submitted_at.time is None or (submitted_at.source == "file" and not policy.file_times):
        return None
    aware = submitted_at.time if submitted_at.time.tzinfo else submitted_at.time.replace(tzinfo=policy.timezone)
    return aware.astimezone(UTC)
