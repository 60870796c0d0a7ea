"""What a submission hears in hidden calls does not come back in what Gradescope shows at once."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from toys import write_course

from grader.engine.grade_one import grade_one
from grader.engine.prepare import prepare
from grader.integrations.gradescope.results import results
from grader.sandbox.backend import Limits, Source
from grader.sandbox.choose import best_backend
from grader.submissions.submission import Submission

CHECKS = """
import numpy as np
from grader.course.authoring import agrees, exercise, has_property, raises

def cases(rng):
    for _ in range(3):
        yield dict(x=rng.normal(size=3))

@exercise(points=2, unchanged=True)
def first():
    '''First.'''
    yield raises(ValueError, "an empty x is refused", args={"x": np.zeros(0)})
    yield has_property("keeps the length", cases=cases, law=lambda case, results: "too long" if len(results[0]) != 3 else None)
    yield agrees("random", cases=cases)

@exercise(points=2, unchanged=True)
def second():
    '''Second.'''
    yield agrees("random", cases=cases)
    yield raises(ValueError, "an empty x is refused", args={"x": np.zeros(0)})
"""
STUB = "def first(x):\n    raise NotImplementedError\ndef second(x):\n    raise NotImplementedError\n"
KEEPS = """
import warnings
import numpy as np
heard = []
def first(x):
    heard.append(list(map(float, x)))
    told = "heard " + repr([x for x in heard if x])
    print(told)
    warnings.warn(told)
    {ends}
second = first
"""


@pytest.mark.parametrize(
    "ends",
    [
        "raise RuntimeError(told)",
        "raise type(told, (ValueError,), {})(told)",
        "return told",
        "return np.array(heard[0] * 9)",
        "x[:] = 7; return x",
    ],
)
def test_nothing_heard_is_shown(tmp_path: Path, ends: str) -> None:
    """Arguments of hidden calls that are kept and raised, printed, warned of or returned later are in nothing that is visible."""
    ready = prepare(write_course(tmp_path, CHECKS, STUB, reference=STUB.replace("raise NotImplementedError", "return x")), "seed")
    submission = Submission("ana", "work", Source("work", {"work": KEEPS.replace("{ends}", ends)}))
    with best_backend(weak=True) as backend:
        grade = grade_one(submission, ready, backend, Limits()).grade
    content: dict[str, Any] = results(grade)
    heard = {number[:5] for number in re.findall(r"\d\.\d{5,}", grade.printed)}
    shown = json.dumps([content["output"], [test for test in content["tests"] if test["visibility"] == "visible"]])
    assert len(heard) >= 9 and [number for number in heard if number in shown] == []
