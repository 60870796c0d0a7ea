"""What students read in a Python file is found and put back in other words, and the code stays what it is."""

import ast
from pathlib import Path

import pytest

from grader.course.folder import read_course
from grader.course.stub import cut_stub
from grader.engine.engine import Engine
from grader.release.public import solution_in
from grader.release.source_texts import texts, translated
from grader.sandbox.backend import Source
from grader.submissions.submission import Submission

pytestmark = pytest.mark.slow

COURSE = read_course(Path(__file__).resolve().parents[2])
SOURCE = '''"""A module of two lines,
and one paragraph."""

LIMIT = 3  # so many of them


def area(w, h):
    """The area of a box.

    A box has two sides:

        A = w * h

    Args:
        w: the width of the box.
        h: its height, as in "w".
    """
    # Multiply the sides.
    # There are two of them.
    return w * h  # noqa
'''


def shouted(text: str) -> str:
    """The same text in other words."""
    return text.replace("the", "THE").replace("of", "OF")


def code(source: str) -> str:
    """The syntax tree of a file without docstrings, and without what a hole repeats of them."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        first = node.body[0] if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            first.value.value = ""
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and ast.unparse(node.exc.func) == "NotImplementedError":
            node.exc.args = []
    return ast.dump(tree)


def test_paragraphs_and_comments() -> None:
    """Each paragraph is one text, with its lines but not its indentation; formulas and marks for tools are none."""
    assert list(texts(SOURCE)) == [
        "A module of two lines,\nand one paragraph.",
        "so many of them",
        "The area of a box.",
        "A box has two sides:",
        'Args:\n    w: the width of the box.\n    h: its height, as in "w".',
        "Multiply the sides.\nThere are two of them.",
    ]


def test_they_are_put_back_where_they_stood() -> None:
    """In other words, with the indentation, the code and the formulas that they had."""
    wanted = SOURCE.replace("module of", "module OF").replace("many of them", "many OF THEm").replace("area of a", "area OF a")
    wanted = (
        wanted.replace("the width of the", "THE width OF THE")
        .replace("the sides", "THE sides")
        .replace("two of them", "two OF THEm")
    )
    assert translated(SOURCE, shouted) == wanted.replace('paragraph."""', 'paragraph.\n"""')


def test_nothing_to_say_changes_nothing() -> None:
    """A file whose texts have no translation stays byte for byte."""
    assert translated(SOURCE, lambda text: text) == SOURCE


@pytest.mark.parametrize("told", ['ends with "quotes"', "a \\ backslash", 'three """ quotes', "two\nlines", 'r"aw" \\d \\'])
def test_what_a_translator_may_write(told: str) -> None:
    """Quotes, backslashes and line breaks arrive as they were written."""
    source = '"""One line of text."""\n'
    (docstring,) = [ast.get_docstring(ast.parse(translated(source, lambda text: told)))]
    assert docstring == told


@pytest.mark.parametrize("name", [assignment.name for assignment in COURSE.assignments])
def test_spanish_stubs_have_the_same_code(name: str) -> None:
    """Every docstring of every stub is in Spanish, and its code is the same to the last token."""
    assignment = COURSE.assignment(name)
    written, spanish = (cut_stub(solution_in(assignment, language), assignment.solution) for language in (None, "es"))
    assert code(spanish) == code(written)
    assert set(texts(spanish)) & set(texts(written)) == set()
    assert max(map(len, spanish.split("\n"))) <= 160


@pytest.mark.parametrize("name", ["delta_rule", "dropout"])
def test_spanish_files_are_graded_the_same(name: str) -> None:
    """Filled and empty, a file in Spanish has the points and the verdicts of the one that was translated, of functions and of a class."""
    assignment = COURSE.assignment(name)
    grades = []
    with Engine(COURSE, self_check=True, weak=True) as engine:
        ready = engine.prepare(name)
        for language in (None, "es"):
            filled = solution_in(assignment, language)
            for text in (filled, cut_stub(filled, assignment.solution)):
                grade = engine.grade(Submission("ana", name, Source(name, {name: text})), ready).grade
                grades.append([(check.name, check.verdict, check.score) for found in grade.exercises for check in found.checks])
    assert grades[:2] == grades[2:] and grades[0] != grades[1]
