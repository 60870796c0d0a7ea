"""A class in the course of `tests/courses/parts`, judged in this process: with one of each part."""

import shutil
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from toys import outcomes_of

from grader.course.folder import find_course
from grader.engine.prepare import Prepared, prepare
from grader.engine.record import Record
from grader.gradebook.adjustments import Adjustment
from grader.gradebook.open_store import open_store
from grader.gradebook.review_log import Request
from grader.judge.judge import judge
from grader.judge.verdicts import Grade, Verdict
from grader.run import Run
from grader.sandbox.backend import Source
from grader.sandbox.outcome import Returned
from grader.submissions.pieces import pieces
from grader.submissions.submission import Submission
from grader.text.language import spoken

COURSE = Path(__file__).parent / "parts"
SECRET = "the same inputs in every test"
SOLUTION = (COURSE / "solutions" / "affine.py").read_text(encoding="utf-8")
STUB = (COURSE / "assignments" / "affine" / "affine.py").read_text(encoding="utf-8")
ARGUMENT = "the argument"
WRONG = SOLUTION.replace("x - x.mean()", "[1, 2]")


def answering(text: str, base: str = SOLUTION) -> str:
    """A submission with another answer to why_bias."""
    start, end = base.index('    return """\n    Without'), base.index("    # END SOLUTION\n\n\ndef leaky")
    return f'{base[:start]}    return """{text}"""\n{base[end:]}'


@cache
def ready() -> Prepared:
    """The topic, prepared."""
    return prepare(find_course(COURSE).assignment("affine"), SECRET)


def record(text: str = SOLUTION, student: str = "ana") -> Record:
    """The record of a submission that is to be trusted, in the language that is spoken."""
    return _record(text, student, spoken())


@cache
def _record(text: str, student: str, _language: str) -> Record:
    topic, folder = ready(), COURSE / "solutions" / f"{student}.py"
    namespace: dict[str, object] = {}
    exec(compile(text, folder.name, "exec"), namespace)
    read = {name: piece for name, piece in pieces([text]).items() if name in topic.plan.read}
    ran = Run(Returned(), outcomes_of(topic, namespace), pieces=read)
    grade = judge(topic.plan, ran, topic.oracle, student)
    source = Submission(student, "affine", Source("affine", {"affine": text})).hash
    return Record(student, "affine", source, topic.plan.hash, topic.rubric_hash, ran, grade)


def grade(text: str = SOLUTION, student: str = "ana") -> Grade:
    """Its grade."""
    return record(text, student).grade


def part(found: Grade, exercise: str = "why_bias") -> Verdict:
    """The part of an exercise that a person decides."""
    return next(check for one in found.exercises if one.name == exercise for check in one.checks if check.by_hand)


def keep(out: Path, *records: Record) -> Path:
    """Save submissions in a results folder, one after the other."""
    with open_store(out, write=True) as store:
        for one in records:
            store.save(one)
    return out


def copied(folder: Path) -> Path:
    """A copy of the course that a test may change, with the same inputs."""
    shutil.copytree(COURSE, folder, ignore=shutil.ignore_patterns("__pycache__", "course.secret"))
    (folder / "course.secret").write_text(f"{SECRET}\n")
    return folder


def class_of_three(out: Path) -> Path:
    """Ana and bea wrote everything, in other words; caro handed in the stub."""
    other = answering("It moves the line <b>away</b> from 0.")
    return keep(out, record(student="ana"), record(other, "bea"), record(STUB, "caro"))


def class_of_two(out: Path) -> Path:
    """One who has something wrong, one who did not begin; a mark was changed by hand, and a student asks."""
    keep(out, record(WRONG, "ana"), record(SOLUTION, "ana"), record(WRONG, "ana"), record(STUB, "bea"))
    with open_store(out, write=True) as store:
        store.adjust(
            Adjustment(
                student="ana", assignment="affine", points=0.5, because="", by="marta", at=datetime(2027, 5, 3, 12, tzinfo=UTC)
            )
        )
        store.log(Request(student="ana", assignment="affine", text="", by="marta", at=datetime(2027, 5, 3, 12, tzinfo=UTC)))
    return out
