"""Which mutants of the reference a rubric accepts: each runs as a submission would, until the first check that rejects it.

A mutant that gives the same results for every input is equivalent. The instructor explains it in `reference/mutants/<topic>.toml`:

    [relu_at_zero]
    why = "ReLU has no derivative at 0; both are accepted there."
    relu_prime = "return z > 0 → return z >= 0"
"""

import json
from collections.abc import Iterator

import msgspec
import numpy as np

from grader.checks.methods import class_of
from grader.course.calls import users
from grader.course.edits import ARROW
from grader.course.folder import Assignment
from grader.course.misconceptions import WHY, read_entries
from grader.course.rubric import read_reference
from grader.course.source import as_submission
from grader.engine.prepare import Prepared
from grader.errors import RubricError
from grader.judge.evidence import evidence_on, for_check
from grader.judge.oracle import Oracle
from grader.plan import PlannedCheck, PlannedExercise
from grader.prove.mutants import Mutant, mutants
from grader.sandbox.backend import Backend, Limits, Session, Source
from grader.sandbox.outcome import Outcome, Returned

CALL_SECONDS = 3.0  # CPU time of one call: the reference is fast, so a slow mutant counts as killed
LIMITS = Limits(budget_seconds=60)


class MutationResult(msgspec.Struct, frozen=True):
    """The mutants of one reference.

    Attributes:
        made: how many there are; `killed` of them a check rejected.
        equivalent: how many survived and are explained.
        surviving: the other ones that survived, for people.
        blocks: how each of these would be explained, to be pasted.
        problems: explanations of mutants that do not survive, and checks that themselves failed.
    """

    made: int = 0
    killed: int = 0
    equivalent: int = 0
    surviving: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()


def run_mutants(assignment: Assignment, ready: Prepared, backend: Backend) -> MutationResult:
    """Run every mutant of the assignment's reference.

    Raises:
        RubricError: the explanations cannot be read.
        SandboxError: the sandbox failed.
    """
    source = assignment.reference.read_text(encoding="utf-8")
    explained = dict.fromkeys(_explanations(assignment), False)
    reference = read_reference(assignment)
    assert reference is not None
    oracle = Oracle(ready.plan, reference)  # without misconceptions: a mutant needs no name
    using = users(source)
    surviving, blocks, problems, made, equivalent = [], list[str](), [], 0, 0
    for mutant in mutants(source):
        made += 1
        exercises = [planned for planned in ready.plan.exercises if class_of(planned.exercise.name) in using.get(mutant.unit, ())]
        exercises.sort(key=lambda planned: (class_of(planned.exercise.name) != mutant.unit, len(planned.seqs)))
        try:
            killed = _is_killed(mutant, exercises, ready, oracle, backend, assignment)
        except _BrokenCheckError as error:
            problems.append(f"{error} on the mutant {mutant.text}")
            continue
        if killed:
            continue
        key = (mutant.unit, mutant.before, mutant.after)
        if key in explained:
            explained[key] = True
            equivalent += 1
        else:
            surviving.append(mutant.text)
            blocks.append(_block(mutant, len(surviving)))
    problems += [
        f"{assignment.mutants.name} explains a mutant that does not survive: {Mutant(*key, '').text}"
        for key, met in explained.items()
        if not met
    ]
    return MutationResult(made, made - equivalent - len(surviving), equivalent, tuple(surviving), tuple(problems), tuple(blocks))


def _block(mutant: Mutant, number: int) -> str:
    """The table of `reference/mutants/<topic>.toml` that explains a mutant, but for its reason."""
    name = f"{mutant.unit or 'module'}_{number}"
    edit = json.dumps(f"{mutant.before}{ARROW} {mutant.after}", ensure_ascii=False)
    return f'[{name}]\nwhy = "why it changes no result"\n{json.dumps(mutant.unit)} = {edit}'


class _BrokenCheckError(Exception):
    """A check itself failed."""


def _is_killed(
    mutant: Mutant, exercises: list[PlannedExercise], ready: Prepared, oracle: Oracle, backend: Backend, assignment: Assignment
) -> bool:
    """Whether a check of `exercises` rejects the mutant."""
    modules = as_submission(assignment.reference, assignment.name, mutant.source)
    given = msgspec.structs.replace(ready.plan.source(Source(ready.plan.name, modules)), rules=None)
    session = backend.open(given, LIMITS)
    try:
        if not isinstance(session.loaded, Returned):
            return True
        outcomes: list[Outcome] = [oracle.outcome(step.seq) for step in ready.plan.steps]
        return any(_rejects(planned, item, session, outcomes, ready, oracle) for planned in exercises for item in planned.checks)
    finally:
        session.close()


def _rejects(
    planned: PlannedExercise, item: PlannedCheck, session: Session, outcomes: list[Outcome], ready: Prepared, oracle: Oracle
) -> bool:
    exercise = planned.exercise
    for seq in item.seqs:
        outcomes[seq] = session.call(seq, ready.plan.frames[seq], min(exercise.seconds, CALL_SECONDS))
        if not session.alive:
            return True
    evidence = for_check(evidence_on(ready.plan, planned, outcomes, oracle), item)
    try:
        with np.errstate(all="ignore"):
            return item.check.judge(evidence).verdict != "passed"
    except Exception as error:
        raise _BrokenCheckError(
            f'the check "{item.check.name}" of {exercise.name} itself failed ({type(error).__name__}: {error})'
        ) from error


def _explanations(assignment: Assignment) -> Iterator[tuple[str, str, str]]:
    """Unit, before and after of each mutant that is explained."""
    path = assignment.mutants
    for entry in read_entries(path, WHY):
        edits = [(unit, edit) for units in entry.exercises.values() for unit, listed in units.items() for edit in listed]
        for unit, edit in edits:
            before, arrow, after = edit.partition(ARROW)
            if not arrow:
                advice = "write `before → after`, as `grader validate` prints it"
                raise RubricError(path, entry.name, f"`{edit}` has no arrow", advice)
            yield unit, before, after.removeprefix(" ")
