"""Feedback is not an oracle: copying it is worth nothing, and it tells nobody the inputs of hidden checks."""

import re

import numpy as np
import pytest
from one_after_the_other import feedback, hand_in, prepared_topic, scores

from grader.checks.evidence import arrays_in
from grader.engine.lockdown import open_sandbox
from grader.engine.prepare import Prepared
from grader.sandbox.values import decode

pytestmark = pytest.mark.slow

SUBMISSIONS = 12
SPY = '''
import sys, warnings
import numpy as np

np.set_printoptions(precision=17, edgeitems=20)  # what is told begins with the first numbers of each argument
SEEN = []

def tell(*given):
    """Say all inputs so far, in every way there is."""
    SEEN.append(repr(given)[:300])
    text = " ".join(reversed(SEEN))[:1900]
    print(text)
    print(text, file=sys.stderr)
    warnings.warn(text[:200], RuntimeWarning)
    raise type("E" + "".join(c if c.isalnum() else "_" for c in text)[:200], (ValueError,), {})(text)
'''


def test_copying_feedback_gains_nothing() -> None:
    """A program without any algorithm, over many submissions; with all numbers it would be paid."""
    assert max(scores("losses", SUBMISSIONS // 2, published=True)) > 2.5
    assert max(scores("losses", SUBMISSIONS, published=False)) == 0.0


@pytest.mark.parametrize("topic", ["losses", "dropout", "conv"])
def test_spy_learns_no_input(topic: str) -> None:
    """What a hidden call is given appears nowhere: in no exception, warning or output, and not in a later call of a public check."""
    ready = prepared_topic(topic)
    functions = [planned.exercise.name for planned in ready.plan.exercises]
    spy = SPY + "".join(f"\ndef {name}(*args, **kwargs):\n    return tell(args, kwargs)\n" for name in functions)
    with open_sandbox(weak=True) as backend:
        grade = hand_in(ready, spy, backend)
    said = "\n".join(text for published in feedback(grade, published=False) for text in published.values())
    everything = "\n".join(text for published in feedback(grade, published=True) for text in published.values())
    secret = drawn_numbers(ready)
    assert len(secret) > 100
    assert not secret & numbers(said)
    assert secret & numbers(everything)  # the spy does tell what it can


def drawn_numbers(ready: Prepared) -> set[str]:
    """The first digits of the numbers that hidden checks draw."""
    found = set()
    for planned in ready.plan.exercises:
        for item in planned.checks:
            for seq in item.seqs if not item.public else ():
                step = ready.plan.steps[seq]
                for array in arrays_in(decode(value) for value in (*step.args, *(value for _name, value in step.kwargs))):
                    if array.dtype.kind == "f":
                        uneven = array[array != np.round(array, 3)]
                        found |= {f"{value:.10f}"[:7].lstrip("-") for value in uneven.tolist()}
    return found


def numbers(text: str) -> set[str]:
    """The first digits of the numbers in a text, however it joins them."""
    return {found[:7] for found in re.findall(r"\d+\.\d{4,}", text.replace("_", "."))}
