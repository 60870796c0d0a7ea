"""The proof that what students get answers no exercise: what gives an answer away is found however it is called, and nothing else is."""

from pathlib import Path

import pytest
from toys import write_course

from grader.course.folder import PUBLIC_SEED
from grader.course.rubric import read_rubric
from grader.engine.prepare import prepare
from grader.prove.shipped import GivenAway, given_away
from grader.release.public import cut_rubric

pytestmark = pytest.mark.slow

CHECKS = '''
from grader.course.authoring import agrees, examples, exercise, has_property, hidden
{imports}
def cases(rng):
    """Two layers."""
    for n in (2, 3):
        yield dict(x=rng.normal(size=n), w=rng.normal(size=n), b=rng.normal(size=n))

{helper}

@exercise(points=2, returns=("total", "product"))
def f():
    """A sum and a product."""
    yield agrees("random numbers", cases=cases)
    yield has_property("holds", cases=cases, law={law})
'''
REFERENCE = "def f(x, w, b):\n    return x * w + b, x * w\n"
STUB = "def f(x, w, b):\n    '''Multiply.'''\n    raise NotImplementedError('f: Multiply.')\n"
HARMLESS = "def law(case, results):\n    return None if len(results[0]) == 2 else 'two results'"

ANSWERS = {
    "in order": "def g(a, b, c):\n    return a * b + c",
    "by name": "def g(b, x, w):\n    return x * w + b",
    "as a case": "def g(case):\n    return case['x'] * case['w'] + case['b']",
    "some of them": "def g(a, b):\n    return a * b",
    "one of several results": "def g(a, b, c):\n    return 1, (a * b + c)",
    "in a dict": "def g(a, b, c):\n    return dict(total=a * b + c)",
    "with a list": "def g(weights, b):\n    return weights[0] * weights[1] + b",
    "as numbers in lists": "def g(a, b, c):\n    return [float(i) for i in a * b + c]",
    "one after the other": "def g(a, b, c):\n    yield from a * b + c",
    "as an explanation": (
        "def g(inputs, result, index):\n    i, = index\n"
        "    return f\"{inputs['x'][i]:.2f}*… = {inputs['x'][i] * inputs['w'][i]:.4f}\""
    ),
    "inside another": "def outer():\n    part = lambda a, b: a * b\n    return lambda case, results: part and None\nlaw = outer()",
}
LAWS = {
    "names the number": (
        "def law(case, results):\n    want, got = case['x'] * case['w'], results[0][1]\n"
        "    i = abs(got - want).argmax()\n"
        "    return None if abs(got - want)[i] < 1e-6 else f'[{i}] is {got[i]:.5g}, not {want[i]:.5g}'"
    ),
    "names it once the sum is right": (
        "def law(case, results):\n    want, got = case['x'] * case['w'], results[0][1]\n"
        "    i = abs(got - want).argmax()\n"
        "    if abs(sum(got) - sum(want)) > 1e-6:\n        return 'another sum'\n"
        "    return None if abs(got - want)[i] < 1e-6 else f'[{i}] is {got[i]:.5g}, not {want[i]:.5g}'"
    ),
}
FINE = {
    "a rule": HARMLESS,
    "the student's own number": "def law(case, results):\n    return f'your {results[0][1][0]} is small'",
    "an argument": "def law(case, results):\n    return f\"x[0] is {case['x'][0]}\"",
}


def found(folder: Path, helper: str, law: str = "None", imports: str = "") -> list[GivenAway]:
    """What the proof finds in a rubric with these functions, as students get it."""
    text = CHECKS.format(helper=helper, law=law, imports=imports)
    assignment = write_course(folder, text, stub=STUB, reference=REFERENCE)
    ready = prepare(assignment, PUBLIC_SEED)
    assert ready.oracle is not None
    return given_away(read_rubric(assignment, text=cut_rubric(assignment)), ready.plan, ready.oracle)


@pytest.mark.parametrize("way", ANSWERS)
def test_function_that_answers_is_found(tmp_path: Path, way: str) -> None:
    """Whatever it is called with, and wherever in what it returns the answer is."""
    helper = ANSWERS[way]
    law = "law" if "law =" in helper else "lambda case, results, used=g: None"
    items = found(tmp_path, helper, law)
    assert items and {item.exercise for item in items} == {"f"}


def test_what_it_is_worth(tmp_path: Path) -> None:
    """One of two results of one of the checks: its part of the points."""
    (item,) = found(tmp_path, ANSWERS["some of them"], "lambda case, results, used=g: None")
    assert (item.function, item.results) == ("checks.py: g", ("product",))
    assert 0 < item.points < 1


@pytest.mark.parametrize("what", LAWS)
def test_law_that_names_the_number_is_found(tmp_path: Path, what: str) -> None:
    """At once, or after other things are right."""
    assert [item.function for item in found(tmp_path, LAWS[what], "law")] == ["the law of «holds»"]


@pytest.mark.parametrize("what", FINE)
def test_law_that_gives_nothing_away(tmp_path: Path, what: str) -> None:
    """Rules, arguments and the student's own numbers may be said."""
    assert found(tmp_path, FINE[what], "law") == []


@pytest.mark.parametrize("what", LAWS)
def test_hidden_law_does_not_ship(tmp_path: Path, what: str) -> None:
    """What is marked is not there to be found."""
    assert found(tmp_path, f"@hidden\n{LAWS[what]}", "law") == []


def test_function_that_only_hands_on_arguments(tmp_path: Path) -> None:
    """An argument that comes back is not an answer, nor is a constant."""
    assert found(tmp_path, f"def g(a, b, c):\n    return a, 0 * b, 1.0\n{HARMLESS}", "law") == []


def test_law_about_labels_says_how_many_there_are(tmp_path: Path) -> None:
    """The bound of a range of whole numbers is right for some of them by chance."""
    cases = CHECKS.replace("x=rng.normal(size=n), w=rng.normal(size=n), b=rng.normal(size=n)", "x=rng.normal(size=n + 9)")
    law = "def law(case, results):\n    return 'the labels should be 0 or 2'"
    text = cases.format(helper=law, law="law", imports="").replace('("total", "product")', '("labels",)')
    stub = "def f(x):\n    '''Number.'''\n    raise NotImplementedError('f: Number.')\n"
    assignment = write_course(tmp_path, text, stub=stub, reference="def f(x):\n    return 2 * (x > 0)\n")
    ready = prepare(assignment, PUBLIC_SEED)
    assert ready.oracle is not None
    assert given_away(read_rubric(assignment, text=cut_rubric(assignment)), ready.plan, ready.oracle) == []


def test_results_of_different_lengths_are_no_explanation(tmp_path: Path) -> None:
    """A result that is a tuple of arrays of several lengths is compared as it is."""
    text = CHECKS.format(helper=HARMLESS, law="law", imports="").replace('("total", "product")', '("one", "two")')
    reference = "def f(x, w, b):\n    return (x * w + b, (x, w[:1])), x * w\n"
    assignment = write_course(tmp_path, text, stub=STUB, reference=reference)
    ready = prepare(assignment, PUBLIC_SEED)
    assert ready.oracle is not None
    assert given_away(read_rubric(assignment, text=cut_rubric(assignment)), ready.plan, ready.oracle) == []
