"""A toy course whose one assignment is two modules, with exercises in each."""

from pathlib import Path

SETTINGS = '[assignments.nets]\ntitle = "Nets"\nfiles = ["layers.py", "train.py"]\n'
LAYERS = """\
import numpy as np


def relu(x):
    '''The larger of x and 0.'''
    # BEGIN SOLUTION
    return np.maximum(x, 0)
    # END SOLUTION
"""
TRAIN = """\
import numpy as np

from layers import relu


def step(w, dw, rate):
    '''One step of gradient descent.'''
    # BEGIN SOLUTION
    return w - rate * dw
    # END SOLUTION


def both(w, dw):
    '''A step, then relu.'''
    # BEGIN SOLUTION
    return relu(step(w, dw, 0.1))
    # END SOLUTION
"""
REFERENCE = """\
import numpy as np


def relu(x):
    return np.maximum(0.0, x)


def step(w, dw, rate):
    return w + -rate * dw


def both(w, dw):
    return relu(step(w, dw, 0.1))
"""
CHECKS = """\
from grader.course.authoring import agrees, exercise


def vectors(rng):
    for _ in range(3):
        yield dict(x=rng.normal(size=4))


def steps(rng):
    for _ in range(3):
        yield dict(w=rng.normal(size=3), dw=rng.normal(size=3), rate=float(rng.uniform(0.1, 1)))


def pairs(rng):
    for _ in range(3):
        yield dict(w=rng.normal(size=5), dw=rng.normal(size=5))


@exercise(points=1)
def relu():
    '''Relu.'''
    yield agrees("random", cases=vectors)


@exercise(points=1)
def step():
    '''A step.'''
    yield agrees("random", cases=steps)


@exercise(points=1)
def both():
    '''Both.'''
    yield agrees("random", cases=pairs)
"""
MISTAKES = '[ascent]\ntitle = "Up, not down."\nhint = "Which way?"\nstep = "w - → w + "\n'


def write_nets_course(root: Path) -> Path:
    """The course, with its stubs cut."""
    for name, text in {
        "assignments/course.toml": SETTINGS,
        "assignments/nets/checks.py": CHECKS,
        "assignments/nets/README.md": "# Nets\n",
        "solutions/nets/layers.py": LAYERS,
        "solutions/nets/train.py": TRAIN,
        "reference/nets.py": REFERENCE,
        "reference/misconceptions/nets.toml": MISTAKES,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    from grader.course.folder import read_course
    from grader.course.several import stubs

    for path, text in stubs(read_course(root).assignment("nets")).items():
        path.write_text(text)
    return root
