"""Records of a class that was never graded: what a store is asked about does not depend on how it came to be."""

from grader.engine.record import Record
from grader.judge.verdicts import Grade
from grader.run import Run
from grader.sandbox.backend import Source
from grader.sandbox.outcome import Returned
from grader.submissions.submission import Submission
from grader.submissions.submitted_at import SubmittedAt

NO_TIME = SubmittedAt()


def grade(student: str = "ana", assignment: str = "conv", score: float | None = 3.0) -> Grade:
    """A grade without exercises; without a score, a fault of the grader."""
    status = "graded" if score is not None else "grader_error"
    return Grade(student=student, assignment=assignment, status=status, score=score, max_score=5.0, exercises=())


def record(
    student: str = "ana",
    assignment: str = "conv",
    score: float | None = 3.0,
    *,
    text: str = "x = 1",
    plan: str = "plan",
    rubric: str = "rubric",
    submitted_at: SubmittedAt = NO_TIME,
) -> Record:
    """A record of a submission of this text."""
    hash = submission(text, student, assignment).hash
    ran = Run(Returned(), ())
    return Record(student, assignment, hash, plan, rubric, ran, grade(student, assignment, score), submitted_at)


def submission(text: str = "x = 1", student: str = "ana", assignment: str = "conv") -> Submission:
    """A submission of this text."""
    return Submission(student, assignment, Source(assignment, {assignment: text}))
