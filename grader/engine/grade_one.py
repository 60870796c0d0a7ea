"""Grading one submission: it is run in the sandbox, once more if the sandbox failed, and judged."""

from typing import Literal

import msgspec

from grader.engine import pace
from grader.engine.prepare import Prepared
from grader.engine.record import Record, abridged
from grader.errors import PostponedError, SandboxError, Why
from grader.judge.judge import judge
from grader.judge.verdicts import Grade
from grader.plan import Plan
from grader.run import Run, run
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.outcome import Raised
from grader.submissions.pieces import piece_of
from grader.submissions.read import SubmittedFiles
from grader.submissions.submission import Submission
from grader.text.language import gettext as _

Turn = Literal["trial", "full", "waiting", "last"]  # a first try with little time, a full run, one beside many, the last one
ATTEMPTS = 2  # at running a submission, each with a new zygote
NOTEBOOK_LOAD_SECONDS = 40.0  # all cells together; `submissions.notebook.source` ends single ones before that
UNREAD = "UnreadableSubmission"  # in place of an exception's name, if the submission could not be read


def run_one(
    submission: Submission,
    prepared: Prepared,
    backend: Backend,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    postponing: bool = False,
) -> Run:
    """Run one submission. A sandbox that fails is tried once more.

    Raises:
        SandboxError: it failed twice.
        PostponedError: it should be run again later, and the caller is `postponing`: an immediate retry would not help.
    """
    prepared = prepared.own(submission.student)
    if submission.source is None:
        return Run(Raised(UNREAD, (), submission.problem), (), file=submission.file, choice=submission.choice)
    if submission.is_notebook:  # in its cells, students also try things out
        limits = msgspec.structs.replace(limits, load_seconds=max(limits.load_seconds, NOTEBOOK_LOAD_SECONDS))
    for attempt in range(1, ATTEMPTS + 1):
        try:
            ran = _run_in_time(submission.source, prepared, backend, limits)
            found = {name: piece_of(submission.pieces, name) for name in prepared.plan.read}
            read = {name: piece for name, piece in found.items() if piece is not None}
            replaced = _replaced([*prepared.plan.changed(submission.source), *submission.changed])
            choice = " ".join(filter(None, (submission.choice, replaced)))
            ran = msgspec.structs.replace(ran, file=submission.file, choice=choice, pieces=read, removed=submission.notes)
            if not submission.notes:
                return ran
            from grader.submissions.notebook.outcomes import explained

            return msgspec.structs.replace(ran, outcomes=tuple(explained(outcome, submission.notes) for outcome in ran.outcomes))
        except SandboxError as error:
            if attempt == ATTEMPTS or (postponing and isinstance(error, PostponedError)):
                raise
    raise AssertionError  # not reached


def _run_in_time(source: Source, prepared: Prepared, backend: Backend, limits: Limits) -> Run:
    """Run a submission, whose steps of which the time counts have their budgets.

    To measure budgets takes several children. Most code stays below what everybody may use, and then they need not be known.
    """
    budgets = prepared.budgets
    if budgets is None:
        return run(prepared.plan, source, backend, limits)
    if budgets.are_known:
        return run(prepared.plan, source, backend, limits, budgets.seconds(backend))
    return run(prepared.plan, source, backend, limits, budgets.at_least(), lambda seq: budgets.seconds(backend)[seq])


def _replaced(names: list[str]) -> str:
    """What a student reads of files that were changed and are the course's."""
    if not names:
        return ""
    return _("{files}: the course's own version was used; your changes to it do not count").format(files=", ".join(names))


def grade_one(
    submission: Submission,
    prepared: Prepared,
    backend: Backend,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    *,
    postponing: bool = False,
) -> Record:
    """Run and judge one submission. A sandbox that fails twice becomes `grader_error`.

    Raises:
        PostponedError: it should be run again later, and the caller is `postponing`.
    """
    prepared = prepared.own(submission.student)
    plan = prepared.plan
    try:
        ran = run_one(submission, prepared, backend, limits, postponing=postponing)
    except SandboxError as error:
        if postponing and isinstance(error, PostponedError):
            raise
        ran = Run(Raised("SandboxError", (), str(error)), ())
        grade = grader_error(submission, plan, f"the sandbox failed: {error}")
    else:
        grade = judge(plan, ran, prepared.oracle, submission.student, prepared.known)
        ran = abridged(ran, grade, plan, prepared.oracle)
    return Record(submission.student, submission.assignment, submission.hash, plan.hash, prepared.rubric_hash, ran, grade)


def grade_safely(item: SubmittedFiles, prepared: Prepared, backend: Backend, limits: Limits, turn: Turn) -> Record | Why:
    """The record of a submission; why it should be run again later if it should, which is never so in the last turn.

    Any other error becomes a `grader_error` of this submission, and the class goes on.
    """
    try:
        record = grade_read(item.read(), prepared, backend, limits, turn)
    except Exception as error:
        record = fault_of_grader(item, prepared, error)
    return msgspec.structs.replace(record, submitted_at=item.submitted_at) if isinstance(record, Record) else record


def grade_read(submission: Submission, prepared: Prepared, backend: Backend, limits: Limits, turn: Turn) -> Record | Why:
    """The same of a submission that was read.

    Raises:
        Exception: the grader's own fault.
    """
    try:
        if turn == "trial":
            limits = pace.trial(limits, prepared.budgets.pace(backend) if prepared.budgets else 0.0)
        return grade_one(submission, prepared, backend, limits, postponing=turn != "last")
    except PostponedError as error:
        if turn == "last":
            raise
        return error.why


def fault_of_grader(item: SubmittedFiles, prepared: Prepared, error: object) -> Record:
    """The record of a submission that the grader itself failed to grade."""
    problem = f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
    grade = grader_error(item, prepared.plan, f"the grader failed: {problem}"[:1000])
    nothing = Run(Raised("GraderError", (), grade.message), ())
    return Record(item.student, item.assignment, "", prepared.plan.hash, prepared.rubric_hash, nothing, grade)


def grader_error(submission: Submission | SubmittedFiles, plan: Plan, message: str) -> Grade:
    """The grade of a submission that the grader itself failed to grade: without a score, so that no points change."""
    return Grade(
        student=submission.student,
        assignment=plan.name,
        status="grader_error",
        score=None,
        max_score=plan.rubric.points,
        exercises=(),
        message=message,
    )
