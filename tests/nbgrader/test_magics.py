"""What only IPython understands is taken out of a cell by its text alone; every other line stays, where it was."""

import textwrap
import time

import pytest

from grader.submissions.notebook.ipynb import Cell, Notebook
from grader.submissions.notebook.magics import plain, written
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.notebook.source import MAX_NOTES, notebook_source


@pytest.mark.parametrize(
    ("cell", "removed"),
    [
        pytest.param("%matplotlib inline\nx = 1", [(1, "%matplotlib inline")], id="line magic"),
        pytest.param("x = 1\n!ls\ny = 2", [(2, "!ls")], id="shell"),
        pytest.param("if x:\n    !ls", [(2, "!ls")], id="in a block"),
        pytest.param("files = !ls", [(1, "files = !ls")], id="assigned shell"),
        pytest.param("a, b = %who_ls", [(1, "a, b = %who_ls")], id="assigned magic"),
        pytest.param("np.dot?", [(1, "np.dot?")], id="help"),
        pytest.param("?np.dot", [(1, "?np.dot")], id="help in front"),
        pytest.param("%%bash\nrm -rf /\n", [(1, "%%bash")], id="cell magic"),
        pytest.param("\n\n%%time\nx = 1", [(3, "%%time")], id="cell magic after empty lines"),
        pytest.param("%reload_ext grader", [], id="our own extension"),
        pytest.param('grader.check("conv2d").points', [], id="our own check"),
        pytest.param('grader.check(["conv2d", name(f(1), ")")]) ; # mine', [], id="our own check, with brackets in it"),
    ],
)
def test_taken_out_and_told(cell: str, removed: list[tuple[int, str]]) -> None:
    """The line's number and its text are told; the grader's own lines go without a word."""
    assert list(plain(cell).removed) == removed


@pytest.mark.parametrize(
    "cell",
    [
        "x = 7\nx %= 2\ny = x % 3",
        'text = """\n%matplotlib inline\n!ls\n"""',
        "text = '''a\n!ls'''",
        "x = (7\n%2)",
        "x = 7 \\\n%2",
        "x = a != b",
        "# what is this?\ny = 1",
        'print("really?")',
        "s = 'it\\'s'\nx = 1",
        "f = lambda: 0 if '(' else 1\nx = 2",
        'grader.check("conv2d"); y = f(2)',
        'grader.check("conv2d").points + 1',
        "grader.check(f(1)); y = (2)",
        "grader.check(f(1)",
        'grader.check(")"',
    ],
)
def test_python_stays_as_it_is(cell: str) -> None:
    """A `%`, `!` or `?` in Python's own places is left alone."""
    assert plain(cell).text == cell and not plain(cell).removed


def test_other_lines_keep_their_numbers() -> None:
    """What comes behind a magic is still on its line."""
    assert plain("%pylab\n\n!ls\nx = 1").text.split("\n")[3] == "x = 1"


@pytest.mark.parametrize(("magic", "runs"), [("%%time", True), ("%%capture out", True), ("%%timeit", False), ("%%html", False)])
def test_cell_below_a_cell_magic(magic: str, runs: bool) -> None:
    """With magics that run the cell as it stands, it runs; with others, nothing does."""
    assert ("x = 1" in plain(f"{magic}\nx = 1").text) is runs


def test_first_lines_indent_is_taken_off() -> None:
    """As IPython has it."""
    assert plain("    x = 1\n    y = 2").text == "x = 1\ny = 2"


def test_text_that_is_no_python_is_left_to_python() -> None:
    """Unclosed strings and brackets end nothing here."""
    cell = textwrap.dedent('x = (1\n"""\n')
    assert plain(cell).text == cell


LONG = 40_000


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("grader.check()" + " " * LONG + "x", id="check and blanks"),
        pytest.param("grader.check(" + ")" * LONG + "x", id="closing brackets"),
        pytest.param("grader.check(" + "(" * LONG, id="opening brackets"),
        pytest.param("grader.check(" + "f(" * LONG + ")" * LONG + "x", id="brackets in brackets"),
        pytest.param("grader.check(()\n" * LONG, id="checks that end nowhere"),
        pytest.param("%load_ext grader" + " " * LONG + "x", id="extension and blanks"),
        pytest.param("a" + " ," * LONG + "=" + " " * LONG + "x", id="targets"),
        pytest.param("%" + "." * LONG + "x", id="help"),
        pytest.param("%%writefile" + " " * LONG, id="file"),
        pytest.param("'''\\" * LONG, id="quotes"),
        pytest.param("\\\n" * LONG, id="continued lines"),
    ],
)
def test_time_follows_the_length(cell: str) -> None:
    """A long cell costs the trusted process milliseconds of CPU time; an expression that tries every split takes most of a minute."""
    before = time.process_time()
    plain(cell)
    written(cell)
    assert time.process_time() - before < 5


def test_notes_on_many_lines_are_few() -> None:
    """Thousands of magics give the first notes and a count, so that a report stays short."""
    _source, notes = notebook_source("work", Notebook([Cell("code", "!\n" * 5000)], 4), Scaffold("", ()), {})
    assert len(notes) == MAX_NOTES + 1 and "4900" in notes[-1].text
