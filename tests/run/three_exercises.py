"""Three exercises of a toy course, and what running a submission for them gives."""

import textwrap
from collections.abc import Iterable
from typing import Any

import numpy as np
from toys import exercise_of, one_case, prepared

from grader.checks.agrees import agrees
from grader.engine.prepare import Prepared
from grader.run import Run, run
from grader.sandbox.backend import Backend, Limits, Source
from grader.sandbox.outcome import NotRun, word

LIMITS = Limits(load_seconds=2.0, budget_seconds=20.0, wall_factor=60.0, wall_floor=60.0)  # a busy machine must not fail them


def three(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Three numbers."""
    for x in (1.0, 2.0, 3.0):
        yield {"x": x}


FUNCTIONS = {"f": lambda x: 2 * x, "g": lambda x: 3 * x, "h": lambda x: 4 * x}


def planned(seconds: float) -> Prepared:
    """Three exercises whose calls may take so long."""
    return prepared(
        exercise_of("f", agrees("three", cases=three), seconds=seconds),
        exercise_of("g", agrees("three", cases=three), seconds=seconds),
        exercise_of("h", agrees("one", cases=one_case(x=np.ones(2))), seconds=seconds),
        functions=FUNCTIONS,
    )


CLASS = planned(3.0)
GOOD = """
import os, sys, time
def f(x): return 2 * x
def g(x): return 3 * x
def h(x): return 4 * x
"""


def source(text: str) -> Source:
    """A submission of this text after the good one."""
    return Source("work", {"work": GOOD + textwrap.dedent(text)})


def ran(backend: Backend, text: str, limits: Limits = LIMITS, seconds: float | None = None) -> Run:
    """The run of a submission of this text; `seconds` for every step."""
    plan = CLASS.plan if seconds is None else planned(seconds).plan
    return run(plan, source(text), backend, limits)


def words(found: Run) -> list[str]:
    """The outcome of each step, in a word; «not run» for those that had no chance."""
    return ["not run" if isinstance(outcome, NotRun) else word(outcome) for outcome in found.outcomes]
