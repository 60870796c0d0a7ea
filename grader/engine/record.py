"""The record of a graded submission."""

import msgspec

from grader.judge.verdicts import Grade
from grader.run import Run
from grader.submissions.submitted_at import SubmittedAt


class Record(msgspec.Struct, frozen=True):
    """One graded submission.

    Attributes:
        source_hash, plan_hash, rubric_hash: of its text, of what was run, and of what it was judged by.
        attempt: the number of an earlier attempt; 0 for the student's last one.
    """

    student: str
    assignment: str
    source_hash: str
    plan_hash: str
    rubric_hash: str
    run: Run
    grade: Grade
    submitted_at: SubmittedAt = SubmittedAt()
    attempt: int = 0
