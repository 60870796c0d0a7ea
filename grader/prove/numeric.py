"""Gradients by trying: the solution with its backward functions replaced by differences of its own forward ones must earn nothing for them.

backward(dout, …)  ──►  for every number of every variable: sum(dout · forward(… + h …)) − sum(dout · forward(… − h …)), over 2h
"""

from collections.abc import Iterator, Mapping, Set
from contextlib import suppress

import msgspec

from grader.checks.effort import Within
from grader.checks.gradient import Gradient
from grader.course.folder import PUBLIC_SEED, Assignment
from grader.course.rubric import read_reference
from grader.course.several import solution_text
from grader.engine.effort import Budgets
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared
from grader.errors import SandboxError
from grader.feedback.summary import points
from grader.judge.judge import judge
from grader.judge.oracle import Oracle
from grader.judge.verdicts import Grade
from grader.plan import make_plan
from grader.run import run
from grader.sandbox.backend import Backend, Limits, Source
from grader.submissions.submission import Submission

CENTRAL = "{-1e-5: -0.5e5, 1e-5: 0.5e5}"  # the weight of each step
STYLES = {  # the weights, and whether a number is moved in all rows at once, as if rows were independent
    "central differences": (CENTRAL, False),
    "differences of the fourth order": (
        "{-2e-3: 1 / 12e-3, -1e-3: -8 / 12e-3, 1e-3: 8 / 12e-3, 2e-3: -1 / 12e-3}",
        False,
    ),
    "central differences column by column": (CENTRAL, True),
}
LIMITS = Limits(budget_seconds=60)
ROOM = 2.0  # the same work varies as much: who is too slow for twice the budget is too slow in each of three tries

TRYING = """

def _by_trying(forward, parameters, forward_parameters, variables, upstream_name, cache, steps, columns):
    def backward(*args, **kwargs):
        given = {**dict(zip(parameters, args)), **kwargs}
        upstream = given.get(upstream_name)
        if cache:
            args, kwargs = given["cache"]
            given = {**dict(zip(forward_parameters, args)), **kwargs}
        given = {name: given[name] for name in forward_parameters if name in given}
        for name in variables:
            if name not in given:
                given[name] = _any_value(forward, given, name, upstream)
        found = [_tried(forward, given, name, upstream, steps, columns) for name in variables]
        return found[0] if len(found) == 1 else tuple(found)
    return backward


def _any_value(forward, given, name, upstream):
    for value in (upstream, *given.values()):
        zeros = np.zeros(np.shape(value))
        try:
            if np.shape(forward(**{**given, name: zeros})) == np.shape(upstream):
                return zeros
        except ValueError:
            pass


def _tried(forward, given, name, upstream, steps, columns):
    if isinstance(given[name], (list, tuple)):
        parts = list(given[name])
        return [
            _slopes(lambda value: forward(**{**given, name: [*parts[:place], value, *parts[place + 1 :]]}), part, upstream, steps, columns)
            for place, part in enumerate(parts)
        ]
    return _slopes(lambda value: forward(**{**given, name: value}), given[name], upstream, steps, columns)


def _slopes(forward, value, upstream, steps, columns):
    value = np.array(value, dtype=float)
    if upstream is None and value.ndim and np.shape(forward(value)) == value.shape:
        return sum(weight * np.asarray(forward(value + step)) for step, weight in steps.items())
    slopes = np.zeros(value.shape)
    if columns and value.ndim == 2 and np.shape(upstream)[:1] == value.shape[:1]:
        for place in range(value.shape[1]):
            for step, weight in steps.items():
                moved = value + step * (np.arange(value.shape[1]) == place)
                slopes[:, place] += weight * np.sum((upstream * forward(moved)).reshape(len(value), -1), axis=1)
        return slopes
    for index in np.ndindex(value.shape):
        before = value[index]
        for step, weight in steps.items():
            value[index] = before + step
            output = forward(value if value.ndim else float(value))
            slopes[index] += weight * (output if upstream is None else np.sum(upstream * output))
        value[index] = before
    return slopes


def _with_cache(forward):
    return lambda *args, **kwargs: (forward(*args, **kwargs)[0], (args, kwargs))
"""


def numeric_problems(assignment: Assignment, ready: Prepared, backend: Backend) -> Iterator[str]:
    """Backward functions that earn something although they only try, in the exercises that have a `within` against it."""
    checked = dict(_differentiated(ready))
    if not checked or not assignment.has_solution:
        return
    alone = _only(assignment, ready, checked.keys())
    for style, (steps, columns) in STYLES.items():
        text, name = solution_text(assignment) + TRYING, ready.plan.name
        for function, check in checked.items():
            text += trying(function, check, ready.plan.rubric.parameters, steps, columns)
        grade = _graded(Submission(style, name, Source(name, {name: text})), alone, backend)
        for exercise in grade.exercises:
            if exercise.score:
                right = ", ".join(f"«{check.name}»" for check in exercise.checks if check.verdict == "passed")
                yield (
                    f"{exercise.name} by {style} of its forward pass earns {points(exercise.score)}: {right}; "
                    "make the arrays of its within(…) larger"
                )


def _graded(submission: Submission, alone: Prepared, backend: Backend) -> Grade:
    """The grade of one that tries. A single try with room is enough where it earns nothing; else it is graded as a student's."""
    plan, source, budgets = alone.plan, submission.source, alone.budgets
    assert source is not None and budgets is not None
    wide = {seq: ROOM * seconds for seq, seconds in budgets.seconds(backend).items()}
    with suppress(SandboxError):
        grade = judge(plan, run(plan, source, backend, LIMITS, wide, tries=1), alone.oracle, submission.student)
        if grade.status == "graded" and not any(exercise.score for exercise in grade.exercises):
            return grade
    return grade_one(submission, alone, backend, LIMITS).grade


def numeric_advice(ready: Prepared) -> Iterator[str]:
    """The exercises in which trying is paid, because no `within` is against it: their authors may want it so."""
    for planned in ready.plan.exercises:
        kinds = {item.check.kind for item in planned.checks}
        if planned.exercise.counts != "optional" and Gradient.kind in kinds and Within.kind not in kinds:
            yield (
                f"{planned.exercise.name} can be had by central differences of its forward pass; yield within(…) with arrays so large "
                "that only the formula is fast enough"
            )


def _differentiated(ready: Prepared) -> Iterator[tuple[str, Gradient]]:
    """Each exercise that is checked as a derivative, with the first check that says of what."""
    for planned in ready.plan.exercises:
        check = next((item.check for item in planned.checks if isinstance(item.check, Gradient)), None)
        if check is not None and any(isinstance(item.check, Within) for item in planned.checks):
            yield planned.exercise.name, check


def _only(assignment: Assignment, ready: Prepared, names: Set[str]) -> Prepared:
    """The assignment with these exercises alone: those that train with them would take minutes."""
    exercises = tuple(found for found in ready.plan.rubric.exercises if found.name in names)
    plan = make_plan(msgspec.structs.replace(ready.plan.rubric, exercises=exercises), PUBLIC_SEED, with_reference=True)
    reference = read_reference(assignment)
    assert reference is not None
    return Prepared(plan, Oracle(plan, reference), ready.rubric_hash, budgets=Budgets(assignment, plan))


def trying(name: str, check: Gradient, parameters: Mapping[str, tuple[str, ...]], steps: str, columns: bool) -> str:
    """The lines that put differences of `check.of` in the place of the function `name`."""
    old = f"_old_{name}" if check.cache else check.of
    forward = old if check.item is None else f"(lambda *args, **kwargs: {old}(*args, **kwargs)[{check.item}])"
    lines = [f"_old_{name}, {check.of} = {check.of}, _with_cache({check.of})"] if check.cache else []
    names = f"{list(parameters[name])}, {list(parameters[check.of])}, {list(check.wrt)}"
    lines.append(f"{name} = _by_trying({forward}, {names}, {check.upstream!r}, {check.cache}, {steps}, {columns})")
    return "\n".join(["", *lines, ""])
