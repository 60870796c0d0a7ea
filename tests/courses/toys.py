"""Toy exercises and toy courses: made in memory or in a folder, and judged in this process without a sandbox."""

import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from grader.checks.base import Check
from grader.checks.draft import Example
from grader.course.authoring import Exercise, Misconception
from grader.course.folder import Assignment, find_course
from grader.course.rubric import Rubric
from grader.engine.prepare import Prepared, prepare
from grader.judge.judge import judge
from grader.judge.oracle import Oracle, run_trusted
from grader.judge.verdicts import ExerciseGrade, Grade, Verdict
from grader.plan import make_plan
from grader.run import Run
from grader.sandbox.outcome import Outcome, Returned
from grader.sandbox.signature import Signature

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Functions = Mapping[str, Any]


def rubric_of(
    *exercises: Exercise,
    functions: Functions,
    examples: Mapping[str, Example] | None = None,
    name: str = "work",
    uses: Mapping[str, frozenset[str]] | None = None,
    modules: tuple[str, ...] = (),
) -> Rubric:
    """A rubric in memory; the signatures are those of `functions`."""
    signatures = {key: _signature(value) for key, value in functions.items()}
    return Rubric(
        Assignment(name, name.title(), Path("/course"), modules=modules), exercises, examples or {}, signatures, uses=uses or {}
    )


def _signature(function: Callable[..., Any]) -> Signature:
    found = inspect.signature(function).parameters
    return Signature(tuple(found), tuple(name for name, item in found.items() if item.default is not item.empty))


def exercise_of(
    name: str,
    *checks: Check,
    points: float = 1.0,
    returns: tuple[str, ...] = (),
    array_like: bool = False,
    seconds: float = 5.0,
    **options: Any,
) -> Exercise:
    """An exercise of these checks; `options` are other fields of it."""
    return Exercise(name, "Title.", points, returns, array_like, seconds, lambda: iter(checks), **options)


def prepared(
    *exercises: Exercise,
    functions: Functions,
    examples: Mapping[str, Example] | None = None,
    misconceptions: Iterable[Misconception] = (),
    seed: str = "seed",
    with_reference: bool = True,
    uses: Mapping[str, frozenset[str]] | None = None,
    modules: tuple[str, ...] = (),
) -> Prepared:
    """Exercises planned, `functions` their reference; without one as a student's self-check is."""
    rubric = rubric_of(*exercises, functions=functions, examples=examples, uses=uses, modules=modules)
    plan = make_plan(rubric, seed, with_reference=with_reference, locate=not with_reference)
    return Prepared(plan, Oracle(plan, functions, tuple(misconceptions)) if with_reference else None)


def outcomes_of(ready: Prepared, functions: Functions) -> tuple[Outcome, ...]:
    """What comes of every step with the student's `functions`, in this process."""
    return tuple(run_trusted(ready.plan, functions, range(len(ready.plan.steps))).values())


def grade(ready: Prepared, functions: Functions) -> Grade:
    """The grade of a student who wrote `functions`."""
    return judge_outcomes(ready, outcomes_of(ready, functions))


def judge_outcomes(ready: Prepared, outcomes: tuple[Outcome, ...]) -> Grade:
    """The grade for these outcomes; the last one stands for all that would come after it."""
    outcomes += outcomes[-1:] * (len(ready.plan.steps) - len(outcomes))
    return judge(ready.plan, Run(Returned(), outcomes), ready.oracle, "ana")


def verdict(ready: Prepared, functions: Functions, check: str = "") -> Verdict:
    """The verdict on one check (the first) of a student who wrote `functions`."""
    return find(grade(ready, functions), check)


def find(graded: Grade, check: str = "") -> Verdict:
    """The verdict on the check called `check` (the first check without a name)."""
    return next(item for exercise in graded.exercises for item in exercise.checks if check in ("", item.name))


def exercise_grade(graded: Grade, name: str) -> ExerciseGrade:
    """The grade of one exercise."""
    return next(exercise for exercise in graded.exercises if exercise.name == name)


def one_case(**arguments: Any) -> Callable[[np.random.Generator], Iterable[Any]]:
    """A generator function of this single case."""

    def cases(rng: np.random.Generator) -> Iterable[Any]:
        yield arguments

    return cases


def zeros_like(function: Callable[..., Any]) -> Callable[..., Any]:
    """A version of `function` whose results are zeros of the right shape."""

    def zero(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(map(zero, value))
        if isinstance(value, dict):
            return {key: zero(item) for key, item in value.items()}
        return np.zeros_like(value) if isinstance(value, np.ndarray) else type(value)(0)

    return lambda *args, **kwargs: zero(function(*args, **kwargs))


def toy() -> Prepared:
    """The toy course's only assignment, prepared with its reference."""
    return prepare(find_course(HERE / "toy").assignment("vectors"), "seed")


@cache
def topic(name: str) -> Prepared:
    """An assignment of the real course, prepared with its reference."""
    return prepare(find_course(ROOT).assignment(name), "seed")


def source_functions(path: Path) -> Functions:
    """What a file of functions defines."""
    namespace: dict[str, Any] = {}
    exec(compile(path.read_text(encoding="utf-8"), path.name, "exec"), namespace)
    return namespace


CHECKS = '''
from grader.course.authoring import agrees, example, exercise, gradient, has_property, raises, unchanged

def cases(rng):
    """Two vectors."""
    for n in (2, 3):
        yield dict(x=rng.normal(size=n))

@exercise(points=1)
def f():
    """Doubles a vector."""
    yield agrees("random vectors", cases=cases)
'''
STUB = "def f(x, factor=2.0):\n    '''Double.'''\n    raise NotImplementedError('f: Double.')\n"
REFERENCE = "def f(x, factor=2.0):\n    return factor * x\n"


def write_course(
    root: Path,
    checks: str = CHECKS,
    stub: str | None = STUB,
    examples: str | None = None,
    reference: str | None = REFERENCE,
    misconceptions: str | None = None,
    settings: str = "",
) -> Assignment:
    """A course in `root` with the one assignment `work`, and that assignment."""
    files = {
        "assignments/course.toml": settings,
        "assignments/work/checks.py": checks,
        "assignments/work/work.py": stub,
        "assignments/work/examples.toml": examples,
        "reference/work.py": reference,
        "reference/misconceptions/work.py": misconceptions,
    }
    for name, text in files.items():
        if text is not None:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return Assignment("work", "Work", root)
