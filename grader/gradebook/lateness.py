"""Late submissions: due dates, grace, a penalty a day, its cap, days of a budget, extensions, and teams. Pure arithmetic on instants.

Rules:
- A submission exactly at the due date, or within the grace after it, is on time.
- After that, every day begun since the due date counts, including the first one; the grace is not subtracted.
- A day ends at the hour of the due date; in a time zone with daylight saving, at that hour of the local clock.
- A day costs `per_day` of the assignment's maximum, all days together at most `cap` of it, and never more than what was earned.
- Days that are paid from the student's budget for the term cost nothing; which ones, `late_days` decides.
- An extension is a student's own due date; it holds for all of their team. A submission at an unknown time costs nothing, and is shown
  as such.
- The attempts of a team are those of its members, in the order of their times. If a time is unknown, the attempts of the member whose own
  one leaves the most points come last.
- A time without an offset, in a `timestamp.txt` or a zip file, is in the course's `timezone`; without one it is UTC.

The penalty is kept beside the score and never subtracted from it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Literal

import msgspec
from msgspec.structs import replace

from grader.course.config import COURSE_FILE, YEAR, CourseConfig, Spent
from grader.course.folder import Course
from grader.gradebook.adjustments import Lasting
from grader.gradebook.groups import Groups, read_groups
from grader.judge.verdicts import Grade
from grader.submissions.submitted_at import WEAK, Source, SubmittedAt
from grader.text.escape import listed


class LatePolicy(msgspec.Struct, frozen=True):
    """A course's rules for time and attempts.

    Attributes:
        per_day: the cost of a day, as a fraction of the maximum; `cap`: the most that all days cost.
        due: by assignment.
        extensions: students' own due dates, by student and assignment.
        attempts: which attempt of a student counts.
        file_times: whether the modification time of a loose file, or of one in a student's own archive, is a submission time.
        timezone: of times without an offset.
        days: the budget of late days of each student; `days_per_assignment`: how many one assignment can take; `spent`: on which.
        weights: of the assignments in the total that the "best" days make largest; 1 by default.
        groups: who hands in together.
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
    days: int = 0
    days_per_assignment: int = YEAR
    spent: Spent = "in order"
    weights: Mapping[str, float] = msgspec.field(default_factory=dict)
    groups: Groups = Groups()
    adjustments: Lasting = "assignment"

    def due_for(self, student: str, assignment: str) -> datetime | None:
        """The due date of one student, which the latest extension in the team may have moved."""
        return max(self._extended(student, assignment), default=self.due.get(assignment))

    def is_extended(self, student: str, assignment: str) -> bool:
        """Whether it was moved."""
        return bool(self._extended(student, assignment))

    def _extended(self, student: str, assignment: str) -> list[datetime]:
        own = ((member, assignment) for member in self.groups.members(student, assignment))
        return [self.extensions[key] for key in own if key in self.extensions]


def course_policy(course: Course) -> LatePolicy:
    """The rules of a course, with its groups.

    Raises:
        UsageError: the file of the groups is wrong.
    """
    file = course.config.groups.file
    names = [assignment.name for assignment in course.assignments]
    return late_policy(course.config, read_groups((course.root / COURSE_FILE).parent / file, names) if file else Groups())


def late_policy(config: CourseConfig, groups: Groups = Groups()) -> LatePolicy:  # noqa: B008 (frozen)
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
        days=late.days,
        days_per_assignment=late.days_per_assignment,
        spent=late.spent,
        weights={name: found.weight for name, found in config.assignments.items()},
        groups=groups,
        adjustments=config.adjustments,
    )


class Late(msgspec.Struct, frozen=True):
    """How late one submission is, and its effect on the score.

    Attributes:
        due: the student's due date, if there is one.
        handed_in: None if unknown.
        days: begun after the due date; 0 on time.
        penalty: points; `score`: after the penalty (None if there is no score).
        time_from: the source of the submission time.
        marked_late: whether the system that it comes from marked it late.
        extended: whether the due date is an extension.
        free: how many of the days are paid from the budget.
    """

    due: datetime | None
    handed_in: datetime | None
    days: int
    penalty: float
    score: float | None
    time_from: Source = ""
    marked_late: bool = False
    extended: bool = False
    free: int = 0

    @property
    def unknown(self) -> bool:
        """Whether it is late by an unknown time."""
        return self.marked_late and self.handed_in is None

    @property
    def late(self) -> bool:
        """Whether there is lateness to report."""
        return self.days > 0 or self.unknown


class Attempt(msgspec.Struct, frozen=True):
    """One graded submission of a student; the first is number 1."""

    number: int
    grade: Grade
    submitted_at: SubmittedAt = SubmittedAt()


def lateness(policy: LatePolicy, grade: Grade, submitted_at: SubmittedAt, free: int = 0) -> Late:
    """How late a graded submission is, and the penalty, with at most so many days `free`."""
    due = policy.due_for(grade.student, grade.assignment)
    time = instant(policy, submitted_at)
    days = days_late(due, time, policy.grace) if due and time else 0
    free, penalty = min(days, free), 0.0
    if grade.score is not None:
        penalty = round(max(0.0, min(min((days - free) * policy.per_day, policy.cap) * grade.max_score, grade.score)), 4)
    return Late(
        due=due,
        handed_in=time,
        days=days,
        penalty=penalty,
        score=None if grade.score is None else round(grade.score - penalty, 4),
        time_from=submitted_at.source if time else "",
        marked_late=submitted_at.marked_late,
        extended=policy.is_extended(grade.student, grade.assignment),
        free=free,
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


def chosen(policy: LatePolicy, attempts: Sequence[Attempt], free: int = 0) -> tuple[Attempt, Late]:
    """The attempt that counts, and how late it is, with at most so many days `free`.

    With "best", it is the one with the most points after the penalty (the later one of equals) among those with the maximum score of the
    last. While the last one waits to be graded again (`grader_error`), it counts, so that no points change.
    """
    last = attempts[-1]
    ranked = [(attempt, lateness(policy, attempt.grade, attempt.submitted_at, free)) for attempt in attempts]
    if policy.attempts == "last" or last.grade.score is None:
        return ranked[-1]
    comparable = [item for item in ranked if item[1].score is not None and item[0].grade.max_score == last.grade.max_score]
    return max(reversed(comparable), key=lambda item: item[1].score or 0.0)


def of_team(policy: LatePolicy, attempts: Sequence[Sequence[Attempt]]) -> list[Attempt]:
    """The attempts of a team, the last one at the end; each of `attempts` are those of a member, whose numbers they keep."""
    every = [attempt for mine in attempts for attempt in mine]
    if all(instant(policy, attempt.submitted_at) for attempt in every):
        return sorted(every, key=lambda one: (instant(policy, one.submitted_at), one.number, one.grade.student))
    ranked = sorted(attempts, key=lambda mine: (chosen(policy, mine)[1].score or 0.0, mine[-1].grade.student))
    return [attempt for mine in ranked for attempt in mine]


def days_gain(policy: LatePolicy, attempts: Sequence[Attempt], days: int) -> list[Fraction]:
    """What 0, 1, … late days bring: the part of the course's total that an assignment keeps more than without any.

    A submission that waits to be graded again counts as if it had all its points, so that no days of it go elsewhere meanwhile.

    Args:
        days: the most that can be spent.
    """
    last = attempts[-1].grade
    if last.score is None:
        attempts = [*attempts[:-1], replace(attempts[-1], grade=replace(last, score=last.max_score))]
    most = min(days, max(lateness(policy, attempt.grade, attempt.submitted_at).days for attempt in attempts))
    if not most:
        return [Fraction()]
    worth = Fraction(str(policy.weights.get(last.assignment, 1))) / max(_exactly(last.max_score), 1)
    kept = [worth * _exactly(chosen(policy, attempts, free)[1].score or 0.0) for free in range(most + 1)]
    return [each - kept[0] for each in kept]


def _exactly(points: float) -> int:
    return round(points * 10_000)  # scores and penalties have four digits


def doubts(policy: LatePolicy, submitted: Sequence[tuple[str, str, SubmittedAt]], students: Collection[str] = ()) -> list[str]:
    """Warnings to read before trusting the penalties: submissions without a time, extensions of unknown students.

    Args:
        submitted: student, assignment and time of each submission of a class.
        students: others of the class, of whom nothing was graded now.
    """
    found = []
    timeless = [
        f"{student} {assignment}"
        for student, assignment, submitted_at in submitted
        if policy.per_day
        and policy.due_for(student, assignment)
        and not submitted_at.marked_late
        and instant(policy, submitted_at) is None
    ]
    if timeless:
        found.append(
            f"no late penalty, because the submission time is unknown: {listed(timeless, 3)}; "
            "--times FILE gives it, or a timestamp.txt beside the file"
        )
    for student, assignment, submitted_at in submitted:
        if submitted_at.unread and submitted_at.source != "times":
            found.append(
                f"{student} {assignment}: its timestamp.txt says «{submitted_at.unread}», which was not understood; "
                "write it like 2027-04-23 20:15:00 -0300"
            )
    known = {*policy.groups.lines, *students, *(student for student, _, _ in submitted)}
    strangers = sorted({student for student, _ in policy.extensions} - known)
    if strangers:
        found.append(f"[extensions] of course.toml names {', '.join(strangers)}, who handed in nothing here; is the name right?")
    return found


def instant(policy: LatePolicy, submitted_at: SubmittedAt) -> datetime | None:
    """The submission time in UTC; None if unknown."""
    if submitted_at.time is None or (submitted_at.source in WEAK and not policy.file_times):
        return None
    aware = submitted_at.time if submitted_at.time.tzinfo else submitted_at.time.replace(tzinfo=policy.timezone)
    return aware.astimezone(UTC)
