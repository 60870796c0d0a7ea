"""The checks of conv as an instructor would write them for another grader, and what a command costs that runs them."""

import os
import tempfile
from pathlib import Path

from benchmarks.processes import measured

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
EXERCISES = 5  # of conv
Cost = tuple[float, float]  # wall and CPU seconds a submission


# What an instructor would write by hand: the student's functions and the reference in one process, the calls of our plan.
TESTS = """
import sys
import numpy as np
sys.path.insert(0, {root!r})
from pathlib import Path
from grader.course.folder import PUBLIC_SEED, find_course
from grader.engine.prepare import prepare
from grader.sandbox.child.execute import Executor
from grader.sandbox.outcome import Raised, Returned
from grader.sandbox.values import decode
import conv

ready = prepare(find_course(Path({root!r})).assignment("conv"), PUBLIC_SEED)
student = Executor(vars(conv))

def check(planned, student=student):
    for seq in planned.seqs:
        got, expected = student.run(ready.plan.steps[seq]), ready.oracle.outcome(seq)
        assert type(got) is type(expected)
        if isinstance(got, Returned):
            for a, b in zip(parts(decode(got.value)), parts(decode(expected.value))):
                np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)

def parts(value):
    return value if isinstance(value, tuple) else (value,)
"""


def run(command: list[str], folder: Path, environment: dict[str, str] = ENVIRONMENT) -> Cost:
    """Wall and CPU seconds of a command, with all of its children.

    Raises:
        RuntimeError: it failed.
    """
    with tempfile.NamedTemporaryFile() as log:
        took = measured(command, folder, environment, Path(log.name))
    if took.code:
        raise RuntimeError(f"{command} failed:\n{took.output[-2000:]}{took.errors[-2000:]}")
    return took.seconds, took.cpu


def each(costs: list[Cost], count: int) -> Cost:
    """The mean of a submission."""
    return sum(wall for wall, _ in costs) / count, sum(cpu for _, cpu in costs) / count
