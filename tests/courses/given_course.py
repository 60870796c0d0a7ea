"""A toy course that gives a helper module and data files along."""

from pathlib import Path

import numpy as np

SETTINGS = '[assignments.work]\ntitle = "Work"\ngiven = ["helpers.py", "points.csv", "data/weights.npz"]\n'
HELPERS = """\
import numpy as np


def load(name="points.csv"):
    return np.loadtxt(name, delimiter=",")


def doubled(x):
    return 2 * x
"""
STUB = """\
import numpy as np

from helpers import load


def total(scale: float) -> float:
    '''The sum of all points, times scale.'''
    # BEGIN SOLUTION
    return float(load().sum() * scale)
    # END SOLUTION


def weighted(x):
    '''x times the given weights.'''
    # BEGIN SOLUTION
    return np.load("data/weights.npz")["w"] * x
    # END SOLUTION
"""
REFERENCE = """\
import numpy as np

from helpers import load


def total(scale):
    return scale * sum(map(float, open("points.csv").read().replace("\\n", ",").strip(",").split(",")))


def weighted(x):
    return np.array([1.0, 2.0, 3.0]) * x
"""
CHECKS = """\
from grader.course.authoring import agrees, exercise


def scales(rng):
    for _ in range(3):
        yield dict(scale=float(rng.normal()))


def vectors(rng):
    for _ in range(3):
        yield dict(x=rng.normal(size=3))


@exercise(points=1)
def total():
    '''The sum of all points.'''
    yield agrees("random scales", cases=scales)


@exercise(points=1)
def weighted():
    '''Weighted.'''
    yield agrees("random vectors", cases=vectors)
"""
MISTAKES = """\
[scale_forgotten]
title = "The sum is not scaled."
hint = "What is total(0)?"
total = "* scale → "
"""


def write_given_course(root: Path) -> Path:
    """The course, with its stub cut."""
    folder = root / "assignments" / "work"
    (folder / "data").mkdir(parents=True)
    for name, text in {
        "assignments/course.toml": SETTINGS,
        "assignments/work/helpers.py": HELPERS,
        "assignments/work/points.csv": "1,2\n3,4\n",
        "assignments/work/checks.py": CHECKS,
        "solutions/work.py": STUB,
        "reference/work.py": REFERENCE,
        "reference/misconceptions/work.toml": MISTAKES,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    np.savez(folder / "data" / "weights.npz", w=np.array([1.0, 2.0, 3.0]))
    from grader.course.stub import cut_stub

    (folder / "work.py").write_text(cut_stub(STUB, root / "solutions" / "work.py"))
    return root
