"""Due dates and extensions of course.toml, where nbgrader has them: its own late penalties and what formgrader shows are then about the
same days."""

from datetime import UTC, datetime
from typing import Any

from grader.gradebook.lateness import LatePolicy


def give_due_dates(submission: Any, policy: LatePolicy) -> str:
    """Write the due date of a submission's assignment, and its student's or team's extension; nbgrader keeps them in UTC.

    An assignment without a due date in course.toml keeps that of the gradebook.

    Args:
        submission: an nbgrader SubmittedAssignment.

    Returns:
        A note on an extension that the gradebook had and course.toml has not ("" for none).
    """
    student, assignment = submission.student_id, submission.name
    due, own = policy.due.get(assignment), policy.due_for(student, assignment)
    if due is None or own is None:
        return ""
    before = submission.extension
    if submission.assignment.duedate != _utc(due):
        submission.assignment.duedate = _utc(due)
    extension = _utc(own) - _utc(due) or None
    if before != extension:
        submission.extension = extension
    if before and not extension:
        return f"{student}, {assignment}: the extension in nbgrader ({before}) is taken away, because course.toml has none"
    return ""


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC).replace(tzinfo=None)
