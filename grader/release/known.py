"""What a student's copy holds instead of code: the outcomes of each misconception in the self-check, and the arithmetic of each worked
example (see `judge.known`)."""

from collections.abc import Iterator, Mapping, Sequence
from gettext import NullTranslations
from typing import Any, assert_never

import msgspec

from grader.checks.example import WorkedExample
from grader.checks.methods import replaced
from grader.course.folder import PUBLIC_SEED, Assignment
from grader.course.misconceptions import Misconception
from grader.course.rubric import Rubric, read_misconceptions, read_reference, read_rubric
from grader.errors import RubricError
from grader.judge.known import KnownFile, KnownMistake, mark, rubric_digest
from grader.judge.oracle import run_trusted
from grader.judge.results import differing, same_outcome, tolerance
from grader.plan import Plan, PlannedExercise, make_plan
from grader.release.hidden import public_examples
from grader.sandbox.outcome import BadReturn, ChildOutcome, OutOfMemory, Raised, Returned, Unimplemented
from grader.sandbox.values import Array, Items, LargeInteger, Value
from grader.sandbox.wire import Step
from grader.text.language import SOURCE, add_catalog, languages, speaking
from grader.text.translations import translation


def known(assignment: Assignment, public: str) -> bytes:
    """The content of `known.msgpack`.

    Args:
        public: the rubric as students get it.

    Raises:
        RubricError: there is no reference.
    """
    reference = read_reference(assignment)
    if reference is None:
        raise RubricError(assignment.reference, "", "there is no reference to tell the misconceptions from", "write it")
    # as a student's self-check makes it
    rubric = read_rubric(assignment, text=public).without_hidden()
    plan = make_plan(rubric, PUBLIC_SEED, with_reference=False, locate=True)
    right = run_trusted(plan, reference, range(len(plan.steps)))
    exercises = {planned.exercise.name: planned for planned in plan.exercises}
    others = [language for language in languages(assignment.catalogs) if language != SOURCE]
    catalogs = {language: translation(assignment.name, assignment.catalogs, language) for language in others}
    mistakes = tuple(
        _known(plan, exercises[item.of], item, reference, right, _hints(item.hint, catalogs))
        for item in read_misconceptions(assignment)
        if item.of in exercises
    )
    used = {name: tuple(sorted(found)) for name, found in rubric.uses.items() if found}
    told = KnownFile(
        rubric_digest(public_examples(assignment).encode(), public.encode()),
        mistakes,
        uses=used,
        arithmetic=_arithmetic(read_rubric(assignment).without_hidden()),
        signatures=dict(rubric.signatures),
    )
    return msgspec.msgpack.encode(told)


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
    made = run_trusted(plan, replaced(reference, item.of, item.function), planned.seqs)
    for check in planned.checks:
        for seq in plan.own(item.of, check.seqs):
            step = plan.steps[seq]
            alike = differing(step, tolerance(planned, step), right[seq], made[seq], planned.exercise.returns) == {}
            told: ChildOutcome | None = (bare := _bare(made[seq]))
            if check.check.kind != "example" and isinstance(expected := right[seq], Returned):
                told = None if alike else _without(bare, list(_results(expected.value)), plan.steps[seq])
            outcomes[seq - start] = told
            if not alike and told is not None:
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


def _without(outcome: ChildOutcome, right: Sequence[Value], step: Step) -> ChildOutcome | None:
    """An outcome without the right ones of several results, wherever they stand; None where no other is left."""
    if not isinstance(outcome, Returned):
        return outcome
    value = _wrong_results(outcome.value, right, step)
    return (
        Returned(value)
        if any(isinstance(item, Array | LargeInteger | Items | str | bool | int | float) for item in _results(value))
        else None
    )


def _wrong_results(wrong: Value, right: Sequence[Value], step: Step) -> Value:
    if isinstance(wrong, Items) and _several(wrong):
        return Items(wrong.kind, tuple(_wrong_results(item, right, step) for item in wrong.items))
    return mark(wrong) if any(same_outcome(step, Returned(value), Returned(wrong)) for value in right) else wrong


def _results(value: Value) -> Iterator[Value]:
    """The results in a value, each by itself."""
    if isinstance(value, Items) and _several(value):
        for item in value.items:
            yield from _results(item)
    else:
        yield value


def _several(value: Items) -> bool:
    """Whether these are results, and not a vector of numbers."""
    return value.kind == "tuple" or (value.kind == "list" and any(isinstance(item, Array | Items) for item in value.items))


def _arithmetic(rubric: Rubric) -> dict[str, dict[str, dict[str, str]]]:
    """The text on each element of each worked example, by example, language and place; in other languages only what differs."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    explained = [
        (check, exercise.returns)
        for exercise in rubric.exercises
        for check in rubric.checks(exercise)
        if isinstance(check, WorkedExample) and check.explain
    ]
    for language in sorted(languages(rubric.assignment.catalogs), key=lambda language: language != SOURCE):
        with speaking(language):
            add_catalog(rubric.assignment.name, rubric.assignment.catalogs)
            for check, returns in explained:
                texts, told = check.arithmetic(rubric.examples[check.id], returns), found.setdefault(check.id, {SOURCE: {}})
                told[language] = {place: text for place, text in texts.items() if told[SOURCE].get(place) != text}
    return found


def _hints(hint: str, catalogs: Mapping[str, NullTranslations]) -> dict[str, str]:
    """The hint in every language that the course has a catalog for."""
    said = {language: catalog.gettext(hint) for language, catalog in catalogs.items()}
    return {SOURCE: hint} | {language: text for language, text in said.items() if text != hint}
