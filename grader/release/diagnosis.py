"""What a student's copy holds on each misconception: its outcomes in the self-check (see `judge.known`)."""

from collections.abc import Mapping
from typing import Any, assert_never

import msgspec

from grader.course.folder import PUBLIC_SEED, Assignment
from grader.course.misconceptions import Misconception
from grader.course.rubric import read_misconceptions, read_reference, read_rubric
from grader.errors import RubricError
from grader.judge.diagnose import own, same
from grader.judge.known import DiagnosisFile, KnownMistake, rubric_digest
from grader.judge.oracle import run_trusted
from grader.plan import Plan, PlannedExercise, make_plan
from grader.sandbox.outcome import BadReturn, ChildOutcome, OutOfMemory, Raised, Returned, Unimplemented
from grader.text.language import SOURCE, languages
from grader.text.translations import translation


def diagnosis(assignment: Assignment) -> bytes:
    """The content of `diagnosis.msgpack`.

    Raises:
        RubricError: there is no reference.
    """
    reference = read_reference(assignment)
    if reference is None:
        raise RubricError(assignment.reference, "", "there is no reference to tell the misconceptions from", "write it")
    # as a student's self-check makes it
    rubric = read_rubric(assignment)
    plan = make_plan(rubric, PUBLIC_SEED, with_reference=False, locate=True)
    right = run_trusted(plan, reference, range(len(plan.steps)))
    exercises = {planned.exercise.name: planned for planned in plan.exercises}
    mistakes = tuple(
        _known(plan, exercises[item.of], item, reference, right, _hints(assignment, item))
        for item in read_misconceptions(assignment)
        if item.of in exercises
    )
    used = {name: tuple(sorted(found)) for name, found in rubric.uses.items() if found}
    return msgspec.msgpack.encode(DiagnosisFile(rubric_digest(assignment), mistakes, uses=used))


def _known(
    plan: Plan,
    planned: PlannedExercise,
    item: Misconception,
    reference: Mapping[str, Any],
    right: Mapping[int, ChildOutcome],
    hints: dict[str, str],
) -> KnownMistake:
    start = planned.seqs.start
    outcomes: dict[int, ChildOutcome | None] = {}
    wrong = set()
    made = run_trusted(plan, {**reference, item.of: item.function}, planned.seqs)
    for check in planned.checks:
        for seq in own(plan, item, check.seqs):
            alike = same(plan.steps[seq], right[seq], made[seq])
            secret = alike and check.check.kind != "example" and isinstance(right[seq], Returned)
            outcomes[seq - start] = None if secret else _bare(made[seq])
            if not alike:
                wrong.add(seq - start)
    return KnownMistake(item.name, item.of, hints, outcomes, frozenset(wrong))


def _bare(outcome: ChildOutcome) -> ChildOutcome:
    """The part of an outcome that is compared, without traces of the code behind it."""
    match outcome:
        case Returned(value):
            return Returned(value)
        case Raised(name):
            return Raised(name, (), "")
        case Unimplemented():
            return Unimplemented("")
        case BadReturn(reason):
            return BadReturn(reason)
        case OutOfMemory():
            return OutOfMemory()
        case _:
            assert_never(outcome)


def _hints(assignment: Assignment, item: Misconception) -> dict[str, str]:
    """The hint in every language that the course has a catalog for."""
    others = (language for language in languages() if language != SOURCE)
    said = {language: translation(assignment.name, assignment.catalogs, language).gettext(item.hint) for language in others}
    return {SOURCE: item.hint} | {language: hint for language, hint in said.items() if hint != item.hint}
