"""Misconceptions as edits of the solution: what an edit may be, and what is said of one that does not fit."""

import re
from pathlib import Path

import pytest

from grader.course.misconceptions import (
    TITLED,
    EditError,
    edited,
    edited_misconceptions,
    read_entries,
    whole_submissions,
)
from grader.errors import RubricError

SOLUTION = '''"""A toy."""


def half(x):
    """Half of x."""
    # a comment counts as text
    result = x / 2
    return result


def twice_half(x):
    """Uses the other one."""
    return 2 * half(x)


class Counter:
    """Counts."""

    def __init__(self):
        self.n = 0

    def step(self):
        """One more."""
        self.n += 1
        return self.n
'''


def run(text: str) -> dict[str, object]:
    """What a module defines."""
    namespace: dict[str, object] = {}
    exec(text, namespace)
    return namespace


def write(folder: Path, text: str) -> tuple[Path, Path]:
    """The file of misconceptions with `text`, and the solution."""
    path, solution = folder / "toy.toml", folder / "solution.py"
    path.write_text(text, encoding="utf-8")
    solution.write_text(SOLUTION, encoding="utf-8")
    return path, solution


ENTRY = '[wrong]\ntitle = "Wrong."\nhint = "Look again."\n'


@pytest.mark.parametrize(
    ("place", "edit", "call", "result"),
    [
        pytest.param("half", "x / 2 → x / 4", "half(8)", 2, id="replaced"),
        pytest.param("half", "return -{}", "half(8)", -4, id="return"),
        pytest.param("half", "return round(x)", "half(8)", 8, id="return-without-braces"),
        pytest.param("half", "if x > 3:\n    return 0\nreturn 1", "half(8)", 0, id="whole-body"),
        pytest.param("twice_half", "2 *  → 3 * ", "twice_half(8)", 12, id="spaces-belong-to-the-arrow"),
        pytest.param("Counter.step", "self.n += 1 → self.n += 2", "Counter().step()", 2, id="method"),
        pytest.param("Counter.__init__", "0 → 5", "Counter().step()", 6, id="initial-value"),
    ],
)
def test_edit_is_made(place: str, edit: str, call: str, result: float) -> None:
    """An edit changes its function, and the rest stays."""
    assert eval(call, run(edited(SOLUTION, {place: (edit,)}))) == result


@pytest.mark.parametrize(
    ("place", "edit", "problem", "advice"),
    [
        pytest.param("half", "x / 3 → x", "`x / 3` occurs 0 times, not once", "half says now: result = x / 2", id="absent"),
        pytest.param("half", "result → r", "`result` occurs 2 times, not once", "half says now:", id="twice"),
        pytest.param("quarter", "x → y", "there is no quarter", "there are half, twice_half, Counter", id="no-function"),
        pytest.param("Counter", "x → y", "Counter is a class", "name the method: Counter.__init__/step", id="class"),
        pytest.param("half", "x / 2 → x /", "it is no longer Python", "look at what is after the arrow", id="syntax"),
        pytest.param("Counter.__init__", "return 1", "it has no `return` to replace", "write `before → after`", id="no-return"),
    ],
)
def test_edit_that_does_not_fit(place: str, edit: str, problem: str, advice: str) -> None:
    """What is wrong with an edit is said together with what the solution says now."""
    with pytest.raises(EditError) as error:
        edited(SOLUTION, {place: (edit,)})
    assert problem in str(error.value)
    assert advice in error.value.advice


def test_one_entry_serves_several_exercises(tmp_path: Path) -> None:
    """Each exercise that an entry names gets a misconception of its name, with its own hint where it has one."""
    text = ENTRY + 'hints.twice_half = "And here?"\n"half, twice_half" = "return 0"\n'
    first, second = edited_misconceptions(*write(tmp_path, text))
    assert (first.name, first.of, first.hint, first.function(8)) == ("wrong", "half", "Look again.", 0)
    assert (second.name, second.of, second.hint, second.function(8)) == ("wrong", "twice_half", "And here?", 0)


def test_mistake_in_another_function(tmp_path: Path) -> None:
    """An exercise may be wrong because a function that it uses is."""
    (found,) = edited_misconceptions(*write(tmp_path, ENTRY + 'twice_half = { half = "x / 2 → x / 4" }\n'))
    assert (found.of, found.function(8)) == ("twice_half", 4)


def test_methods_of_a_class_are_one_misconception(tmp_path: Path) -> None:
    """Edits of several methods make one wrong class."""
    text = ENTRY + '"Counter.__init__" = "0 → 5"\n"Counter.step" = "+= 1 → += 2"\n'
    (found,) = edited_misconceptions(*write(tmp_path, text))
    assert (found.of, found.function().step()) == ("Counter", 7)


@pytest.mark.parametrize(
    ("text", "entry", "problem"),
    [
        pytest.param("[wrong\n", "", "not valid TOML", id="toml"),
        pytest.param("wrong = 1\n", "wrong", "it is 1, not a table", id="no-table"),
        pytest.param('[[equivalent]]\nunit = "f"\n', "equivalent", "it is a list of tables, not a table", id="list"),
        pytest.param('[wrong]\nhint = "Hm?"\nhalf = "return 0"\n', "wrong", "it has no title", id="no-title"),
        pytest.param('[wrong]\ntitle = "T."\nhalf = "return 0"\n', "wrong", "it has no hint", id="no-hint"),
        pytest.param(ENTRY, "wrong", "it has no edits", id="no-edits"),
        pytest.param(ENTRY + "half = 3\n", "wrong", "half is 3", id="no-text"),
        pytest.param(ENTRY + 'hints.g = "?"\nhalf = "return 0"\n', "wrong", "it has a hint for g, but no edit of it", id="hint"),
        pytest.param(ENTRY + 'half = "x / 3 → x"\n', "wrong", "half: `x / 3` occurs 0 times", id="edit"),
    ],
)
def test_file_that_is_wrong(tmp_path: Path, text: str, entry: str, problem: str) -> None:
    """Errors name the file, the entry and the problem."""
    path, solution = write(tmp_path, text)
    with pytest.raises(RubricError) as error:
        list(edited_misconceptions(path, solution))
    assert str(path) in str(error.value)
    assert entry in str(error.value)
    assert problem in str(error.value)


def test_edit_that_breaks_the_module(tmp_path: Path) -> None:
    """A solution that does not run with its edits is named when it is wanted."""
    path, solution = write(tmp_path, ENTRY + 'half = "return 0"\n')
    solution.write_text(SOLUTION + "\nassert half(2) == 1\n", encoding="utf-8")
    (found,) = edited_misconceptions(path, solution)
    with pytest.raises(RubricError, match="with its edits the solution does not run: AssertionError"):
        _ = found.function


def test_whole_submission(tmp_path: Path) -> None:
    """An entry is also a whole wrong submission: all of its edits, those that exercises share once."""
    shared = 'half = "x / 2 → x / 4"\ntwice_half = { half = "x / 2 → x / 4" }\n'
    ((name, text),) = whole_submissions(write(tmp_path, ENTRY + shared)[0], TITLED, tmp_path / "solution.py")
    assert (name, eval("twice_half(8)", run(text))) == ("wrong", 4)


def test_whole_submission_of_another_base(tmp_path: Path) -> None:
    """A wrong submission may be an edit of another author's file."""
    (tmp_path / "other.py").write_text("def half(x):\n    return 0.5 * x\n", encoding="utf-8")
    path = write(tmp_path, '[wrong]\nbase = "other.py"\nhalf = "0.5 → 0.25"\n')[0]
    ((_, text),) = whole_submissions(path, (), tmp_path / "solution.py")
    assert eval("half(8)", run(text)) == 2


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param('half = "return 0"\ntwice_half = { half = "return 1" }\n', "edit half in different ways", id="conflict"),
        pytest.param('base = "gone.py"\nhalf = "return 0"\n', "gone.py cannot be read", id="no-base"),
    ],
)
def test_whole_submission_that_cannot_be_made(tmp_path: Path, text: str, problem: str) -> None:
    """Edits that contradict each other, and a base that is not there, are named."""
    path, solution = write(tmp_path, "[wrong]\n" + text)
    with pytest.raises(RubricError, match=problem):
        list(whole_submissions(path, (), solution))


def test_no_file_has_no_entries(tmp_path: Path) -> None:
    """A topic without the file has no entries."""
    assert read_entries(tmp_path / "none.toml", TITLED) == ()


STATEMENTS = """from math import log, sqrt

EPS = 1e-8


class Layer:
    rate: float = 0.1

    @property
    def size(self):
        return 3


def f(x):
    return log(x + EPS)
"""


@pytest.mark.parametrize(
    ("place", "edit", "before", "after"),
    [
        ("EPS", "1e-8 → 1e-2", "EPS = 1e-8", "EPS = 1e-2"),
        ("EPS", "EPS = 0", "EPS = 1e-8", "EPS = 0"),
        ("Layer.rate", "0.1 → 1", "rate: float = 0.1", "rate: float = 1"),
        ("Layer.size", "3 → 4", "return 3", "return 4"),
        ("log", "log, → log10 as log,", "import log,", "import log10 as log,"),
        ("Layer", "@property → @staticmethod", "@property", "@staticmethod"),
    ],
)
def test_edit_of_a_statement(place: str, edit: str, before: str, after: str) -> None:
    """A constant, an attribute of a class, an import and a decorator are edited by the name that they define."""
    assert edited(STATEMENTS, {place: (edit,)}) == STATEMENTS.replace(before, after)


@pytest.mark.parametrize(
    ("place", "edit", "problem"),
    [
        ("EPS", "2 → 3", "`2` occurs 0 times, not once"),
        ("EPZ", "2 → 3", "there is no EPZ"),
        ("EPS", "return 3", "EPS is not a function"),
        ("EPS", "1e-8 → (", "it is no longer Python"),
        ("Layer.rote", "2 → 3", "there is no Layer.rote"),
    ],
)
def test_edit_of_a_statement_that_does_not_fit(place: str, edit: str, problem: str) -> None:
    """What is wrong with it is said as for functions."""
    with pytest.raises(EditError, match=re.escape(problem)):
        edited(STATEMENTS, {place: (edit,)})


def test_edits_of_a_method_are_of_its_exercise(tmp_path: Path) -> None:
    """Where a method is an exercise, its edits are of that; what is edited elsewhere in the class is of the class, or as a table says."""
    text = ENTRY + '"C.fit, C.score" = "x → y"\n"C.predict" = { "C.__init__" = "x → y" }\n'
    (entry,) = read_entries(write(tmp_path, text)[0], TITLED, ["C.fit", "C.predict"])
    assert dict(entry.exercises) == {
        "C.fit": {"C.fit": ("x → y",)},
        "C": {"C.score": ("x → y",)},
        "C.predict": {"C.__init__": ("x → y",)},
    }
