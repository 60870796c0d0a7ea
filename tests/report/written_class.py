"""Classes whose records are written as they are needed: nothing is graded, and names, code and messages are as bad as they can be."""

from collections.abc import Iterable
from pathlib import Path

from grader.engine.record import Record
from grader.gradebook.store import open_store
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict, VerdictWord
from grader.run import Run
from grader.sandbox.outcome import Raised, Returned
from grader.submissions.submitted_at import SubmittedAt

HOSTILE = (
    "<script>window.hurt=1;alert(1)</script>",
    "{{7*7}}{% raw %}",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(2)</script>",
    "javascript:alert(3)",
    "' onmouseover='alert(4)",
    "../../etc/passwd",
    "a/b\\c",
    "x" * 300,
    "José",
    "Jose\u0301",
    "\u202egnp.exe",
    "&lt;b&gt;",
    "\x1b[31mred",
)
HASH = "0" * 64
UNKNOWN = SubmittedAt()


def check(name: str, verdict: VerdictWord, points: float, message: str = "", **more: object) -> Verdict:
    """A check of a grade, which failed in step 0 if it did."""
    outcome = "raised" if verdict == "failed" else "returned"
    steps = (0,) if verdict == "failed" else ()
    return Verdict(name, "agrees", verdict, outcome, message, points=points, steps=steps, **more)  # type: ignore[arg-type]


def grade(student: str, assignment: str, *checks: Verdict, name: str = "scale", printed: str = "") -> Grade:
    """A grade of one exercise with these checks."""
    score, most = sum(one.score for one in checks), sum(one.points for one in checks)
    exercise = ExerciseGrade(name, f"The exercise {name}.", score, most, checks)
    return Grade(
        student=student,
        assignment=assignment,
        status="graded",
        score=score,
        max_score=most,
        exercises=(exercise,),
        printed=printed,
    )


def record(found: Grade, *, raised: str = "", line: int = 0, source_hash: str = HASH, when: SubmittedAt = UNKNOWN) -> Record:
    """The record of a grade; with `raised`, its step raised that in a line."""
    outcome = Raised("ValueError", ("ValueError",), raised, f"{found.assignment}.py", line, raised) if raised else Returned()
    return Record(found.student, found.assignment, source_hash, HASH, HASH, Run(Returned(), (outcome,)), found, when)


def written(out: Path, records: Iterable[Record]) -> Path:
    """A results folder with these records."""
    with open_store(out, write=True) as store, store.together():
        for one in records:
            store.save(one)
    return out
