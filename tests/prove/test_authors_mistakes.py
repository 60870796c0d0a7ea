"""Slips of a course's author that once went through `validate` without a word, or ended it: each is named, with its file and what to do."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import edit

from grader.course.folder import read_course
from grader.errors import RubricError, UsageError
from grader.judge import endless
from grader.prove.again import exercise_problems
from grader.prove.validate import Proof, validate
from grader.sandbox.backend import Backend
from grader.sandbox.choose import best_backend

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The sandbox that the proofs run in."""
    with best_backend() as found:
        yield found


def prove(course: Path, backend: Backend) -> Proof:
    """The proof of `vectors`, without mutants."""
    return validate(read_course(course).assignment("vectors"), backend, mutants=False)


def refusal(course: Path, backend: Backend) -> str:
    """Why `vectors` cannot be proved."""
    with pytest.raises(RubricError) as error:
        prove(course, backend)
    return str(error.value).replace(f"{course}/", "")


def rubric(course: Path) -> Path:
    """The rubric of `vectors`."""
    return course / "assignments" / "vectors" / "checks.py"


def examples(course: Path) -> Path:
    """The worked examples of `vectors`."""
    return course / "assignments" / "vectors" / "examples.toml"


def reference(course: Path) -> Path:
    """The reference of `vectors`."""
    return course / "reference" / "vectors.py"


def mistake(course: Path, body: str, parameters: str = "x, factor", name: str = "broken") -> None:
    """Add a misconception of `scale`."""
    file = course / "reference" / "misconceptions" / "vectors.py"
    text = f'\n\n@misconception(of="scale", hint="Think again.")\ndef {name}({parameters}):\n    """It."""\n    {body}\n'
    file.write_text(file.read_text() + text)


def test_unknown_key_of_an_example(own_course: Path, backend: Backend) -> None:
    """A key of examples.toml that means nothing is refused, with the one that was probably meant."""
    edit(examples(own_course), 'exercise = "scale"\n', 'exercise = "scale"\ndecimal = 2\n')
    told = refusal(own_course, backend)
    assert "examples.toml, exercise doubled: it has 'decimal', which is not a setting\n  → did you mean 'decimals'?" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('dtype = "integer"', "dtype is 'integer', which numpy does not know"),
        ('dtype.y = "int64"', "dtype.y names none of its inputs\n  → the inputs are x, factor"),
    ],
)
def test_dtype_of_an_example(own_course: Path, backend: Backend, line: str, told: str) -> None:
    """A dtype that numpy does not know, or of a parameter that the example has not, is refused."""
    edit(examples(own_course), 'exercise = "scale"\n', f'exercise = "scale"\n{line}\n')
    assert told in refusal(own_course, backend)


@pytest.mark.parametrize(
    ("body", "parameters", "told"),
    [
        ("return x.nothing", "x, factor", "AttributeError: 'numpy.ndarray' object has no attribute 'nothing'"),
        ("return x * factr", "x, factor", "NameError: name 'factr' is not defined"),
        ("return x", "x", "TypeError: broken() takes 1 positional argument but 2 were given"),
    ],
)
def test_misconception_that_cannot_run(own_course: Path, backend: Backend, body: str, parameters: str, told: str) -> None:
    """A misconception that raises in every call, as wrong code does, proves nothing: no student's program does that."""
    mistake(own_course, body, parameters)
    (problem,) = prove(own_course, backend).problems
    assert problem.startswith(f"misconception broken of scale raises in every call: {told}; correct it in ")
    assert "reference/misconceptions/vectors.py, or say " in problem


def test_misconception_that_is_meant_to_raise(own_course: Path, backend: Backend) -> None:
    """A mistake that ends every call, because shapes do not fit, is declared as such; written as an edit too."""
    mistake(own_course, 'raise ValueError("operands could not be broadcast together")')
    (problem,) = prove(own_course, backend).problems
    assert problem.endswith("vectors.py, or say raises=True there if that is the mistake")
    edit(own_course / "reference" / "misconceptions" / "vectors.py", 'hint="Think again."', 'hint="Think again.", raises=True')
    file = own_course / "reference" / "misconceptions" / "vectors.toml"
    file.write_text('[shapes]\ntitle = "A"\nhint = "Why?"\nrunning_total = "return x @ x[:0]"\n')
    (problem,) = prove(own_course, backend).problems
    assert problem.endswith("vectors.toml, or say raises = true there if that is the mistake")
    file.write_text(file.read_text() + "raises = true\n")
    assert prove(own_course, backend).problems == ()


def test_raises_is_a_truth_value(own_course: Path, backend: Backend) -> None:
    """A misconception says that it raises, not what."""
    file = own_course / "reference" / "misconceptions" / "vectors.toml"
    file.write_text('[shapes]\ntitle = "A"\nhint = "Why?"\nraises = "ValueError"\nscale = "return x @ x[:0]"\n')
    assert "vectors.toml, exercise shapes: raises is 'ValueError'\n  → write raises = true if" in refusal(own_course, backend)


def test_module_that_cannot_be_imported(own_course: Path, backend: Backend) -> None:
    """A policy that allows a module which no submission can import is a problem: the statement would promise it."""
    edit(
        rubric(own_course),
        "\n\n\ndef vectors(rng)",
        '\n\nrules = policy(imports=("nothing_like_this", "json"))\n\n\ndef vectors(rng)',
    )
    edit(rubric(own_course), "has_property, raises", "has_property, policy, raises")
    problem, *others = prove(own_course, backend).problems
    assert others == []
    assert problem.startswith(
        'the policy allows nothing_like_this, but no submission can import it; write modules = ["nothing_like_this"]'
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "return np.cumsum(x)",
            "return x.nope",
            "reference/vectors.py, exercise running_total: check 'sums': the reference does not",
        ),
        (
            "return np.cumsum(x)",
            "return np.cumsum(x).tolist()",
            "running_total: it returns a list, where the solution returns an array",
        ),
    ],
)
def test_reference_that_is_wrong(own_course: Path, backend: Backend, old: str, new: str, told: str) -> None:
    """A reference that raises, or returns another kind of thing than the solution, is named before anything is proved with it."""
    text = reference(own_course).read_text()
    before, _, _after = text.partition("def running_total")
    reference(own_course).write_text(f'{before}def running_total(x):\n    """The sums."""\n    {new}\n')
    assert told in refusal(own_course, backend)


def test_case_without_an_argument(own_course: Path, backend: Backend) -> None:
    """A case that lacks a parameter of the stub is the rubric's fault, not the reference's."""
    edit(rubric(own_course), 'yield {"x": case["x"]}', "yield {}")
    told = refusal(own_course, backend)
    assert "checks.py, exercise running_total: check 'random vectors': a case has no 'x', which running_total needs" in told


def test_law_that_returns_true(own_course: Path, backend: Backend) -> None:
    """A law that says True or False might mean either; it is told what to return."""
    edit(rubric(own_course), 'return None if np.array_equal(np.sign(results[0]), np.sign(case["x"]))', "return True if results")
    told = refusal(own_course, backend)
    assert "the law returns True" in told and "returns None where it holds, else a text for the student" in told


def test_two_exercises_of_one_name(own_course: Path, backend: Backend) -> None:
    """The first of two exercises of one name would vanish with its points: both lines are told."""
    edit(rubric(own_course), "def running_total():", "def scale():")
    assert "checks.py, exercise scale: line " in refusal(own_course, backend)


def test_exercise_that_yields_something_else(own_course: Path, backend: Backend) -> None:
    """What is yielded and is not a check is shown."""
    edit(
        rubric(own_course),
        '"""A vector times a number."""\n    yield',
        '"""A vector times a number."""\n    yield "doubled"\n    yield',
    )
    assert "exercise scale: it yields 'doubled'" in refusal(own_course, backend)


def test_call_without_time(own_course: Path, backend: Backend) -> None:
    """An exercise whose calls may take no time is refused where it is written."""
    edit(rubric(own_course), 'returns=("sums",), unchanged=False', 'returns=("sums",), unchanged=False, seconds=0')
    assert "ValueError: seconds=0, but a call takes more than 0 seconds" in refusal(own_course, backend)


@pytest.mark.parametrize("file", ["reference", "solutions", "misconception"])
def test_loop_without_an_end(own_course: Path, backend: Backend, monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """A function of the course that never ends is ended, and told with its line and the call."""
    monkeypatch.setattr(endless, "SECONDS", 0.2)
    if file == "misconception":
        mistake(own_course, "while True: pass")
    else:
        path = own_course / file / "vectors.py"
        old = "return np.multiply(x, factor)" if file == "reference" else "return x * factor"
        edit(path, old, f"while factor: pass\n    {old}")
    with pytest.raises(UsageError) as error:
        prove(own_course, backend)
    assert re.search(r"vectors\.py, line \d+: scale\(.*\) is still computing after 0\.2 s of CPU time", str(error.value))


def test_cases_without_an_end(own_course: Path, backend: Backend) -> None:
    """A generator of cases that never ends is told, where no n= ends it."""
    edit(rubric(own_course), "for length in (1, 3, 4):", "while length := 3:")
    edit(rubric(own_course), "cases=vectors, n=3", "cases=vectors")
    assert "vectors yields 1000 cases and goes on\n  → let it end, or say n=" in refusal(own_course, backend)


def test_gradient_of_a_function_that_is_not_there(own_course: Path, backend: Backend) -> None:
    """A gradient names the function whose slopes it takes; one that the stub has not is told first."""
    edit(
        rubric(own_course),
        '    yield agrees("random vectors", cases=vectors, n=3)',
        '    yield gradient(of="skale", wrt=("x",), cases=vectors)',
    )
    edit(rubric(own_course), "exercise, has_property", "exercise, gradient, has_property")
    assert "the stub defines no function 'skale'\n  → it defines scale, running_total" in refusal(own_course, backend)


def test_script_with_a_class_that_is_not_there(own_course: Path, backend: Backend) -> None:
    """A case that makes an object of a class which nobody defines is the rubric's fault."""
    text = rubric(own_course).read_text().replace("exercise, has_property", "exercise, has_property, new, get")
    text = text.replace(
        "\n\n\n@exercise(points=3", '\n\n\ndef script(rng):\n    yield [new("Foo", save="m"), get("m.x")]\n\n\n@exercise(points=3'
    )
    text = text.replace("cases=vectors, n=3)", 'cases=vectors, n=3)\n    yield agrees("objects", cases=script)')
    rubric(own_course).write_text(text)
    assert "checks.py, exercise scale: check 'objects': it uses 'Foo', which the reference does not define" in refusal(
        own_course, backend
    )


def test_cases_that_are_others_each_time(own_course: Path, backend: Backend) -> None:
    """Cases that are not drawn from their `rng` differ from run to run: a class would be graded anew on other inputs each time."""
    edit(rubric(own_course), "for length in (1, 3, 4):", "rng = np.random.default_rng()\n    for length in (1, 3, 4):")
    told = "exercise scale: check 'random vectors': its cases are others each time that they are drawn\n  → draw from the rng"
    assert told in refusal(own_course, backend)
    with pytest.raises(RubricError, match="others each time"):  # after each save, too
        exercise_problems(read_course(own_course).assignment("vectors"), "scale", backend)


def test_setting_of_a_misconception_that_is_misspelt(own_course: Path, backend: Backend) -> None:
    """A key that is none of the settings is a place of an edit; one that is nearly a setting is named as that."""
    file = own_course / "reference/misconceptions/vectors.toml"
    edits = 'prize = "≥ 20 %"\nscale = "return x"'
    file.write_text(f'[forgotten]\ntitle = "No factor."\nhint = "What does your scale return for x = 1?"\n{edits}\n')
    assert "prize: there is no prize\n  → did you mean 'price'? Else there are " in refusal(own_course, backend)


@pytest.mark.parametrize(
    ("names", "body", "found"),
    [
        ('("y", "z")', "return np.multiply(x, factor)", "an array"),
        ('("y", "z")', "return np.multiply(x, factor), x, x", "3 results"),
        ('("y", "z", "w")', "return np.multiply(x, factor), x", "2 results"),
    ],
)
def test_names_of_results_that_do_not_come(own_course: Path, backend: Backend, names: str, body: str, found: str) -> None:
    """As many results as have names come, or their points and messages would be of others."""
    edit(rubric(own_course), 'returns=("y",)', f"returns={names}")
    edit(reference(own_course), "return np.multiply(x, factor)", body)
    told = refusal(own_course, backend)
    listed = ", ".join(re.findall(r"\w", names))
    assert f"checks.py, exercise scale: returns= names {listed}, but the reference returns {found}" in told


def test_reference_that_draws_by_itself(own_course: Path, backend: Backend) -> None:
    """What returns something else each time is right in nothing."""
    edit(
        reference(own_course), "return np.multiply(x, factor)", "return np.multiply(x, factor) + np.random.default_rng().normal()"
    )
    told = refusal(own_course, backend)
    assert "reference/vectors.py, exercise scale: the reference returns something else each time from scale(" in told
    assert "let it draw from a generator, or a seed, among its arguments" in told
