"""From the cells that were run to the module that is checked."""

import pytest

from grader.integrations.jupyter.cells import Cell, imported, module_of


def module(*texts: str, wanted: tuple[str, ...] = ("f",)) -> str:
    """The text of the module that defines `wanted` after these cells were run."""
    return module_of([Cell(f"In [{place}]", text) for place, text in enumerate(texts, start=1)], wanted).text.strip()


def magic(name: str, text: str) -> str:
    """A cell magic as IPython translates it."""
    return f"get_ipython().run_cell_magic({name!r}, '', {text!r})\n"


F = "def f(x):\n    return x"


def test_what_is_needed_is_kept() -> None:
    """Imports, constants and helpers that a function needs come with it, in their order."""
    assert module("import numpy as np", "c = 2", "def g(x):\n    return c * np.sum(x)", "def f(x):\n    return g(x)") == (
        "import numpy as np\nc = 2\ndef g(x):\n    return c * np.sum(x)\ndef f(x):\n    return g(x)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "f(3)",
        "print(f(2))",
        "import matplotlib.pyplot as plt",
        "for i in range(10):\n    print(f(i))",
        "result = f(3)",
        "x = 5",
        "'''words'''",
        "def other():\n    return f(1)",
    ],
)
def test_what_is_tried_out_is_left_out(text: str) -> None:
    """Calls, plots, loops and other functions beside it do not come along."""
    assert module(F, text) == F


def test_last_definition_counts() -> None:
    """A cell that was run again replaces what it defined before, helpers too."""
    assert module(F, "def f(x):\n    return -x") == "def f(x):\n    return -x"
    assert module("c = 1", "def f(x):\n    return c", "c = 2") == "def f(x):\n    return c\nc = 2"


def test_name_that_was_deleted() -> None:
    """What was deleted is not defined any more."""
    assert module(F, "del f") == ""


@pytest.mark.parametrize(
    "text",
    [
        "table = {}\ntable['a'] = 1",
        "table = []\ntable.append(1)",
        "table = {}\nfor k in 'ab':\n    table[k] = 1",
        "table = 0\ntable += 1",
    ],
    ids=["item", "method", "loop", "augmented"],
)
def test_what_is_changed_after_it_was_made(text: str) -> None:
    """What changes an object that a function uses comes along."""
    assert module(text, "def f(x):\n    return table") == f"{text}\ndef f(x):\n    return table"


def test_method_that_is_put_into_a_class_later() -> None:
    """A class is as the cells left it."""
    texts = ("class Net:\n    pass", "def forward(self):\n    return 1", "Net.forward = forward")
    assert module(*texts, wanted=("Net",)) == "\n".join(texts)


@pytest.mark.parametrize(
    "text",
    [
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "get_ipython().system('rm -rf /')",
        "files = get_ipython().getoutput('ls')",
        magic("bash", "rm -rf /"),
        magic("writefile f.py", "def f(x): pass"),
        "def f(x:",
        "await something",
        "\x00",
    ],
)
def test_what_is_no_python_is_left_out(text: str) -> None:
    """Magics, `!commands` and cells that were never run are left out."""
    assert module(F, text) == F


def test_timed_cell() -> None:
    """The rest of a cell below `%%time` counts, as it was run."""
    assert module(magic("time", F)) == F


def test_future_stands_first() -> None:
    """`from __future__` is at the top, wherever it was run."""
    assert module("import os\n" + F.replace("x", "os"), "from __future__ import annotations").startswith("from __future__")


def test_statements_after_a_semicolon() -> None:
    """Statements of one line are taken one by one."""
    assert module("a = 1; b = 2; print(a)", "def f(x):\n    return b") == "b = 2\ndef f(x):\n    return b"


def test_decorated_function() -> None:
    """A decorator belongs to its function."""
    assert module("import functools", f"@functools.cache\n{F}") == f"import functools\n@functools.cache\n{F}"


def test_places_in_the_notebook() -> None:
    """Each line of the module knows its cell and its line there."""
    found = module_of([Cell("In [1]", "\n\nc = 1"), Cell("In [4]", "# f\ndef f(x):\n    return c")], ["f"])
    assert found.places == (("In [1]", 3), ("In [4]", 2), ("In [4]", 3))


def test_star_import_is_kept() -> None:
    """What a star import brings is not known, so it stays."""
    assert module("from math import *", "def f(x):\n    return sqrt(x)").startswith("from math import *")


def test_imported_modules() -> None:
    """The modules that a text imports, wherever it does."""
    assert imported("import a.b\nfrom c.d import e\nfrom . import f\ndef g():\n    import h\n") == {"a", "c", "h"}
