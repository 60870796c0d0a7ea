"""Proving the hints with lies: right code that refuses nothing, two mistakes at once, rounding noise, lists where arrays should be."""

import ast
import itertools
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from grader.checks.methods import class_of
from grader.course.edits import EditError, Edits, edited
from grader.course.exercise_names import exercise_names
from grader.course.folder import Assignment
from grader.course.given import beside
from grader.course.misconceptions import TITLED, combined, read_entries
from grader.course.several import solution_text
from grader.engine.prepare import Prepared
from grader.judge.judge import judge
from grader.judge.oracle import run_trusted
from grader.judge.predictions import cases, predicted
from grader.judge.results import same_outcome
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.run import Run
from grader.sandbox.outcome import Outcome, Raised, Returned
from grader.sandbox.values import decode, encode
from grader.text.syntax import parse

NOISE = 4e-16  # relative: what another order of the same sums may come to
PAIRS = 10  # of mistakes that are made together
LINES = 100_000  # that a case may execute without its raise: a loop that this kept from running for ever ends


def hint_problems(assignment: Assignment, ready: Prepared, accepted: Sequence[Path]) -> Iterator[str]:
    """What a hint says of code that does not make that mistake, and marks that form or noise takes."""
    yield from _pairs(ready)
    yield from _in_another_style(assignment, ready, accepted)
    solution = [assignment.solution] if all(path.is_file() for path in assignment.solution_files) else []
    for path in (*solution, *accepted):
        own = path == assignment.solution
        source = solution_text(assignment) if own else path.read_text(encoding="utf-8", errors="replace")
        if not own and "raise" not in source:
            continue  # there is nothing to take out
        outcomes = _right(source, ready)
        if outcomes is None:
            continue
        for line, text in without_raises(source):
            yield from (f"{path.name} without {line} {problem}" for problem in _unrefusing(text, outcomes, ready))
        if own:
            yield from _otherwise(outcomes, ready)


def _right(source: str, ready: Prepared) -> tuple[Outcome, ...] | None:
    """The outcomes of right code; None where it is not right, which is another proof's business."""
    try:
        outcomes = _outcomes(source, ready)
    except Exception:
        return None
    return outcomes if _is_right(_judged(ready, outcomes)) else None


def _is_right(grade: Grade) -> bool:
    """Whether all is right that checks decide: what a person reads is in no outcome."""
    return all(check.by_hand or check.score >= check.points - 1e-9 for _exercise, check in _checks(grade))


def _otherwise(outcomes: tuple[Outcome, ...], ready: Prepared) -> Iterator[str]:
    """The solution's results with other digits at the end, and in other forms."""
    noisy = _judged(ready, tuple(changed(outcome, _noise) for outcome in outcomes))
    if not _is_right(noisy):
        yield f"the solution with rounding noise of {NOISE} earns {noisy.score}: {_failed(noisy)}"
    for kind in (list, tuple):
        grade = _judged(ready, tuple(changed(outcome, partial(_listed, kind)) for outcome in outcomes))
        if grade.status == "grader_error":
            yield f"the solution with a {kind.__name__} for each array is the grader's error: {grade.message}"
        elif failed := [f"{exercise.name} «{check.name}»" for exercise, check in _checks(grade) if check.verdict == "failed"]:
            yield f"the solution with a {kind.__name__} for each array has more than slips: {', '.join(failed)}"


def without_raises(source: str) -> Iterator[tuple[str, str]]:
    """The program with each `raise` taken out, one at a time, then all; with what is out."""
    places = [node.lineno for node in ast.walk(parse(source)) if isinstance(node, ast.Raise)]
    for lines in [*([line] for line in places), *([places] if len(places) > 1 else [])]:
        tree = parse(source)
        yield f"the raise of line {', '.join(map(str, lines))}", ast.unparse(_Quiet(set(lines)).visit(tree))


class _Quiet(ast.NodeTransformer):
    def __init__(self, lines: set[int]) -> None:
        self.lines = lines

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        return ast.copy_location(ast.Pass(), node) if node.lineno in self.lines else node


def _unrefusing(text: str, right: tuple[Outcome, ...], ready: Prepared) -> Iterator[str]:
    assert ready.oracle is not None
    grade = _judged(ready, _let_through(text, right, ready))
    for planned, exercise in zip(ready.plan.exercises, grade.exercises, strict=True):
        found = list(cases(ready.plan, planned))
        items = {item.name: item for item in ready.oracle.misconceptions if item.of == exercise.name}
        for check in exercise.checks:
            for name in check.mistakes:
                about_values = check.kind != "raises" or name not in items
                if about_values or not predicted(ready.plan, planned, items[name], ready.oracle, found).refuses_only:
                    yield f"is told of {name} in {exercise.name} «{check.name}», though it only refuses nothing"


def _pairs(ready: Prepared) -> Iterator[str]:
    """Two mistakes of one exercise: the names of both, of one or none, never a third."""
    plan, oracle = ready.plan, ready.oracle
    assert oracle is not None
    every = [pair for pair in itertools.combinations(oracle.misconceptions, 2) if pair[0].of == pair[1].of]
    for one, other in random.Random(plan.name).sample(every, min(PAIRS, len(every))):
        both = combined(one, other)
        own = next((planned.seqs for planned in plan.exercises if planned.exercise.name == one.of), range(0))
        if both is None:
            continue
        wrong: Mapping[int, Outcome] = run_trusted(plan, oracle.namespace(both, own), own)
        grade = _judged(ready, tuple(wrong.get(step.seq, oracle.outcome(step.seq)) for step in plan.steps))
        named = {name for _exercise, check in _checks(grade) for name in check.mistakes}
        third = {name for name in named - {one.name, other.name, both.name} if not _are_alike(ready, one.of, name, wrong)}
        if third:
            yield f"{one.name} and {other.name} of {one.of} together are named {', '.join(sorted(third))}"


def _in_another_style(assignment: Assignment, ready: Prepared, accepted: Sequence[Path]) -> Iterator[str]:
    """A mistake made in an accepted variant, where its edit fits and does there what it does in the solution: its own name or none."""
    plan, oracle = ready.plan, ready.oracle
    assert oracle is not None
    made = [
        (entry.name, of, path, entry.exercises[of])
        for entry in read_entries(assignment.misconceptions, TITLED, exercise_names(assignment))
        for of in entry.exercises
        for path in accepted
    ]
    texts = {item[:3]: _edited(*item[2:]) for item in sorted(made, key=lambda item: item[2])}  # each variant is parsed once
    for entry, of, path, _edits in made:
        own = next((planned.seqs for planned in plan.exercises if planned.exercise.name == of), range(0))
        text = texts[entry, of, path]
        if text is None:
            continue
        try:
            namespace = _namespace(text, ready)
        except Exception:  # another proof's business
            continue
        with ending(LINES * len(own)):  # a training that would take minutes does something else by then
            wrong = _made_alike(ready, of, entry, {**oracle.reference, class_of(of): namespace.get(class_of(of))}, own)
        if not wrong:
            continue
        grade = _judged(ready, tuple(wrong.get(step.seq, oracle.outcome(step.seq)) for step in plan.steps))
        values = [check for exercise, check in _checks(grade) if exercise.name == of and check.kind != "raises"]
        named = {name for check in values for name in check.mistakes}
        if other := {name for name in named - {entry} if not _are_alike(ready, of, name, wrong)}:
            yield f"{entry} of {of}, made in {path.name}, is named {', '.join(sorted(other))}"


def _made_alike(ready: Prepared, of: str, name: str, namespace: Mapping[str, Any], own: range) -> Mapping[int, Outcome]:
    """The outcomes of the steps `own`, if the mistake does the same in each; nothing once it does not in one of the cases."""
    wrong: dict[int, Outcome] = {}
    for _case, seqs in itertools.groupby(own, key=lambda seq: ready.plan.steps[seq].case):
        made = run_trusted(ready.plan, namespace, list(seqs))
        if not _are_alike(ready, of, name, made):
            return {}
        wrong |= made
    return wrong


def _edited(path: Path, edits: Edits) -> str | None:
    """The text of a variant with the edits; None where it is written otherwise, or cannot be read."""
    try:
        return edited(path.read_text(encoding="utf-8"), edits)
    except (EditError, OSError, SyntaxError, ValueError):
        return None


def _are_alike(ready: Prepared, of: str, name: str, wrong: Mapping[int, Outcome]) -> bool:
    """Whether the mistake does in every step what these outcomes of its exercise are, so that its name is as true."""
    assert ready.oracle is not None
    item = next((item for item in ready.oracle.misconceptions if (item.of, item.name) == (of, name)), None)
    own = next((planned.seqs for planned in ready.plan.exercises if planned.exercise.name == of), range(0))
    made = ready.oracle.wrong(item, own) if item else {}
    return bool(made) and all(same_outcome(ready.plan.steps[seq], made[seq], wrong[seq]) for seq in wrong)


def _outcomes(text: str, ready: Prepared) -> tuple[Outcome, ...]:
    made = run_trusted(ready.plan, _namespace(text, ready), range(len(ready.plan.steps)))
    return tuple(made[step.seq] for step in ready.plan.steps)


def _namespace(text: str, ready: Prepared) -> dict[str, Any]:
    namespace: dict[str, Any] = {"__name__": ready.plan.name}
    with beside(ready.plan.rubric.assignment):
        exec(compile(text, f"<{ready.plan.name}>", "exec"), namespace)
    return namespace


def _let_through(text: str, right: tuple[Outcome, ...], ready: Prepared) -> tuple[Outcome, ...]:
    """What the program without its raise does in the cases that are refused, and in the others what it did before."""
    refusing = {step.case for step, outcome in zip(ready.plan.steps, right, strict=True) if isinstance(outcome, Raised)}
    namespace = _namespace(text, ready)
    made: dict[int, Outcome] = {}
    for _case, steps in itertools.groupby(
        (step for step in ready.plan.steps if step.case in refusing), key=lambda step: step.case
    ):
        seqs = [step.seq for step in steps]
        with ending(LINES):
            made |= run_trusted(ready.plan, namespace, range(seqs[0], seqs[-1] + 1))
    return tuple(made.get(seq, outcome) for seq, outcome in enumerate(right))


@contextmanager
def ending(lines: int) -> Iterator[None]:
    """Code that executes more lines than this raises an exception."""
    left, before = iter(range(lines)), sys.gettrace()

    def trace(_frame: Any, event: str, _arg: Any) -> Any:
        if event == "line" and next(left, None) is None:
            raise RuntimeError("a loop without an end")
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def _judged(ready: Prepared, outcomes: tuple[Outcome, ...]) -> Grade:
    return judge(ready.plan, Run(Returned(), outcomes), ready.oracle, "proof")


def _checks(grade: Grade) -> Iterator[tuple[ExerciseGrade, Verdict]]:
    return ((exercise, check) for exercise in grade.exercises for check in exercise.checks)


def _failed(grade: Grade) -> str:
    return ", ".join(f"{exercise.name} «{check.name}»" for exercise, check in _checks(grade) if check.verdict != "passed")


def changed(outcome: Outcome, change: Callable[[Any], Any]) -> Outcome:
    """The outcome with each array that it returned changed."""
    if not isinstance(outcome, Returned):
        return outcome
    return msgspec.structs.replace(outcome, value=encode(_each(decode(outcome.value), change)))


def _listed(kind: Callable[[Any], Any], array: Any) -> Any:
    return kind(array.tolist())


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, tuple | list):
        return type(value)(_each(item, change) for item in value)
    if isinstance(value, dict):
        return {key: _each(item, change) for key, item in value.items()}
    return change(value) if isinstance(value, np.ndarray) and value.ndim else value


def _noise(array: Any) -> Any:
    return array * (1 + NOISE) if array.dtype == np.float64 else array
