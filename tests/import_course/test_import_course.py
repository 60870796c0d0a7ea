"""Notebooks of other graders become topics: what is read, what is left, and that nothing is executed."""

import json
from pathlib import Path
from typing import Any

import notebooks
import numpy as np
import pytest
from classroom import grader
from notebooks import code, graded, solution, text, write

from grader.course.folder import PUBLIC_SEED, read_course
from grader.course.rubric import Rubric, read_rubric
from grader.engine.prepare import prepare
from grader.errors import UsageError
from grader.integrations.from_notebooks.assertions import Statements
from grader.integrations.from_notebooks.found import Asked, Example, Refusal, Step
from grader.integrations.from_notebooks.literals import NoLiteralError, value_of
from grader.integrations.from_notebooks.parts import CellOfTests, Left, SourceCell
from grader.integrations.from_notebooks.solution import solution_of
from grader.integrations.from_notebooks.topic import Topic, topic_of
from grader.integrations.from_notebooks.write import write_topic
from grader.integrations.nbgrader.source import read_source as read_nbgrader
from grader.integrations.otter.source import read_source as read_otter

PARAMETERS = {"f": ["x", "y"], "g": [], "Stack": ["size"]}


def claimed(source: str, hidden: bool = False, shown: str = "") -> list[Any]:
    """What a cell of tests says of `f`, `g` and `Stack`."""
    return list(Statements(CellOfTests(1, source, hidden, shown=shown), PARAMETERS, {"Stack"}).read())


def only(source: str, hidden: bool = False, shown: str = "") -> Any:
    """The one thing that it says."""
    (found,) = claimed(source, hidden, shown)
    return found


def read(reader: Any, folder: Path, *cells: dict[str, Any]) -> Topic:
    """The topic of a notebook."""
    path = write(folder / "homework.ipynb", *cells)
    return topic_of(reader(path), path)


def rubric(folder: Path, topic: Topic) -> Rubric:
    """The rubric of a topic, written and read back."""
    write_topic(folder / "course", "homework", topic, Path("homework.ipynb"))
    return read_rubric(read_course(folder / "course").assignment("homework"))


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("assert f(1, 2) == 3", 3),
        ("assert 3 == f(1, 2)", 3),
        ("assert (f(1, y=2) == np.array([1, 2])).all()", np.array([1, 2])),
        ("assert np.all(f(1, 2) == np.array([1, 2]))", np.array([1, 2])),
        ("assert np.array_equal(f(1, 2), [1, 2])", np.array([1, 2])),
        ("np.testing.assert_array_equal(f(1, 2), [1, 2])", np.array([1, 2])),
        ("assert_equal(f(1, 2), 'a')", "a"),
        ("self.assertEqual(f(1, 2), [1])", [1]),
        ("assert f(1, 2), 'it should be true'", True),
        ("assert not f(1, 2)", False),
        ("assert f(1, 2) is False", False),
        ("assert_true(f(1, 2) == 4)", 4),
        ("got = f(1, 2)\nassert got == 1 / 4", 0.25),
        ("want = {1: 2}\nassert f(1, 2) == want", {1: 2}),
        ("x, y = 1, 2\nassert f(x, y) == -x * y", -2),
        ("def test_f(f):\n    assert f(1, 2) == 3", 3),
    ],
)
def test_forms_of_equality(source: str, value: Any) -> None:
    """However a test says that a call gives a value, it is a worked example."""
    found = only(source)
    assert isinstance(found, Example)
    assert found.call.arguments == {"x": 1, "y": 2}
    np.testing.assert_equal(found.expected, value)
    assert type(found.expected) is type(value)


@pytest.mark.parametrize(
    ("source", "atol"),
    [
        ("assert abs(f(1, 2) - 3) < 1e-3", 1e-3),
        ("tol = 0.01\nassert np.abs(f(1, 2) - 3).max() <= tol", None),
        ("np.testing.assert_allclose(f(1, 2), 3, rtol=1e-5, atol=0.01)", 0.01),
        ("assert math.isclose(f(1, 2), 3, abs_tol=0.5)", 0.5),
        ("np.testing.assert_almost_equal(f(1, 2), 3, decimal=2)", 0.015),
        ("assert np.isclose(f(1, 2), 3)", None),
    ],
)
def test_tolerances(source: str, atol: float | None) -> None:
    """The test's tolerance goes with its value; a form that hides the call goes to the reference."""
    found = only(source)
    assert isinstance(found, Example | Asked)
    if isinstance(found, Example):
        assert found.atol == (None if atol is None else pytest.approx(atol))


@pytest.mark.parametrize(
    "source",
    [
        "with pytest.raises(ValueError):\n    f(1, 2)",
        "with pytest.raises(ValueError, match='no'):\n    out = f(1, 2)",
        "with np.testing.assert_raises(ValueError):\n    f(1, 2)",
        "assert_raises(ValueError, f, 1, 2)",
        "try:\n    f(1, 2)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('no')",
        "try:\n    f(1, 2)\n    assert False\nexcept ValueError:\n    pass",
    ],
)
def test_forms_of_refusal(source: str) -> None:
    """However a test says that a call raises, it is a refusal."""
    found = only(source)
    assert isinstance(found, Refusal)
    assert (found.exception, found.call.arguments) == ("ValueError", {"x": 1, "y": 2})


@pytest.mark.parametrize(
    ("source", "shown", "value"),
    [
        ("f(1, 2)", "3", 3),
        ("f(1, 2)", "array([0.5, 1. ])", np.array([0.5, 1.0])),
        ("f(1, 2) == 3", "True", 3),
        ("f(1, 2)", "{'a': 1}", {"a": 1}),
    ],
)
def test_outputs(source: str, shown: str, value: Any) -> None:
    """A test whose output is compared says what its last expression gives."""
    found = only(source, shown=shown)
    assert isinstance(found, Example)
    np.testing.assert_equal(found.expected, value)


def test_printed_arrays_are_rounded() -> None:
    """numpy prints eight decimals: an output that has as many is compared no more closely."""
    assert only("f(1, 2)", shown="array([0.33333333])").atol == pytest.approx(0.6e-8)
    assert only("f(1, 2)", shown="array([0.5])").atol is None


@pytest.mark.parametrize(
    "source", ["assert len(f(1, 2)) == 3", "assert f(1, 2).shape == (2, 3)", "assert f(1, 2) is None", "assert f(1, 2)[0] > 0"]
)
def test_what_is_said_of_a_result(source: str) -> None:
    """A test of a part of the result makes its call one that the reference decides, in all of its parts."""
    found = only(source)
    assert isinstance(found, Asked)
    assert (found.exercise, found.hidden, found.said) == ("f", False, source)


def test_hidden_tests_are_no_examples() -> None:
    """What a hidden test expects is not published: the reference decides its call."""
    found = only("assert f(1, 2) == 3", hidden=True)
    assert isinstance(found, Asked)
    assert found.hidden


def test_several_results() -> None:
    """Results that the test takes apart are named as there, and are an example once all are known."""
    found = claimed("mean, spread = f(1, 2)\nassert mean == 3\nassert abs(spread - 4) < 0.1")[-1]
    assert isinstance(found, Example)
    assert (found.expected, found.call.names) == ({"mean": 3, "spread": 4}, ("mean", "spread"))


def test_loops_are_written_out() -> None:
    """A loop over values that stand there is as many examples."""
    found = claimed("for x, want in [(1, 2), (2, 4)]:\n    assert f(x, 0) == want\nfor i in range(3):\n    assert f(i, i) == 0")
    assert [item.call.arguments["x"] for item in found] == [1, 2, 0, 1, 2]


def test_objects_are_scripts() -> None:
    """What a test does with an object is a script, whose tested results the reference decides."""
    found = only("s = Stack(3)\ns.push(1)\nassert s.pop() == 1\nassert s.size == 3")
    assert isinstance(found, Asked)
    assert found.call == (
        Step("new", "Stack", (3,), (("save", "s"),)),
        Step("call", "s.push", (1,)),
        Step("call", "s.pop", (), (), True),
        Step("get", "s.size", reply=True),
    )


@pytest.mark.parametrize(
    "source",
    [
        "assert f(open('data.csv').read(), 1) == 2",
        "assert f(rng.normal(), 1) == 2",
        "assert f(*values) == 2",
        "for i in range(100000):\n    assert f(i, i) == 0",
        "assert h(1) == 2",
        "assert f(10 ** 10 ** 10, 1) == 2",
        "assert f(np.zeros(10 ** 9), 1) == 2",
        "assert f('a' * 10 ** 9, 1) == 2",
        "assert [f(x, 2) for x in data] == y",
        "import subprocess\nsubprocess.run(['true'])",
        "orig = f\ntry:\n    g()\nexcept NameError:\n    pass\nfinally:\n    f = orig",
    ],
)
def test_what_only_running_would_tell_is_left(source: str) -> None:
    """Nothing is executed: what is not written out is left to the author, with its line."""
    found = claimed(source)
    assert [type(item) for item in found] == [Left]
    assert found[0].line >= 1


def test_tests_that_are_not_python() -> None:
    """A cell that no parser reads is left, and the line is named."""
    found = only("assert f(1, 2) ==\n")
    assert (found.cell, found.line) == (1, 1)
    assert "not Python" in found.what


@pytest.mark.parametrize("source", ["x", "np.load('a.npy')", "(lambda: 1)()", "[].append(1)", "'%s' % object()", "().__class__"])
def test_only_what_is_written_out_is_a_value(source: str) -> None:
    """A value is evaluated from a short list of what may stand in it."""
    import ast

    with pytest.raises(NoLiteralError):
        value_of(ast.parse(source, mode="eval").body, {})


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        pytest.param(
            "def f(x):\n    y = 2 * x # SOLUTION NO PROMPT\n    return y # SOLUTION\n",
            "def f(x):\n    # BEGIN SOLUTION\n    y = 2 * x\n    return y\n    # END SOLUTION\n",
            id="lines",
        ),
        pytest.param(
            "### BEGIN SOLUTION\ndef f(x):\n    'Doubles.'\n    return 2 * x\n### END SOLUTION\n",
            "def f(x):\n    'Doubles.'\n    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n",
            id="around-the-function",
        ),
        pytest.param(
            "def f(x):\n    if x:\n        # BEGIN SOLUTION\n        x += 1\n        # END SOLUTION\n    return x\n",
            "def f(x):\n    if x:\n        # BEGIN SOLUTION\n        x += 1\n        # END SOLUTION\n    return x\n",
            id="in-a-block",
        ),
        pytest.param(
            "def f(x):\n    if x: # SOLUTION\n        x += 1\n    return x\n",
            "def f(x):\n    # BEGIN SOLUTION\n    if x:\n        x += 1\n    return x\n    # END SOLUTION\n",
            id="half-a-block",
        ),
        pytest.param(
            "def f(x):\n    return x\n",
            "def f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n",
            id="without-markers",
        ),
        pytest.param(
            "class A:\n    def m(self):\n        return 1 # SOLUTION\n",
            "class A:\n    def m(self):\n        # BEGIN SOLUTION\n        return 1\n        # END SOLUTION\n",
            id="method",
        ),
    ],
)
def test_markers(source: str, wanted: str) -> None:
    """Wherever the markers stand, the stub's holes are in the functions' bodies."""
    assert [text for _name, text in solution_of(SourceCell(1, "code", source), [], [])] == [wanted]


def test_nbgraders_notebook(tmp_path: Path) -> None:
    """Points, examples, hidden calls and refusals of a problem set, and what is left of it."""
    topic = read(read_nbgrader, tmp_path, *notebooks.NBGRADER)
    assert [(item.name, item.points, len(item.examples), len(item.asked), len(item.refusals)) for item in topic.exercises] == [
        ("squares", 2, 2, 1, 1),
        ("sum_of_squares", 1, 2, 0, 0),
    ]
    assert [(item.cell, item.line) for item in topic.left] == [(10, 6), (11, 0)]
    assert "def squares(n) -> list[int]:" in topic.module
    assert "NAME" not in topic.module


def test_otters_notebook(tmp_path: Path) -> None:
    """Questions between raw cells: points of questions and of tests, outputs, hidden tests, a part for a person."""
    topic = read(read_otter, tmp_path, *notebooks.OTTER)
    assert [(item.name, item.points, len(item.examples), len(item.asked), len(item.refusals)) for item in topic.exercises] == [
        ("square", 3, 1, 1, 0),
        ("halves", 4, 2, 0, 1),
    ]
    assert [item.cell for item in topic.left] == [8, 15]
    assert topic.title == "Homework 1"


def test_otters_old_notebook(tmp_path: Path) -> None:
    """Questions that begin in Markdown, as in Otter's first format."""
    topic = read(read_otter, tmp_path, *notebooks.OTTER_V0)
    (add,) = topic.exercises
    assert (add.name, add.points, len(add.examples), len(add.asked)) == ("add", 2, 1, 1)
    assert "BEGIN QUESTION" not in topic.statement


@pytest.mark.parametrize(
    ("reader", "cells"), [(read_nbgrader, notebooks.NBGRADER), (read_otter, notebooks.OTTER), (read_otter, notebooks.OTTER_V0)]
)
def test_the_topic_loads(reader: Any, cells: Any, tmp_path: Path) -> None:
    """What is written is a topic that the solution passes."""
    rubric(tmp_path, read(reader, tmp_path, *cells))
    assert prepare(read_course(tmp_path / "course").assignment("homework"), PUBLIC_SEED).oracle is not None


def test_values_arrive_as_they_were(tmp_path: Path) -> None:
    """Lists, texts, dicts, sets and arrays of integers are, in the topic, what they were in the notebook."""
    checks = "\n".join(
        [
            "assert join(['1', 'b'], '12') == '1b'",
            "assert count({'a': 1}) == {1: 'a'}",
            "assert distinct([1, 1]) == {1}",
            "assert total(np.array([1, 2])) == 3",
            "assert nest([[1], [2, 3]]) == 3",
        ]
    )
    functions = "\n\n\n".join(
        f"def {name}:\n    return None" for name in ("join(words, end)", "count(d)", "distinct(xs)", "total(x)", "nest(xs)")
    )
    found = rubric(tmp_path, read(read_nbgrader, tmp_path, solution(functions), graded(checks)))
    join, count, distinct, total = (found.examples[f"{name}-1"] for name in ("join", "count", "distinct", "total"))
    assert (join.inputs, join.expected) == ({"words": ["1", "b"], "end": "12"}, "1b")
    assert (count.inputs, count.expected) == ({"d": {"a": 1}}, {1: "a"})
    assert (distinct.inputs, distinct.expected) == ({"xs": [1, 1]}, {1})
    assert total.inputs["x"].dtype == np.int64
    assert "nest-1" not in found.examples


def test_a_class(tmp_path: Path) -> None:
    """A class is an exercise, and its tests are scripts."""
    source = (
        "class Stack:\n    def __init__(self):\n        self.items = []\n\n    def push(self, x):\n        self.items.append(x)\n"
    )
    found = rubric(
        tmp_path, read(read_nbgrader, tmp_path, solution(source), graded("s = Stack()\ns.push(2)\nassert s.items == [2]"))
    )
    assert [item.name for item in found.exercises] == ["Stack"]


def test_nothing_is_executed(tmp_path: Path) -> None:
    """A notebook that would write a file does not."""
    trap = f"open({str(tmp_path / 'trap')!r}, 'w')"
    read(
        read_nbgrader,
        tmp_path,
        code(trap),
        solution(f"{trap}\ndef f(x={trap}):\n    return x"),
        graded(f"{trap}\nassert f(1) == 1"),
    )
    assert not (tmp_path / "trap").exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("no notebook", "is not a notebook"),
        ("[]", "is not a notebook"),
        ('{"nbformat": 3, "worksheets": []}', "of format 3"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "is not a notebook"),
    ],
)
def test_other_files(content: str, problem: str, tmp_path: Path) -> None:
    """A file that is not a notebook of today is refused, and what to give is said."""
    path = tmp_path / "homework.ipynb"
    path.write_text(content)
    with pytest.raises(UsageError, match=problem):
        read_nbgrader(path)


def test_command(tmp_path: Path) -> None:
    """The command tells what it read and what is left, and the course holds."""
    write(tmp_path / "Home work 1.ipynb", *notebooks.OTTER)
    done = grader("import-course", "Home work 1.ipynb", "course", "--from", "otter", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "halves: 4 points, 2 worked examples, 1 refusal\n" in done.stdout
    assert "- cell 8, line 6: `nine = square(3)`: outside of a function" in done.stdout
    assert "Next: cd course && grader validate --no-mutants home_work_1" in done.stdout
    again = grader("import-course", "Home work 1.ipynb", "course", "--from", "otter", cwd=tmp_path)
    assert (again.returncode, "nothing is overwritten" in again.stderr) == (2, True)


def test_command_as_json(tmp_path: Path) -> None:
    """What is left, for programs: cell, line and text."""
    write(tmp_path / "ps1.ipynb", *notebooks.NBGRADER)
    done = grader("import-course", "ps1.ipynb", "course", "--from", "nbgrader", "--json", cwd=tmp_path)
    found = json.loads(done.stdout)
    assert found["left"][1] == {"cell": 11, "line": 0, "what": "plot: a person grades it for 2 points; write it as a manual part"}


def test_the_wrong_system(tmp_path: Path) -> None:
    """A notebook in which nothing is found is refused, and asked about."""
    write(tmp_path / "notes.ipynb", text("# Notes"), code("def f(x):\n    return x"))
    done = grader("import-course", "notes.ipynb", "course", "--from", "otter", cwd=tmp_path)
    assert (done.returncode, "was it written for otter?" in done.stderr) == (2, True)
    assert not (tmp_path / "course").exists()
