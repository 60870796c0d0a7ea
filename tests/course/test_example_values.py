"""How the values of `examples.toml` are read: as the stub declares them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toys import verdict, write_course

from grader.course.rubric import read_rubric
from grader.engine.prepare import prepare
from grader.errors import RubricError

CHECKS = """
from grader.course.authoring import agrees, examples, exercise

def cases(rng):
    yield dict(x=rng.normal(size=2))

@exercise(points=1)
def f():
    'One example.'
    yield from examples()
"""


def read(root: Path, signature: str, table: str) -> Any:
    """The worked example of `f` with this signature."""
    head = '[one]\nlecture = "L1"\nslide = "S"\nexercise = "f"\n'
    stub = f"def f{signature}:\n    raise NotImplementedError('f')\n"
    course = write_course(root, CHECKS, stub, head + table, reference="def f(x):\n    return x\n")
    return read_rubric(course).examples["one"]


@pytest.mark.parametrize(
    ("annotation", "written", "value"),
    [
        pytest.param("", '"2 beers"', "2 beers", id="a-text-that-begins-with-a-digit"),
        pytest.param("", '"3/128"', 3 / 128, id="fraction"),
        pytest.param("", '"same"', "same", id="word"),
        pytest.param("", '"12"', 12.0, id="digits-without-a-declaration"),
        pytest.param("", "[true, false]", np.array([True, False]), id="booleans-are-no-numbers"),
        pytest.param(": str", '"12"', "12", id="digits"),
        pytest.param(": str | None", '"1/2"', "1/2", id="fraction-in-a-text"),
        pytest.param(": str", '""', "", id="empty"),
        pytest.param(": list[str]", '["1", "b"]', ["1", "b"], id="list-of-texts"),
        pytest.param(": list[str]", "[]", [], id="empty-list-of-texts"),
        pytest.param(": NDArray[np.str_]", '["1", "b"]', np.array(["1", "b"]), id="array-of-texts"),
        pytest.param(": dict[str, int]", '{ 1 = 2, b = "3" }', {"1": 2, "b": 3}, id="dict-by-texts"),
        pytest.param(": dict[int, str]", '{ 1 = "2", -3 = "c" }', {1: "2", -3: "c"}, id="dict-by-numbers"),
        pytest.param(": dict[int, list[str]]", '{ 2 = ["to", "be"] }', {2: ["to", "be"]}, id="dict-of-lists"),
        pytest.param(": dict", '{ "(0, 1)" = 1, None = 0.5 }', {(0, 1): 1.0, None: 0.5}, id="dict-by-anything"),
        pytest.param(": set[str]", '["1", "b"]', {"1", "b"}, id="set-of-texts"),
        pytest.param(": set[tuple[int, int]]", "[[0, 1], [1, 0]]", {(0, 1), (1, 0)}, id="set-of-pairs"),
    ],
)
def test_values(tmp_path: Path, annotation: str, written: str, value: Any) -> None:
    """An argument is what the stub declares, and so is a result."""
    found = read(tmp_path / "a", f"(x{annotation})", f"inputs.x = {written}\nexpected = 1")
    np.testing.assert_equal(found.inputs["x"], value)
    returned = read(tmp_path / "b", f"(x){annotation.replace(':', ' ->')}", f"inputs.x = 1\nexpected = {written}")
    np.testing.assert_equal(returned.expected, value)
    assert type(found.inputs["x"]) is type(value) and type(returned.expected) is type(value)


def test_lists_as_arguments(tmp_path: Path) -> None:
    """A list of numbers is one where the stub declares it of a parameter."""
    found = read(
        tmp_path, "(x: list[int], y: list[float], z)", "inputs.x = [1, 2]\ninputs.y = [1, 2.5]\ninputs.z = [1, 2]\nexpected = 1"
    )
    assert (found.inputs["x"], found.inputs["y"]) == ([1, 2], [1.0, 2.5])
    assert isinstance(found.inputs["z"], np.ndarray)


@pytest.mark.parametrize(
    ("annotation", "written", "value"),
    [
        ("list[float]", "[1, 2.5]", [1.0, 2.5]),
        ("list[int]", "[1, 2]", [1, 2]),
        ("Iterator[int]", "[1, 2]", [1, 2]),
        ("NDArray[np.int64]", "[1, 2]", np.array([1, 2])),
        ("list[NDArray[np.float64]]", "[[1, 2], [3, 4]]", np.array([[1.0, 2.0], [3.0, 4.0]])),
    ],
)
def test_lists_and_generators(tmp_path: Path, annotation: str, written: str, value: Any) -> None:
    """A list of numbers is one where the stub declares it, and so are the items of a generator; a list of arrays is not."""
    found = read(tmp_path, f"(x) -> {annotation}", f"inputs.x = 1\nexpected = {written}").expected
    np.testing.assert_equal(found, value)
    assert type(found) is type(value)


@pytest.mark.parametrize(("dtype", "value"), [("str", np.array(["1", "2"])), ("int64", np.array([1, 2]))])
def test_dtype_of_texts(tmp_path: Path, dtype: str, value: Any) -> None:
    """What the stub does not declare, `dtype` says."""
    found = read(tmp_path, "(x)", f'dtype.x = "{dtype}"\ninputs.x = ["1", "2"]\nexpected = 1')
    np.testing.assert_array_equal(found.inputs["x"], value, strict=True)


@pytest.mark.parametrize(
    ("annotation", "written", "message"),
    [
        pytest.param("", '"1/x"', None, id="word-with-a-slash"),
        pytest.param("", '"1/2/3"', "Invalid literal for Fraction: '1/2/3'", id="no-fraction"),
        pytest.param("", '["one", 2]', "could not convert string to float", id="word-among-numbers"),
        pytest.param(": str", "12", "12 is not a string", id="number-for-a-text"),
        pytest.param(": list[str]", '["a", 1]', "1 is not a string", id="number-among-texts"),
    ],
)
def test_what_is_not_as_declared(tmp_path: Path, annotation: str, written: str, message: str | None) -> None:
    """What cannot be meant is an error that names the value."""
    if message is None:
        assert read(tmp_path, f"(x{annotation})", f"inputs.x = {written}\nexpected = 1").inputs["x"] == "1/x"
        return
    with pytest.raises(RubricError, match=message):
        read(tmp_path, f"(x{annotation})", f"inputs.x = {written}\nexpected = 1")


@pytest.mark.parametrize(
    ("returned", "outcome"),
    [
        ({"2 beers": 1, "12": 2}, "passed"),
        ({"12": 2, "2 beers": 1}, "passed"),
        ({12: 2, "2 beers": 1}, "failed"),
        ({"2 beers": 1}, "failed"),
        ({"2 beers": 1, "12": 3}, "failed"),
        ("2 beers", "failed"),
    ],
    ids=str,
)
def test_a_dict_as_the_result(tmp_path: Path, returned: Any, outcome: str) -> None:
    """A worked example whose result is a dict is judged as a whole."""
    read(tmp_path, "(x: str) -> dict[str, int]", 'inputs.x = "2 beers, 12"\nexpected = { "2 beers" = 1, 12 = 2 }')
    course = write_course(tmp_path, CHECKS, None, None, "def f(x):\n    return {'2 beers': 1, '12': 2}\n")
    assert verdict(prepare(course, "seed"), {"f": lambda x: returned}).verdict == outcome
