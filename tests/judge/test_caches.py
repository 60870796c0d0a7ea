"""Mistakes in a backward pass that takes what its own forward pass kept."""

from pathlib import Path

import numpy as np
from toys import write_course

from grader.course.folder import PUBLIC_SEED
from grader.engine.prepare import prepare
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode

SOLUTION = '''
def forward(x):
    """Squares."""
    # BEGIN SOLUTION
    return x * x, ("kept", x)
    # END SOLUTION


def backward(dout, cache):
    """Their derivatives."""
    # BEGIN SOLUTION
    _word, x = cache
    return 2 * x * dout
    # END SOLUTION
'''
REFERENCE = """
def forward(x):
    return x**2, {"x": x}


def backward(dout, cache):
    return dout * 2 * cache["x"]
"""
CHECKS = """
from grader.course.authoring import agrees, call, exercise, ref

def there(rng):
    yield [call("forward", rng.normal(size=3), save="kept", reply=False), call("backward", rng.normal(size=3), ref("kept", 1))]

@exercise(points=1)
def backward():
    'The derivative.'
    yield agrees("there and back", cases=there)
"""
MISTAKE = """
[factor_forgotten]
title = "The factor 2 is forgotten."
hint = "What is the derivative of x²?"
backward = "2 * x → x"
"""


def test_a_mistake_gets_what_its_own_forward_pass_kept(tmp_path: Path) -> None:
    """A cache may be anything: an edit of the solution's backward pass is given the solution's cache, and not the reference's."""
    course = write_course(tmp_path, CHECKS, SOLUTION.replace("# BEGIN", "# ").replace("# END", "# "), reference=REFERENCE)
    for path, text in ((course.solution, SOLUTION), (course.misconceptions, MISTAKE)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    ready = prepare(course, PUBLIC_SEED)
    assert ready.oracle is not None
    (item,) = ready.oracle.misconceptions
    (planned,) = ready.plan.exercises
    outcome = ready.oracle.wrong(item, planned.seqs)[planned.seqs[1]]
    assert isinstance(outcome, Returned)
    np.testing.assert_allclose(decode(outcome.value) * 2, ready.oracle.expected(planned.seqs[1]))
