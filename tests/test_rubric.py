"""Mistakes of a course's author: each error names the file and the exercise, and says what to do."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toys import CHECKS, write_course

from grader.course.exercise_names import exercise_names
from grader.course.rubric import read_misconceptions, read_reference, read_rubric
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.plan import make_plan

IMPORTS = "from grader.course.authoring import *\nimport numpy as np\n"
EXERCISE = (
    IMPORTS
    + '''
def cases(rng):
    """Two vectors."""
    for n in (2, 3):
        yield dict({case})

def not_a_generator(rng):
    """Returns a list."""
    return [dict(x=1.0)]

def numbers(rng):
    """Yields numbers."""
    yield 1.0

def law(case, results):
    """Holds."""

@exercise(points=1)
def f():
    """Doubles a vector."""
    {checks}
'''
)
EXAMPLE = '[slide]\nlecture = "L1"\nslide = "S"\nexercise = "f"\n'


def checks(text: str, case: str = "x=rng.normal(size=n)") -> dict[str, str]:
    """A rubric of these checks."""
    return {"checks": EXERCISE.replace("{checks}", text.replace("\n", "\n    ")).replace("{case}", case)}


def raised(tmp_path: Path, **files: Any) -> RubricError:
    """The error of a course of these files."""
    with pytest.raises(RubricError) as found:
        prepare(write_course(tmp_path, **files), "seed")
    return found.value


RUBRIC = "assignments/work/checks.py"
FAULTS = [
    pytest.param(
        checks("yield example('slied')"),
        RUBRIC,
        "f",
        "no worked example is called 'slied'",
        "examples.toml has none",
        id="unknown-example",
    ),
    pytest.param(
        checks("yield example('slied')") | {"examples": EXAMPLE + "inputs.x = [1]\nexpected = [2]\n"},
        RUBRIC,
        "f",
        "no worked example is called 'slied'",
        "examples.toml has slide",
        id="misspelt-example",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases)") | {"examples": EXAMPLE + "inputs.x = [1]\nexpected = [2]\n"},
        RUBRIC,
        "f",
        "no check shows the worked example 'slide'",
        "write `yield from examples(…)`",
        id="example-forgotten",
    ),
    pytest.param(
        checks("yield from examples()"),
        RUBRIC,
        "f",
        "it asks for examples 1 times, and examples.toml has 0 that no `example` names",
        "once, or not at all",
        id="no-examples",
    ),
    pytest.param(
        checks("yield from examples()\nyield from examples()") | {"examples": EXAMPLE + "inputs.x = [1]\nexpected = [2]\n"},
        RUBRIC,
        "f",
        "it asks for examples 2 times",
        "once, or not at all",
        id="examples-twice",
    ),
    pytest.param(
        checks("yield raises(ValueError, 'bad', args=dict(y=1))"),
        RUBRIC,
        "f",
        "f has no parameter 'y'",
        "its parameters are x, factor",
        id="unknown-parameter",
    ),
    pytest.param(
        checks("yield raises(ValueError, 'bad', args=dict(factor=1, x=1))"),
        RUBRIC,
        "f",
        "the arguments ['factor', 'x'] are not in the order of f's parameters",
        "write them as x, factor",
        id="wrong-order",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases, n=5)"),
        RUBRIC,
        "f",
        "cases yields 2 cases, but n=5",
        "yield more cases, or lower n",
        id="too-few-cases",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases, n=0)"),
        RUBRIC,
        "f",
        "cases yields no case",
        "yield at least one",
        id="no-cases",
    ),
    pytest.param(
        checks("yield agrees('a', cases=not_a_generator)"),
        RUBRIC,
        "f",
        "cases='not_a_generator' is not a generator function",
        "write `def cases(rng)",
        id="cases-no-generator",
    ),
    pytest.param(
        checks("yield agrees('a', cases=[dict(x=1.0)])"),
        RUBRIC,
        "f",
        "is not a generator function",
        "write `def cases(rng)",
        id="cases-a-list",
    ),
    pytest.param(
        checks("yield agrees('a', cases=numbers)"),
        RUBRIC,
        "f",
        "numbers yields a float",
        "yield dict(…) of arguments",
        id="case-no-dict",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases)", case="x=1 / 0"),
        RUBRIC,
        "f",
        "check 'a': ZeroDivisionError",
        "fix its cases",
        id="cases-raise",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases)", case="x=object()"),
        RUBRIC,
        "f",
        "check 'a' passes a value of type object",
        "pass arrays and numbers",
        id="unsendable",
    ),
    pytest.param(
        checks("return [agrees('a', cases=cases)] * 2"),
        RUBRIC,
        "f",
        "two checks are called 'a'",
        "rename one",
        id="two-of-one-name",
    ),
    pytest.param(checks("pass"), RUBRIC, "f", "'NoneType' object is not iterable", "fix its checks", id="exercise-no-generator"),
    pytest.param(checks("yield from ()"), RUBRIC, "f", "it yields no check", "yield at least one", id="no-check"),
    pytest.param(checks("yield 'agrees'"), RUBRIC, "f", "it yields 'agrees'", "yield examples(), agrees", id="yields-a-string"),
    pytest.param(
        checks("yield agrees('a', cases=cases, share=0)"),
        RUBRIC,
        "f",
        "check 'a' has share=0",
        "write a number above 0",
        id="no-share",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases); yield agrees('b', cases=cases, share=-3)"),
        RUBRIC,
        "f",
        "check 'b' has share=-3",
        "write a number above 0",
        id="negative-share",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases, share='half')"),
        RUBRIC,
        "f",
        "check 'a' has share='half'",
        "write a number above 0",
        id="share-in-words",
    ),
    pytest.param(
        checks("yield agrees('a', cases=cases, share=float('nan'))"),
        RUBRIC,
        "f",
        "check 'a' has share=nan",
        "write a number above 0",
        id="share-nan",
    ),
    pytest.param(
        checks("yield agrees('a')"),
        RUBRIC,
        "f",
        "missing 1 required keyword-only argument: 'cases'",
        "fix its checks",
        id="check-without-cases",
    ),
    pytest.param(
        checks("yield gradient(of='f', wrt=('x',), cases=cases)"),
        RUBRIC,
        "f",
        "a case of cases has no 'dout'",
        "or say upstream=None",
        id="gradient-without-dout",
    ),
    pytest.param(
        checks("yield gradient(of='g', wrt=('x',), cases=cases, upstream=None)"),
        RUBRIC,
        "f",
        "the stub defines no function 'g'",
        "it defines f",
        id="gradient-of-nothing",
    ),
    pytest.param(
        checks("yield gradient(of='f', wrt=('x',), cases=cases, upstream=None)", case="x=np.ones(n, np.float32)"),
        RUBRIC,
        "f",
        "wrt='x' is not a float64 array",
        "numeric gradients need float64",
        id="gradient-in-float32",
    ),
    pytest.param(
        checks("yield gradient(of='f', wrt=('x',), cases=numbers, upstream=None)"),
        RUBRIC,
        "f",
        "numbers yields a float",
        "yield dict(…) of the arguments of f",
        id="gradient-case-no-dict",
    ),
    pytest.param({"checks": "x = 1\n"}, RUBRIC, "", "it defines no exercise", "decorate a generator function", id="no-exercise"),
    pytest.param(
        {"checks": CHECKS.replace("def f()", "def g()")},
        RUBRIC,
        "g",
        "the stub work.py defines no 'g'",
        "it defines f; cut it again",
        id="not-in-the-stub",
    ),
    pytest.param(
        {"checks": CHECKS.replace('"""Doubles a vector."""', "")},
        RUBRIC,
        "",
        "line 9: ValueError: f has no docstring",
        "fix that line",
        id="no-docstring",
    ),
    pytest.param(
        {"checks": CHECKS.replace("points=1", "points=0")},
        RUBRIC,
        "",
        "line 9: ValueError: points=0, but an exercise is worth more than 0",
        "fix",
        id="no-points",
    ),
    pytest.param(
        {"checks": CHECKS.replace("points=1", "points=1, returns='O'")},
        RUBRIC,
        "",
        "returns=('O',)",
        "fix",
        id="returns-a-string",
    ),
    pytest.param(
        {"checks": CHECKS.replace("def f():", "class f:")},
        RUBRIC,
        "",
        "SyntaxError: 'yield' outside function",
        "an exercise is a function, that of a class as well: `def Name():`",
        id="class",
    ),
    pytest.param({"checks": "x = 1\ny = (\n"}, RUBRIC, "", "line 2: SyntaxError", "fix that line", id="syntax"),
    pytest.param(
        {"checks": "x = 1\n\nimport nothing_of_this_name\n"},
        RUBRIC,
        "",
        "line 3: ModuleNotFoundError",
        "fix that line",
        id="import",
    ),
    pytest.param({"stub": None}, "assignments/work/work.py", "", "the stub does not exist", "grader release work", id="no-stub"),
    pytest.param({"stub": "def f(x:\n"}, "assignments/work/work.py", "", "line 1:", "cut it again", id="stub-syntax"),
    pytest.param(
        {"reference": "def g(x):\n    return x\n"},
        "reference/work.py",
        "f",
        "the reference defines no 'f'",
        "write it",
        id="not-in-the-reference",
    ),
    pytest.param(
        {"reference": "def f(x):\n    return x\n1 / 0\n"},
        "reference/work.py",
        "",
        "line 3: ZeroDivisionError",
        "fix that line",
        id="reference-raises",
    ),
    pytest.param(
        {"misconceptions": IMPORTS + "@misconception(of='f', hint='')\ndef wrong(x):\n    return x\n"},
        "reference/misconceptions/work.py",
        "",
        "a misconception needs a hint",
        "fix that line",
        id="no-hint",
    ),
    pytest.param(
        {"misconceptions": IMPORTS + "@misconception(of='g', hint='Hm?')\ndef wrong(x):\n    return x\n"},
        "reference/misconceptions/work.py",
        "g",
        "wrong is of 'g', which the reference does not define",
        "correct of=",
        id="misconception-of-nothing",
    ),
    pytest.param(
        {
            "misconceptions": IMPORTS
            + "".join(f"@misconception(of='f', hint='Hm?', name='wrong')\ndef w{i}(x):\n    return x\n" for i in (1, 2))
        },
        "reference/misconceptions/work.py",
        "f",
        "two misconceptions are called 'wrong'",
        "rename one",
        id="two-misconceptions",
    ),
]


@pytest.mark.parametrize(("files", "file", "exercise", "problem", "wanted"), FAULTS)
def test_fault(tmp_path: Path, files: dict[str, Any], file: str, exercise: str, problem: str, wanted: str) -> None:
    """A mistake is told with its file, its exercise, what is wrong and what to do."""
    found = raised(tmp_path, **files)
    told, _, advice = str(found).partition("\n  → ")
    assert (found.file, found.exercise) == (tmp_path / file, exercise)
    assert told.startswith(f"{tmp_path / file}{f', exercise {exercise}' if exercise else ''}: ")
    assert problem in told
    assert wanted in advice


BAD_EXAMPLES = [
    pytest.param("[slide\n", "", "not valid TOML", "fix the line that it names", id="toml"),
    pytest.param(
        "[slide]\nlecture = 'L1'\n", "slide", "the example has no `exercise`", "add `exercise = …` to [slide]", id="key-missing"
    ),
    pytest.param(EXAMPLE + "inputs.x = [1]\n", "slide", "the example has no `expected`", "add `expected = …`", id="no-expected"),
    pytest.param(
        EXAMPLE + "inputs.x = ['1/0']\nexpected = 1\n", "slide", "not a number", '"a/b" for exact fractions', id="fraction-by-0"
    ),
    pytest.param(
        EXAMPLE + "inputs.x = ['1/']\nexpected = 1\n", "slide", "not a number", '"a/b" for exact fractions', id="half-a-fraction"
    ),
    pytest.param(EXAMPLE + "inputs.x = ['one']\nexpected = 1\n", "slide", "not a number", "write numbers", id="word"),
    pytest.param(EXAMPLE + "inputs.x = [[1], 2]\nexpected = 1\n", "slide", "not a number", "lists of them", id="ragged"),
    pytest.param(EXAMPLE + "inputs.x = [1]\nexpected = ['a']\n", "slide", "not a number", "write numbers", id="expected-word"),
    pytest.param(
        EXAMPLE + "dtype = 'float65'\ninputs.x = [1]\nexpected = 1\n",
        "slide",
        "dtype is 'float65', which numpy does not know",
        "write one like",
        id="dtype",
    ),
    pytest.param(
        EXAMPLE + "decimals = '2'\ninputs.x = [1]\nexpected = 1\n", "slide", "not a number", "write numbers", id="decimals"
    ),
    pytest.param(
        EXAMPLE + "inputs = [1]\nexpected = 1\n",
        "slide",
        "it is not a table with `inputs.<parameter> = …`",
        "write [slide]",
        id="inputs-no-table",
    ),
    pytest.param(
        EXAMPLE.replace('"f"', '"g"') + "inputs.x = [1]\nexpected = [2]\n",
        "slide",
        "'g' is not an exercise of checks.py",
        "the exercises are f",
        id="exercise",
    ),
    pytest.param(
        EXAMPLE + "share = 'much'\ninputs.x = [1]\nexpected = 1\n", "slide", "not a number", "write numbers", id="share"
    ),
    pytest.param("slide = 1\n", "slide", "it is not a table", "write [slide]", id="no-table"),
]


@pytest.mark.parametrize(("text", "name", "problem", "wanted"), BAD_EXAMPLES)
def test_bad_example(tmp_path: Path, text: str, name: str, problem: str, wanted: str) -> None:
    """A mistake in examples.toml is told with the example's name."""
    found = raised(tmp_path, examples=text)
    assert (found.file, found.exercise) == (tmp_path / "assignments/work/examples.toml", name)
    assert problem in str(found) and wanted in str(found)


def test_values_of_examples(tmp_path: Path) -> None:
    """Lists are arrays, scalars stay numbers, strings that are not numbers stay strings."""
    text = (
        EXAMPLE
        + "dtype = 'int64'\ndecimals = 2\ninputs.x = [[1, 2]]\ninputs.n = 3\ninputs.mode = 'same'\ninputs.f = '-1/4'\nexpected.a = [1]\n"
    )
    found = read_rubric(write_course(tmp_path, examples=text)).examples["slide"]
    assert (found.inputs["x"].dtype, found.inputs["x"].shape) == (np.int64, (1, 2))
    assert (found.inputs["n"], found.inputs["mode"], found.inputs["f"]) == (3, "same", -0.25)
    assert (found.expected["a"].dtype, found.atol) == (np.float64, pytest.approx(0.005))


def test_signatures_of_classes(tmp_path: Path) -> None:
    """A class has the parameters of its constructor, a method those without self."""
    stub = """
        def f(a, /, b, *, c=1): ...
        class Net:
            def __init__(self, size): ...
            def forward(self, x): ...
        class Empty: ...
        """
    found = read_rubric(write_course(tmp_path, stub=stub)).parameters
    assert found == {"f": ("a", "b", "c"), "Net": ("size",), "Net.__init__": ("size",), "Net.forward": ("x",), "Empty": ()}


def test_self_check_reads_no_reference(tmp_path: Path) -> None:
    """A student's course has no reference and no misconceptions, and is read without them."""
    assignment = write_course(tmp_path, reference=None)
    assert (read_reference(assignment), read_misconceptions(assignment), prepare(assignment, "seed").oracle) == (None, (), None)


def test_points(tmp_path: Path) -> None:
    """An assignment is worth the points of its exercises."""
    text = CHECKS + CHECKS.split("\n\n")[-1].replace("def f()", "def g()").replace("points=1", "points=2.5")
    assert read_rubric(write_course(tmp_path, checks=text, stub="def f(x): ...\ndef g(x): ...\n")).points == 3.5


def test_planning_alone_needs_no_reference(tmp_path: Path) -> None:
    """The plan is the same with and without the reference's file."""
    with_it, without = write_course(tmp_path / "a"), write_course(tmp_path / "b", reference=None)
    plans = [make_plan(read_rubric(found), "seed", with_reference=True) for found in (with_it, without)]
    assert plans[0] == plans[1]


def test_lists_of_matrices_in_examples(tmp_path: Path) -> None:
    """Lists of different lengths are a list of arrays, and each input may have a dtype of its own."""
    text = (
        EXAMPLE
        + "dtype.n = 'int64'\ninputs.n = [2, 3]\ninputs.w = [[[1, 2]], [[3], [4]]]\ninputs.b = [[1, 2], [3]]\nexpected = 1\n"
    )
    found = read_rubric(write_course(tmp_path, examples=text)).examples["slide"].inputs
    assert (found["n"].dtype, [w.shape for w in found["w"]], [b.tolist() for b in found["b"]]) == (
        np.int64,
        [(1, 2), (2, 1)],
        [[1.0, 2.0], [3.0]],
    )


@pytest.mark.parametrize(
    ("annotation", "expected", "kind"),
    [
        (" -> float", "1000", float),
        ("", "1000", float),
        (" -> int", "1000", int),
        (" -> bool", "true", bool),
        (" -> str", "'even'", str),
        (" -> float", "'1/4'", float),
    ],
)
def test_type_of_an_expected_number(tmp_path: Path, annotation: str, expected: str, kind: type) -> None:
    """It is that of the declared result, however the number is written."""
    assignment = write_course(
        tmp_path, stub=f"def f(x){annotation}: ...", examples=f"{EXAMPLE}inputs.x = 1\nexpected = {expected}\n"
    )
    assert type(read_rubric(assignment).examples["slide"].expected) is kind


@pytest.mark.parametrize(("annotation", "dtype"), [("NDArray[np.int64]", "int64"), ("NDArray[np.floating]", "float64")])
def test_dtype_of_an_expected_array(tmp_path: Path, annotation: str, dtype: str) -> None:
    """Counts and indices stay exact, floats are compared as such."""
    examples = f"{EXAMPLE}inputs.x = [1]\nexpected = [1, 2]\n"
    found = read_rubric(write_course(tmp_path, stub=f"def f(x) -> {annotation}: ...", examples=examples)).examples["slide"]
    assert found.expected.dtype == dtype


def test_filled_stub_without_annotation_counts_as_floats(tmp_path: Path) -> None:
    """A student may have removed the annotation: a whole number is then right within the tolerance of floats."""
    examples = f"{EXAMPLE}inputs.x = 1\nexpected = 1000\n"
    found = read_rubric(write_course(tmp_path, stub="def f(x): return x", examples=examples), filled=True).examples["slide"]
    assert type(found.expected) is float


METHODS = """
    from grader.course.authoring import agrees, exercise

    def cases(rng):
        yield dict(new=dict(rate=rng.normal()), x=rng.normal(size=2))

    @exercise(points=1, name="{first}")
    def one():
        \"\"\"A method.\"\"\"
        yield agrees("random", cases=cases)

    @exercise(points=1, name="{second}")
    def two():
        \"\"\"Another.\"\"\"
        yield agrees("random", cases=cases)
"""
STEPPER = """
    class Stepper:
        def __init__(self, rate=1.0):
            self.rate = rate

        def step(self, x):
            return x - self.rate

        def back(self, x):
            return x + self.rate
"""


@pytest.mark.parametrize(
    ("names", "said"),
    [
        pytest.param(("Stepper.step", "Stepper.step"), "2 exercises have this name", id="twice"),
        pytest.param(("Stepper.step", "Stepper.__init__"), "write the exercise Stepper", id="constructor"),
        pytest.param(("Stepper.step", "Stepper.forward"), "defines no 'Stepper.forward'", id="unknown method"),
        pytest.param(("Stepper.step", "Walker.step"), "defines no 'Walker.step'", id="unknown class"),
    ],
)
def test_methods_that_cannot_be_exercises(names: tuple[str, str], said: str, tmp_path: Path) -> None:
    """Names that two exercises have, that are not in the stub, or that are the class's business."""
    checks = METHODS.format(first=names[0], second=names[1])
    with pytest.raises(RubricError, match=said):
        read_rubric(write_course(tmp_path, checks, STEPPER, reference=STEPPER))


def test_methods_as_exercises(tmp_path: Path) -> None:
    """They are called on a new object, whose own arguments the case names; their names are known without the rubric being run."""
    assignment = write_course(tmp_path, METHODS.format(first="Stepper.step", second="Stepper.back"), STEPPER, reference=STEPPER)
    assert exercise_names(assignment) == ["Stepper.step", "Stepper.back"]
    steps = prepare(assignment, "seed").plan.steps
    assert [(step.op, step.target) for step in steps[:2]] == [("new", "Stepper"), ("call", "obj.step")]
    assert dict(steps[0].kwargs) or steps[0].args


def test_an_argument_that_a_method_does_not_have(tmp_path: Path) -> None:
    """Arguments of the object stand under `new`, those of a call before under its name."""
    checks = METHODS.format(first="Stepper.step", second="Stepper.back").replace("new=dict", "forward=dict")
    with pytest.raises(RubricError, match=r"Stepper\.step has no parameter 'forward'"):
        prepare(write_course(tmp_path, checks, STEPPER, reference=STEPPER), "seed")


def test_no_gradient_of_a_method(tmp_path: Path) -> None:
    """An object is more than its arguments."""
    checks = METHODS.format(first="Stepper.step", second="Stepper.back").replace("agrees, exercise", "exercise, gradient")
    checks = checks.replace('agrees("random", cases=cases)', 'gradient(of="Stepper.back", wrt=("x",), cases=cases)')
    with pytest.raises(RubricError, match=r"Stepper\.step is a method, and a gradient is of a function"):
        prepare(write_course(tmp_path, checks, STEPPER, reference=STEPPER), "seed")
