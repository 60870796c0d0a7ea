"""What a student reads: short, concrete, with value, expectation and index."""

import sys
from typing import Any

import numpy as np
import pytest

from grader.checks.compare import compare
from grader.judge.difference_text import difference_text
from grader.judge.messages import load_text, outcome_text
from grader.judge.newer_syntax import newer_syntax
from grader.sandbox.outcome import BadReturn, Died, NotRun, Outcome, OutOfMemory, Raised, Returned, TimedOut, Unimplemented


def stopped(*names: str, message: str = "") -> Raised:
    """An exception of that class and these bases, at which a file stopped."""
    return Raised(names[0], names, message, "work.py", 9, "trial()")


@pytest.mark.parametrize(
    "message",
    ["operands could not be broadcast together with shapes (2,) (3,)", "shapes (2,3) and (2,) not aligned: 3 (dim 1) != 2"],
)
def test_shapes_that_do_not_go_together(message: str) -> None:
    """Numpy's words about shapes are followed by what to look at."""
    said = outcome_text(Raised("ValueError", ("ValueError",), message, "f.py", 3, "a + b"))
    assert said.endswith("print the `.shape` of each array in that line, and compare them with the docstring")


@pytest.mark.parametrize(
    "message",
    [
        "'function' object has no attribute 'shape'",
        "'Generator' object has no attribute 'randn'",
        "'set' object has no attribute 'sort'",
    ],
)
def test_attribute_of_what_the_student_did_not_write(message: str) -> None:
    """Only an object of one's own class could have had it set."""
    assert "self" not in outcome_text(Raised("AttributeError", ("AttributeError",), message, "f.py", 3, "a.b"))


@pytest.mark.parametrize(
    ("exception", "message", "end"),
    [
        (
            "ValueError",
            "setting an array element with a sequence. The requested array has an inhomogeneous shape",
            "the length of each",
        ),
        ("ValueError", "The truth value of an array with more than one element is ambiguous.", "single numbers, or `np.where`"),
        ("TypeError", "unsupported operand type(s) for +: 'NoneType' and 'float'", "what a function without `return` gave?"),
        ("AttributeError", "'NoneType' object has no attribute 'shape'", "what a function without `return` gave?"),
        ("AttributeError", "'Dropout' object has no attribute 'mask'", "as `self.…`, and spelt alike?"),
        ("AttributeError", "'list' object has no attribute 'shape'", "(f.py, line 3: `a + b`)"),
        ("IndexError", "index 4 is out of bounds for axis 0 with size 4", "one below the length"),
        ("AxisError", "axis 1 is out of bounds for array of dimension 1", "compare them with the docstring"),
    ],
)
def test_what_to_look_at_after_an_exception(exception: str, message: str, end: str) -> None:
    """What Python and numpy say is in English; what follows is in the student's language."""
    assert outcome_text(Raised(exception, (exception,), message, "f.py", 3, "a + b")).endswith(end)


def test_name_of_the_stub_stands_for_itself() -> None:
    """An exercise that is not there yet is not another one of a similar name."""
    said = outcome_text(Unimplemented("fast_mean", missing=True, near="mean"), main="work.py", exercises=("mean", "fast_mean"))
    assert said == "`fast_mean` is not defined in work.py"


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        pytest.param(
            Raised("ValueError", ("ValueError",), "no", "work.py", 3, "x[9]"),
            "raised ValueError: no (work.py, line 3: `x[9]`)",
            id="raised",
        ),
        pytest.param(Raised("KeyError", ("KeyError",), ""), "raised KeyError", id="raised-without-a-place"),
        pytest.param(Unimplemented("f: Double."), "not implemented yet", id="hole"),
        pytest.param(Unimplemented("f", missing=True), "`f` is not defined in work.py", id="missing"),
        pytest.param(
            Unimplemented("f", missing=True, near="fn"),
            "`f` is not defined in work.py; did you mean to call `fn` that?",
            id="another-name",
        ),
        pytest.param(
            BadReturn("type", ("range",)),
            "returned a value of type range; return arrays, numbers, strings, dates, or lists, tuples, dicts and sets of them",
            id="bad-return",
        ),
        pytest.param(
            BadReturn("dtype", ("{0} {1}",), changed=True),
            "changed an argument into an array of dtype {0} {1}; return an array of plain numbers",
            id="bad-argument",
        ),
        pytest.param(OutOfMemory(512_000_000), "needed more memory than the 512 MB it may use", id="memory"),
        pytest.param(OutOfMemory(), "ran out of memory", id="memory-without-a-limit"),
        pytest.param(TimedOut(3.0), "was still computing after 3 s; does a loop never end, or is there one too many?", id="cpu"),
        pytest.param(
            TimedOut(3.0, "cpu", "work.py", 4, "while i:"),
            "was still computing after 3 s (work.py, line 4: `while i:`); does a loop never end, or is there one too many?",
            id="cpu-with-its-line",
        ),
        pytest.param(
            TimedOut(12.0, "wall"), "did not answer within 12 s; does it wait or sleep, or does a loop never end?", id="wall"
        ),
        pytest.param(Unimplemented("f", missing=True, file="f.py"), "`f` is not defined in f.py", id="missing-in-a-renamed-file"),
        pytest.param(TimedOut(60.0, "budget"), "was stopped: the whole submission may take 60 s", id="budget"),
        pytest.param(Died("exit code {detail}", "3"), "ended the process: exit code 3", id="died"),
        pytest.param(NotRun(0, "timed_out"), "was not run, because f(x=2) ran out of time", id="not-run-time"),
        pytest.param(NotRun(0, "died"), "was not run, because f(x=2) ended the process", id="not-run-died"),
        pytest.param(NotRun(0, "out_of_memory"), "was not run, because f(x=2) ran out of memory", id="not-run-memory"),
        pytest.param(Returned(1.0), "", id="returned"),
    ],
)
def test_outcome(outcome: Outcome, text: str) -> None:
    """Every outcome is said in one short sentence."""
    assert outcome_text(outcome, "f(x=2)", "work.py") == text


@pytest.mark.parametrize(
    ("expected", "got", "names", "text"),
    [
        pytest.param(
            np.ones(2), None, ("O",), "O should be an array of shape (2,), but it is None; is a `return` missing?", id="none"
        ),
        pytest.param(np.ones(2), [1.0, 1.0], ("O",), "O should be an array of shape (2,), but is a list of 2 items", id="list"),
        pytest.param(
            (np.ones(2), 1.0),
            np.ones(2),
            ("dx", "dw"),
            "the result should be a tuple of 2 items (dx, dw), but is an array of shape (2,)",
            id="one-of-two",
        ),
        pytest.param(
            (1.0, 1.0),
            (1.0,),
            ("dx", "dw"),
            "the result should be a tuple of 2 items (dx, dw), but is a tuple of 1 item",
            id="one-of-two-named",
        ),
        pytest.param(
            (1.0, 1.0), (1.0,), (), "the result should be a tuple of 2 items, but is a tuple of 1 item", id="one-missing"
        ),
        pytest.param(np.ones((2, 3)), np.ones((3, 2)), ("O",), "O should have shape (2, 3), but has (3, 2)", id="shape"),
        pytest.param(
            np.ones(2) / 2,
            np.zeros(2, int),
            ("O",),
            "O should be of dtype float64, but is int64; were the results put into an array of integers, which cuts them off?",
            id="integers",
        ),
        pytest.param(
            np.ones(2) / 2, np.ones(2, int), ("O",), "O should be of dtype float64, but is int64", id="integers-not-cut-off"
        ),
        pytest.param(
            np.ones(2), np.zeros(2, int), ("O",), "every value of O is wrong; first O[0] = 0 (should be 1)", id="whole-numbers"
        ),
        pytest.param(1.0, np.ones((1, 1)), ("loss",), "loss should be one number, but has shape (1, 1)", id="one-number"),
        pytest.param(
            np.ones(2),
            np.ones(2, np.float16),
            (),
            "the result should be of dtype float64, but is float16; it keeps three digits only",
            id="float16",
        ),
        pytest.param(np.ones(2), np.array([1.0, np.nan]), ("O",), "1 of 2 values of O is not finite; first O[1] = nan", id="nan"),
        pytest.param(np.ones(2), np.full(2, np.inf), (), "every value of the result is not finite; first [0] = inf", id="inf"),
        pytest.param(1.0, np.nan, ("loss",), "loss is nan, but should be 1", id="scalar-nan"),
        pytest.param(1.0, 2.0, ("loss",), "loss is 2, but should be 1", id="scalar"),
        pytest.param(
            np.eye(2),
            np.array([[1.0, 0.25], [3.0, 1.0]]),
            ("O",),
            "2 of 4 values of O are wrong; first O[0,1] = 0.25 (should be 0), worst O[1,0] = 3 (should be 0)",
            id="values",
        ),
        pytest.param(
            np.zeros(3),
            np.array([0.0, 5.0, 0.0]),
            ("O",),
            "1 of 3 values of O is wrong; first O[1] = 5 (should be 0)",
            id="one-value",
        ),
        pytest.param(
            np.zeros(2), np.ones(2), (), "every value of the result is wrong; first [0] = 1 (should be 0)", id="all-values"
        ),
        pytest.param({"a": 1.0}, {"b": 1.0}, (), "the result lacks 'a' among its keys, and should not have 'b'", id="keys"),
        pytest.param({1: 1.0, (0, 1): 2.0}, {1: 1.0}, (), "the result lacks (0, 1) among its keys", id="key-missing"),
        pytest.param({1: 1.0}, {1: 1.0, None: 2.0}, ("y",), "y should not have None among its keys", id="key-extra"),
        pytest.param({1: 1.0}, {1: 2.0}, ("y",), "y[1] is 2, but should be 1", id="value-at-a-key"),
        pytest.param(
            2**70, 2**70 + 1, (), "the result is 1180591620717411303425, but should be 1180591620717411303424", id="large"
        ),
        pytest.param(2**70, 7, ("n",), "n is 7, but should be 1180591620717411303424", id="small-for-large"),
        pytest.param(2**70, 1 << 9999, ("n",), f"n is {str(1 << 9999)[:40]}… (3010 digits), but should be {2**70}", id="digits"),
        pytest.param(
            np.array(["a", "b"]),
            np.array(["a", "c"]),
            ("y",),
            "1 of 2 values of y is wrong; first y[1] = 'c' (should be 'b')",
            id="word-in-an-array",
        ),
        pytest.param(np.array(["a"]), np.ones(1), ("y",), "y should be of dtype str, but is float64", id="numbers-for-words"),
        pytest.param({1, 2}, {2, 3}, (), "the result lacks 1, and should not have 3", id="set"),
        pytest.param({"b", "a"}, set(), (), "the result lacks 'a', 'b'", id="set-empty"),
        pytest.param(set(), set(range(9)), (), "the result should not have 0, 1, 2, 3, 4 and 4 more", id="set-many"),
        pytest.param({1, 2}, [1, 2], (), "the result should be a set of 2 items, but is a list of 2 items", id="list-for-a-set"),
        pytest.param({1: 2}, {1}, (), "the result should be a dict with 1 key, but is a set of 1 item", id="set-for-a-dict"),
        pytest.param({"a": 1.0}, {"a": 2.0}, (), "['a'] is 2, but should be 1", id="dict-value"),
        pytest.param("relu", "tanh", (), "the result is the string 'tanh', but should be 'relu'", id="string"),
    ],
)
def test_difference(expected: Any, got: Any, names: tuple[str, ...], text: str) -> None:
    """Every stage says what came, what should have come, and where."""
    difference = compare(expected, got, names)
    assert difference is not None
    assert difference_text(difference) == text


@pytest.mark.parametrize(
    ("outcome", "text"),
    [
        pytest.param(
            Raised("SyntaxError", ("SyntaxError",), "invalid syntax", "work.py", 2, "def f(:"),
            "work.py cannot be run: SyntaxError in line 2: `def f(:` (invalid syntax)",
            id="syntax",
        ),
        pytest.param(
            Raised("ImportError", ("ImportError",), "no torch", "helpers.py", 1, "import torch"),
            "helpers.py, line 1: `import torch`: it raised ImportError: no torch",
            id="helper",
        ),
        pytest.param(Raised("UnreadableSubmission", (), "work.py is missing"), "work.py is missing", id="unreadable"),
        pytest.param(Died("exit code 0"), "work.py cannot be run: executing it ended the process: exit code 0", id="exit"),
        pytest.param(
            TimedOut(5.0),
            "work.py cannot be run: executing it was still computing after 5 s; does a loop never end, or is there one too many?",
            id="loop",
        ),
    ],
)
def test_load(outcome: Outcome, text: str) -> None:
    """A file that cannot be executed says where and why."""
    assert load_text(outcome, "work.py") == text


NEWER = {  # lines that Python 3.11 does not read, and since when Python does
    'name = f"{d["a"]}"': "3.12",
    "print(f'{a['b']} and {c}')": "3.12",
    'f"{", ".join(words)}"': "3.12",
    'f"{{{d["a"]}}}"': "3.12",
    'f"{x"': "",
    'f"{a[1}"': "",
    'f"{a!}"': "",
    "type Pair = tuple[int, int]": "3.12",
    "def first[T](items): pass": "3.12",
    "class Stack[T]: pass": "3.12",
    "def f(:": "",
    "x = = 1": "",
    "typo x = 1": "",
}


@pytest.mark.parametrize("line", NEWER)
def test_only_what_a_newer_python_reads_is_said_to_be_read_by_it(line: str) -> None:
    """The hint on the version is given where it is true, and nowhere else; on a Python that reads the line there is none to give."""
    try:
        compile(line, "work.py", "exec")
    except SyntaxError as error:
        since = newer_syntax(line, str(error.msg))
        assert since == (NEWER[line] if sys.version_info < (3, 12) else "")
    else:
        assert sys.version_info >= (3, 12) and NEWER[line]


REMEDY = 'Put what only tries out your code below `if __name__ == "__main__":`, which does not run here.'


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        pytest.param(stopped("SystemExit", message="0"), "ends the program", id="exit"),
        pytest.param(stopped("NotImplementedError"), "calls something that is not implemented yet", id="stub"),
        pytest.param(stopped("_ArrayMemoryError", "MemoryError"), "ran out of memory", id="memory"),
        pytest.param(stopped("EOFError", message="EOF"), "raised EOFError: EOF; nobody can answer `input()` here", id="input"),
        pytest.param(stopped("BdbQuit"), "raised BdbQuit; nobody can use a debugger here", id="debugger"),
        pytest.param(
            stopped("FileNotFoundError", "OSError", message="cat.txt not found."),
            "raised FileNotFoundError: cat.txt not found; no files can be read here, even if they are on your computer",
            id="file",
        ),
        pytest.param(stopped("KeyboardInterrupt"), "raised KeyboardInterrupt", id="interrupt"),
        pytest.param(stopped("RecursionError", message="too deep"), "raised RecursionError: too deep", id="recursion"),
        pytest.param(TimedOut(5.0, "cpu", "work.py", 9, "trial()"), "was still computing after 5 s", id="training"),
        pytest.param(TimedOut(20.0, "wall", "work.py", 9, "trial()"), "did not answer within 20 s", id="sleep"),
    ],
)
def test_a_statement_that_failed(outcome: Outcome, problem: str) -> None:
    """A file in which a statement failed says in which line, why, that the rest is graded, and what to do."""
    said = f"work.py, line 9: `trial()`: it {problem}. "
    assert load_text(outcome, "work.py") == said + REMEDY
    assert load_text(outcome, "work.py", judged=True) == f"{said}Everything else in the file is graded. {REMEDY}"
