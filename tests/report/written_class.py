"""Classes whose records are written as they are needed: nothing is graded, and names, code and messages are as bad as they can be."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from grader.course.folder import find_course
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict, VerdictWord
from grader.report.folder import INDEX, ReportFolder
from grader.report.report import Material, facts_of, write_report
from grader.report.similar_page import Alike
from grader.run import Run
from grader.sandbox.backend import Source
from grader.sandbox.outcome import Raised, Returned
from grader.submissions.fingerprints import Pair
from grader.submissions.similar import Found, OwnCode
from grader.submissions.submission import Submission
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


def hostile_class(count: int) -> Iterator[tuple[Record, Submission]]:
    """Records of `vectors` and `signs`, and the code that they are of: every name, message, output and line of code is one of `HOSTILE`."""
    for place in range(count):
        text = HOSTILE[place % len(HOSTILE)]
        student = f"{text[:60]} {place}"
        for topic in ("vectors", "signs"):
            mine = Submission(
                student, topic, Source(topic, {topic: f"def scale(x):\n    {text}\n    return {text}\n", text[:40]: text})
            )
            wrong = "failed" if place % 3 else "passed"
            first = check(
                f"small {text}", wrong, 1.5, f"raised {text}", misconception=text[:50] if place % 2 else None, hint=text
            )
            found = grade(student, topic, first, check("large numbers", "passed", 0.5), printed=text)
            when = SubmittedAt(datetime(2027, 3, 1, tzinfo=UTC) + timedelta(hours=place % 200), "timestamp.txt")
            yield record(found, raised=text, line=2, source_hash=mine.hash, when=when), mine


def written_report(
    course: Path,
    folder: Path,
    made: Iterable[tuple[Record, Submission]],
    ready: Mapping[str, Prepared] = {},
    absent: Sequence[str] = HOSTILE,
) -> Path:
    """The first page of a report of these records, of which the first two students' code is alike."""
    both = [*made]
    found = find_course(course)
    first, second = [*dict.fromkeys(mine.student for _one, mine in both)][:2]
    texts = {mine.student: OwnCode("\n".join(mine.source.modules.values()), {}) for _one, mine in both[:4] if mine.source}
    pair = Pair(first, second, 0.9, 7.0, ((1, 2), (1, 3)))
    with open_store(written(folder / "out", (one for one, _mine in both)), write=False) as store:
        material = Material(
            found,
            found.assignments,
            store,
            course_policy(found),
            datetime(2027, 4, 1, tzinfo=UTC),
            submissions={(mine.student, mine.assignment): mine for _one, mine in both},
            alike={found.assignments[0].name: Alike(Found(found.assignments[0].name, (pair,), ()), texts)},
            ready=ready,
            absent=absent,
        )
        written_to = ReportFolder(folder / "report")
        write_report(material, written_to, *facts_of(material))
    return written_to.path / INDEX
