"""Preparing an assignment: it is planned once for a class, with the expected outcome of every call."""

import functools
import hashlib

import msgspec

from grader.course.folder import Assignment
from grader.course.rubric import read_misconceptions, read_reference, read_rubric, solution_namespace
from grader.engine.effort import Budgets
from grader.judge.known import Known, read_known
from grader.judge.oracle import Oracle
from grader.plan import Plan, make_plan

_DATA = (".npz", ".npy", ".csv", ".json")


class Prepared(msgspec.Struct, frozen=True):
    """One assignment, ready to grade.

    Attributes:
        oracle: the expected outcomes; None in a student's course, which has no reference.
        rubric_hash: of all files that it is judged by.
        known: the misconceptions that can be recognised without a reference.
        budgets: the CPU time of steps that are measured by the solution's.
    """

    plan: Plan
    oracle: Oracle | None
    rubric_hash: str = ""
    known: Known | None = None
    budgets: Budgets | None = None


def prepare(assignment: Assignment, seed: str, filled: bool = False, only: str = "") -> Prepared:
    """Plan an assignment and compute what is expected; checks that need a missing reference wait for the hand-in.

    Args:
        filled: whether the stub has been filled in place (see `read_rubric`).
        only: the one exercise to plan ("" for all of them).
    """
    rubric = read_rubric(assignment, filled)
    if only:
        rubric = msgspec.structs.replace(rubric, exercises=tuple(found for found in rubric.exercises if found.name == only))
    reference = read_reference(assignment)
    found = read_known(assignment) if reference is None else None
    if found is not None:
        rubric = rubric.with_arithmetic(found.arithmetic)
    if filled and found:
        rubric = msgspec.structs.replace(rubric, signatures=found.signatures or rubric.signatures)
    plan = make_plan(rubric, seed, with_reference=reference is not None, locate=reference is None)
    if reference is None:
        return Prepared(plan, None, _rubric_hash(assignment), Known(plan, found) if found else None)
    misconceptions = tuple(found for found in read_misconceptions(assignment) if only in ("", found.of))
    solution = functools.partial(solution_namespace, assignment) if assignment.has_solution else None
    oracle = Oracle(plan, reference, misconceptions, solution)
    return Prepared(plan, oracle, _rubric_hash(assignment), budgets=Budgets(assignment, plan))


def _rubric_hash(assignment: Assignment) -> str:
    """The hash of the files that an assignment is judged by, including data that its rubric may read."""
    digest = hashlib.sha256()
    data = sorted(path for suffix in _DATA for path in assignment.folder.glob(f"*{suffix}"))
    known = assignment.misconceptions
    mistakes = (*assignment.solution_files, known, known.with_suffix(".py"))
    for path in (assignment.rubric, assignment.examples, assignment.reference, *mistakes, *data):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
