"""Late hand-ins: what a due date, a grace, a penalty a day, a cap and extensions make of a score. Pure arithmetic on instants.

Rules:
- Handed in at the due date exactly, or within the grace after it, is on time.
- Later than that, every day that began since the due date counts, the first one included; the grace is not taken off.
- A day ends at the hour of the due date. Where the due date is in a time zone with daylight saving, that is the hour of its clock.
- A day costs `per_day` of the assignment's maximum, all of them together at most `cap` of it, and never more than what was earned.
- An extension is a due date of its own. A hand-in without a time that can be known costs nothing, and is shown as such.
- A timestamp without an offset is UTC, as in nbgrader; the clock time in a zip file is that of the course's `timezone`, where it has one.

The penalty stands beside the score and never in it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

import msgspec

from grader.course.config import CourseConfig
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import Source, SubmittedAt


class LatePolicy(msgspec.Struct, frozen=True):
    """A course's rules for time and attempts.

    Attributes:
        per_day: what a day costs, as a part of the maximum; `cap`: what all days cost at most.
        due: by assignment.
        extensions: the own due dates, by student and assignment.
        attempts: which attempt of a student counts.
        file_times: whether the time of a loose file is a hand-in time.
        timezone: of clock times without an offset in archives.
    """

    per_day: float = 0.0
    cap: float = 1.0
    grace: timedelta = timedelta()
    due: Mapping[str, datetime] = msgspec.field(default_factory=dict)
    extensions: Mapping[tuple[str, str], datetime] = msgspec.field(default_factory=dict)
    attempts: Literal["last", "best"] = "last"
    file_times: bool = False
    timezone: tzinfo = UTC

    def due_for(self, student: str, assignment: str) -> datetime | None:
        """The due date of one student, which an extension may have moved."""
        return self.extensions.get((student, assignment), self.due.get(assignment))


def late_policy(config: CourseConfig) -> LatePolicy:
    """The rules of a course, as its `course.toml` says them."""
    late, extensions = config.late, config.extensions
    return LatePolicy(
        per_day=late.penalty_per_day,
        cap=late.cap,
        grace=timedelta(minutes=late.grace_minutes),
        due=config.due,
        extensions={
            (who, what): due for who, own in extensions.items() for what, due in own.items() if isinstance(due, datetime)
        },
        attempts=config.attempts,
        file_times=late.file_times,
        timezone=config.zone or UTC,
    )


class Late(msgspec.Struct, frozen=True):
    """What time makes of one score.

    Attributes:
        due: the student's own due date; None when there is none.
        handed_in: None when it is not known.
        days: that began after the due date; 0 on time.
        penalty: points; `score`: what is left (None when there is no score).
        time_from: what says when it was handed in.
        marked_late: whether the system that it comes from called it late.
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
        """Whether it is late, but how late cannot be told."""
        return self.marked_late and self.handed_in is None

    @property
    def late(self) -> bool:
        """Whether there is something to tell beside the score."""
        return self.days > 0 or self.unknown


class Attempt(msgspec.Struct, frozen=True):
    """One graded hand-in of a student, the first is number 1."""

    number: int
    grade: Grade
    submitted_at: SubmittedAt = SubmittedAt()


def lateness(policy: LatePolicy, grade: Grade, submitted_at: SubmittedAt) -> Late:
    """How late a graded submission is, and what that costs."""
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
    """The days that began since `due` until `time`; 0 within the grace."""
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

    With "best" that is the one with most points left, the later one of equals, among those that were graded for as many points as the
    last. While the last one waits to be graded again (`grader_error`), it counts: no points move.
    """
    last = attempts[-1]
    ranked = [(attempt, lateness(policy, attempt.grade, attempt.submitted_at)) for attempt in attempts]
    if policy.attempts == "last" or last.grade.score is None:
        return ranked[-1]
    comparable = [item for item in ranked if item[1].score is not None and item[0].grade.max_score == last.grade.max_score]
    return max(comparable, key=lambda item: (item[1].score, item[0].number))


def doubts(policy: LatePolicy, submitted: Sequence[tuple[str, str, SubmittedAt]]) -> list[str]:
    """What an instructor should look at before trusting the penalties: hand-ins without a time, extensions of nobody.

    Args:
        submitted: student, assignment and when, of a whole class.
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
            f"no late penalty, because the hand-in time is not known: {', '.join(timeless[:3])}{more}; "
            "a timestamp.txt beside the file tells it, like 2027-04-23 20:15:00 -0300"
        )
    strangers = sorted({student for student, _ in policy.extensions} - {student for student, _, _ in submitted})
    if strangers:
        found.append(f"[extensions] of course.toml names {', '.join(strangers)}, who handed in nothing here; is the name right?")
    return found


def _instant(policy: LatePolicy, submitted_at: SubmittedAt) -> datetime | None:
    """When it was handed in, as an instant in UTC; None where that is not known."""
    if submitted_at.time is None or (submitted_at.source == "file" and not policy.file_times):
        return None
    aware = submitted_at.time if submitted_at.time.tzinfo else submitted_at.time.replace(tzinfo=policy.timezone)
    return aware.astimezone(UTC)
