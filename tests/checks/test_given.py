"""Functions as arguments: of the course's own module or of a library, by name; and functions as results, judged by calling them."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toys import exercise_grade, exercise_of, grade, one_case, prepared, verdict, write_course

from grader.checks.agrees import agrees
from grader.checks.uses import call
from grader.course.folder import find_course
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.judge.call_program import program
from grader.judge.calls import call_text
from grader.run import run
from grader.sandbox.backend import Source
from grader.sandbox.linux.backend import LinuxBackend
from grader.sandbox.outcome import Returned
from grader.sandbox.values import decode

GIVEN = "def square(x):\n    return x * x\n\ndef cube(x):\n    return x ** 3\n"
CHECKS = '''
import math
import numpy as np
import functions
from grader.course.authoring import agrees, exercise

def several(rng):
    """A few functions, and where to integrate them."""
    for f in (functions.square, functions.cube, np.sin, math.exp):
        yield dict(f=f, a=0.0, b=float(rng.uniform(1, 2)))

@exercise(points=1)
def integral():
    """The area below a function."""
    yield agrees("several functions", cases=several, rtol=1e-3)
'''
STUB = "def integral(f, a, b):\n    raise NotImplementedError('integral: write it')\n"
REFERENCE = """
import functions

def integral(f, a, b, n=2000):
    assert functions.square(3) == 9
    h = (b - a) / n
    return h * sum(f(a + (i + 0.5) * h) for i in range(n))
"""


def course(root: Path, checks: str = CHECKS, given: str = GIVEN) -> Any:
    """A course whose exercise takes functions."""
    write_course(root, checks=checks, stub=STUB, reference=REFERENCE, settings='[assignments.work]\ngiven = ["functions.py"]\n')
    (root / "assignments/work/functions.py").write_text(given)
    return find_course(root).assignment("work")


def trapezoids(f: Callable[[float], float], a: float, b: float) -> float:
    """Another rule, which is as good."""
    x = [a + (b - a) * i / 500 for i in range(501)]
    return sum((f(u) + f(v)) / 2 * (v - u) for u, v in itertools.pairwise(x))


def test_a_function_of_the_course_is_an_argument(tmp_path: Path) -> None:
    """The student's function and the reference are called with the same functions; a wrong one is rejected."""
    ready = prepare(course(tmp_path), "seed")
    assert exercise_grade(grade(ready, {"integral": trapezoids}), "integral").score == 1
    assert exercise_grade(grade(ready, {"integral": lambda f, a, b: f(b) - f(a) + b}), "integral").score == 0


def test_the_child_looks_the_functions_up(tmp_path: Path) -> None:
    """In the sandbox the plan brings names; what the student has called `given` is not asked."""
    ready = prepare(course(tmp_path), "seed")
    text = "import functions\nfrom functions import cube\ndef integral(f, a, b):\n    return [f.__name__, f(3.0), functions.cube(2)]\n"
    with LinuxBackend() as backend:
        found = run(ready.plan, Source("work", {"work": text, "functions": "def cube(x): return -1\nsquare = cube"}), backend)
    values = [decode(outcome.value) for outcome in found.outcomes[:2] if isinstance(outcome, Returned)]
    assert values == [["square", 9.0, 8], ["cube", 27.0, 8]]


def test_a_call_is_written_with_the_name(tmp_path: Path) -> None:
    """A student reads and can run the call as it was made."""
    plan = prepare(course(tmp_path), "seed").plan
    assert call_text(plan.steps[0], plan.rubric.parameters).startswith("integral(f=functions.square, a=0.0, b=")
    text = program(plan.steps, [0, 2], plan.rubric.parameters, "work")
    assert "import functions\n" in text
    assert "integral(np.sin, 0.0, " in text


@pytest.mark.parametrize(
    ("passed", "problem"),
    [
        pytest.param("lambda x: x", "it passes a lambda", id="lambda"),
        pytest.param("own", "it passes the function 'own'", id="of-the-rubric"),
        pytest.param("[functions.square, lambda x: x]", "it passes a lambda", id="in-a-list"),
        pytest.param("dict", "", id="of-python"),
    ],
)
def test_a_function_without_a_name_is_refused(tmp_path: Path, passed: str, problem: str) -> None:
    """A lambda cannot be looked up by the student's process; the error says what to do."""
    checks = CHECKS.replace("(functions.square, functions.cube, np.sin, math.exp)", f"[{passed}]").replace(
        "@exercise", "def own(x):\n    return x\n\n@exercise"
    )
    if not problem:
        checks = checks.replace("yield dict(f=f, a=0.0, b=float(rng.uniform(1, 2)))", "yield dict(f=abs, a=0.0, b=1.0)")
        assert prepare(course(tmp_path, checks), "seed").plan.steps
        return
    with pytest.raises(RubricError) as error:
        prepare(course(tmp_path, checks), "seed")
    assert problem in str(error.value)
    assert "define it in a module that the course gives" in str(error.value)


def test_a_mistake_in_given_names_its_line(tmp_path: Path) -> None:
    """What is wrong with the course's own functions is said before anything is planned."""
    with pytest.raises(RubricError) as error:
        prepare(course(tmp_path, given="x = 1\ny = 1 / 0\n"), "seed")
    assert "functions.py" in str(error.value) and "line 2: ZeroDivisionError" in str(error.value)


def test_another_given_is_another_plan(tmp_path: Path) -> None:
    """Outcomes are not judged again by a plan whose functions are others."""
    first = prepare(course(tmp_path / "a"), "seed").plan.hash
    assert prepare(course(tmp_path / "b", given=GIVEN + "# the same\n"), "seed").plan.hash != first
    assert prepare(course(tmp_path / "c"), "seed").plan.hash == first


def adder(n: float) -> Callable[[float], float]:
    """A function that adds n."""
    return lambda x: x + n


def calls(rng: np.random.Generator) -> Iterator[Any]:
    """Make a function, and call it twice."""
    for n in rng.normal(size=3):
        yield [call("adder", float(n), save="f", reply=False), call("f", 1.0), call("f", float(n))]


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(adder, "passed", id="lambda"),
        pytest.param(lambda n: (1.0 * n).__add__, "passed", id="bound-method"),
        pytest.param(lambda n: lambda x: x, "failed", id="forgets-n"),
        pytest.param(lambda n: n, "failed", id="no-function"),
    ],
)
def test_a_function_as_a_result_is_judged_by_calling_it(student: Any, outcome: str) -> None:
    """A script calls what an earlier step returned."""
    ready = prepared(exercise_of("adder", agrees("adds", cases=calls)), functions={"adder": adder})
    found = verdict(ready, {"adder": student})
    assert found.verdict == outcome
    if student is not adder and outcome == "failed" and not callable(student(1.0)):
        assert "returned a value of type float, which cannot be called as a function" in found.message


def test_a_function_that_is_not_called_is_named() -> None:
    """Who returns the function in place of what it gives reads so."""
    ready = prepared(exercise_of("f", agrees("one", cases=one_case(x=1.0))), functions={"f": lambda x: 2.0})
    found = verdict(ready, {"f": lambda x: adder})
    assert "returned the function adder itself; return what it gives" in found.message
