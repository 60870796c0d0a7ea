"""Preparing an assignment: it is planned once for a class, with the expected outcome of every call."""

import functools
import hashlib
import threading
from collections.abc import Callable

import msgspec

from grader.course.folder import Assignment
from grader.course.per_student import own_hash
from grader.course.rubric import read_misconceptions, read_reference, read_rubric, solution_namespace
from grader.engine.effort import Budgets
from grader.judge.known import Known, read_known
from grader.judge.oracle import Oracle
from grader.plan import Plan, make_plan

KEPT = 8  # students for whom an assignment is prepared at a time
_DATA = (".npz", ".npy", ".csv", ".json")


class Prepared(msgspec.Struct, frozen=True):
    """One assignment, ready to grade.

    Attributes:
        oracle: the expected outcomes; None in a student's course, which has no reference.
        rubric_hash: of all files that it is judged by.
        known: the misconceptions that can be recognised without a reference.
        budgets: the CPU time of steps that are measured by the solution's.
        each: prepares it for one student, where some inputs are drawn for each.
    """

    plan: Plan
    oracle: Oracle | None
    rubric_hash: str = ""
    known: Known | None = None
    budgets: Budgets | None = None
    each: Callable[[str], "Prepared"] | None = None

    def own(self, student: str) -> "Prepared":
        """The assignment for one student: with inputs that are drawn for them, if the rubric says so."""
        return self.each(student) if self.each else self

    def hash_for(self, student: str) -> str:
        """The hash of a student's plan, which is not made for it."""
        return own_hash(self.plan.hash, student) if self.each else self.plan.hash


def prepare(
    assignment: Assignment, seed: str, filled: bool = False, only: str = "", student: str = "", each: bool = False
) -> Prepared:
    """Plan an assignment and compute what is expected; checks that need a missing reference wait for submission.

    Args:
        filled: whether the stub has been filled in place (see `read_rubric`).
        only: the one exercise to plan ("" for all of them).
        student: who checks their own work, if that was said.
        each: whether it is for a class, and inputs are drawn for each student where the rubric says so (see `Prepared.own`).
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
    plan = make_plan(rubric, seed, with_reference=reference is not None, locate=reference is None, student=student)
    if reference is None:
        own = student and plan.is_drawn_for_each  # what is known is of the inputs of nobody
        return Prepared(plan, None, _rubric_hash(assignment), Known(plan, found) if found and not own else None)
    misconceptions = tuple(found for found in read_misconceptions(assignment) if only in ("", found.of))
    solution = functools.partial(solution_namespace, assignment) if assignment.has_solution else None
    oracle = Oracle(plan, reference, misconceptions, solution)
    made = Prepared(plan, oracle, _rubric_hash(assignment), budgets=Budgets(assignment, plan))
    if not each or not plan.is_drawn_for_each:
        return made

    def for_student(name: str) -> Prepared:
        own = make_plan(rubric, seed, with_reference=True, student=name, of_class=plan.hash)
        return Prepared(
            own, Oracle(own, reference, misconceptions, solution), made.rubric_hash, budgets=made.budgets and made.budgets.of(own)
        )

    return msgspec.structs.replace(made, each=_Kept(for_student))


class _Kept:
    """Prepares for one student after the other, and keeps the latest: a student's records are graded and shown one after the other."""

    def __init__(self, make: Callable[[str], Prepared]) -> None:
        self._make = functools.lru_cache(maxsize=KEPT)(make)
        self._lock = threading.Lock()  # the course's own code uses numpy's global state

    def __call__(self, student: str) -> Prepared:
        with self._lock:
            return self._make(student)


def _rubric_hash(assignment: Assignment) -> str:
    """The hash of the files that an assignment is judged by, including data that its rubric may read."""
    digest = hashlib.sha256()
    data = sorted(path for suffix in _DATA for path in assignment.folder.glob(f"*{suffix}"))
    known = assignment.misconceptions
    mistakes = (*assignment.solution_files, known, known.with_suffix(".py"))
    for path in (assignment.rubric, assignment.examples, assignment.reference, *mistakes, *data):
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()
