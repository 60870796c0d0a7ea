"""What a report says of one student: each assignment, and how its score adds up. It is what `grader show` says, and all of it."""

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.feedback.history import AttemptLine, ChangeLine, attempt_lines, change_lines
from grader.feedback.summary import counts_text, final_text, open_line, points
from grader.feedback.view import view_of
from grader.feedback.view_types import View
from grader.gradebook.decisions import with_decisions
from grader.gradebook.entries import Entry
from grader.gradebook.lateness import LatePolicy
from grader.gradebook.said_again import grade_again
from grader.gradebook.store import Store
from grader.gradebook.term import Term
from grader.judge.verdicts import ExerciseGrade
from grader.report.code import Module, modules_of
from grader.report.similar_page import PairLink
from grader.submissions.submission import Submission
from grader.text.escape import one_line
from grader.text.language import SOURCE, marked, spoken
from grader.text.language import gettext as _

OTHER_CALLS = marked(
    "Expected arrays are not shown: the rubric's calls changed since this was graded; `grader grade` runs them anew."
)
OTHER_CODE = marked("The code is not shown: what is in the class's folder now is not what was graded.")


class Sum(msgspec.Struct, frozen=True):
    """A line of a sum: "conv2d", "2", "2"; `most` is "" where there is no maximum, `note` says how it counts, if not as the others do."""

    what: str
    points: str
    most: str = ""
    note: str = ""


class Work(msgspec.Struct, frozen=True):
    """One student's work on one assignment.

    Attributes:
        number: of the attempt that is shown.
        score: that counts; `most`: the maximum.
        parts: what each exercise earned; `sums`: what makes the score that counts of their sum.
        changes: the whole history, with what was taken back.
        modules: the code, if it is known.
        remarks: why something is not shown.
    """

    assignment: str
    title: str
    number: int
    score: str
    most: str
    view: View
    parts: tuple[Sum, ...]
    sums: tuple[Sum, ...]
    attempts: tuple[AttemptLine, ...]
    changes: tuple[ChangeLine, ...]
    modules: tuple[Module, ...] = ()
    remarks: tuple[str, ...] = ()


def work_of(
    store: Store,
    policy: LatePolicy,
    entry: Entry,
    title: str,
    ready: Prepared | None = None,
    submission: Submission | None = None,
    record: Record | None = None,
) -> Work:
    """The attempt that counts, or that of `record`.

    Args:
        title: of the assignment.
        ready: the assignment, to show expected arrays if its calls are still those that were run.
        submission: what is in the class's folder; it is shown if it is what was graded.
    """
    owner, assignment = entry.by or entry.grade.student, entry.grade.assignment
    record = record or store.record(owner, assignment, entry.attempt)
    if record and spoken() != SOURCE:
        record = replace(record, grade=grade_again(record, ready))
    record = record and with_decisions(store, record)
    grade = record.grade if record else entry.grade
    fits = ready and record and ready.hash_for(record.student) == record.plan_hash
    plan = ready.own(record.student).plan if ready and record and fits else None
    is_it = submission is not None and record is not None and submission.hash == record.source_hash
    modules: tuple[Module, ...] = ()
    if submission and submission.source and record and is_it:
        modules = modules_of(submission.source, submission.is_notebook, record.run, grade)
    remarks = [_(OTHER_CALLS)] if ready and record and not plan else []
    remarks += [_(OTHER_CODE)] if submission and record and not is_it else []
    return Work(
        assignment,
        one_line(title),
        record.attempt or entry.attempt if record else 0,
        final_text(entry),
        points(grade.max_score) if grade.max_score else "",
        view_of(
            grade, one_line(title), plan, record.run if record and plan else None, oracle=ready.oracle if ready and plan else None
        ),
        tuple(map(_sum, grade.exercises)),
        tuple(_sums(entry)),
        attempt_lines(policy, Term(store, policy).decided_attempts(owner, assignment), entry),
        change_lines(store.adjustments(entry.grade.student, assignment)),
        modules,
        tuple(remarks),
    )


def _sum(exercise: ExerciseGrade) -> Sum:
    """An exercise; how it counts stands beside its name."""
    counts = counts_text(exercise)
    return Sum(one_line(exercise.name), points(exercise.score), points(exercise.max_score), counts)


def _sums(entry: Entry) -> Iterator[Sum]:
    """From the computed score to the one that counts."""
    grade, late = entry.grade, entry.late
    if grade.max_score:
        yield Sum(_("computed"), points(grade.score), points(grade.max_score))
        if grade.undecided:
            yield Sum(open_line(grade), "", points(grade.open))
    if late.penalty:
        yield Sum(_("late penalty"), f"−{points(late.penalty)}")
    for made, one in zip(entry.adjustments, change_lines(entry.adjustments), strict=True):
        what = _("excused") if made.excused else _("changed") if made.points else _("remark")
        said = _("{what} by {who}: {why}").format(what=what, who=one.by, why=one.because)
        yield Sum(said, one.change if made.points else "")
    if late.penalty or entry.adjustments:
        yield Sum(_("counts"), final_text(entry), points(grade.max_score) if grade.max_score else "")


class Student(msgspec.Struct, frozen=True):
    """One student.

    Attributes:
        total: of the course, in percent; "" if nothing counts yet.
        missing: the titles of assignments in which there is no record.
        similar: the submissions of others that are like theirs.
    """

    name: str
    works: tuple[Work, ...]
    total: str = ""
    missing: tuple[str, ...] = ()
    similar: tuple[PairLink, ...] = ()
