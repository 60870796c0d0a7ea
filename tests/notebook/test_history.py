"""Which cells count for a self-check: those of the saved file, or those that were run, each as it was run last."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader.integrations.jupyter import history
from grader.integrations.jupyter.history import Ran, as_last_run, cells_saved, cells_that_count, defined

F, NEW_F = "def f(x):\n    return x", "def f(x):\n    return -x"
SETUP = {"nbgrader": {"grade_id": "setup"}}


def ran(*texts: str) -> list[Ran]:
    """Cells of these texts, run in this order."""
    return [Ran(f"In [{place}]", text) for place, text in enumerate(texts, start=1)]


def saved(*texts: str) -> list[Ran]:
    """The cells of a file."""
    return [Ran(f"cell {place}", text) for place, text in enumerate(texts, start=1)]


def labels(cells: list[Ran]) -> list[str]:
    """What the cells are called."""
    return [cell.label for cell in cells]


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        pytest.param((F, "y = f(2)", NEW_F), [3, 2], id="function"),
        pytest.param((F, "import math", F), [3, 2], id="same text"),
        pytest.param(("c = 1", F, "c = 2"), [3, 2], id="constant"),
        pytest.param((F, f"{NEW_F}\nprint(f(2))"), [2], id="with a trial"),
        pytest.param((F, "f(1)", "f(2)"), [1, 2, 3], id="trials"),
        pytest.param((F, "import functools", f"@functools.cache\n{NEW_F}"), [1, 2, 3], id="needs what came later"),
        pytest.param(("n = 0", "n = n + 1"), [1, 2], id="goes on from what was there"),
        pytest.param((f"{F}\nc = 1", NEW_F), [1, 2], id="only a part"),
        pytest.param(("x = (", "y ="), [1, 2], id="no Python"),
    ],
)
def test_cell_stands_where_it_was_run_first_as_it_was_run_last(texts: tuple[str, ...], kept: list[int]) -> None:
    """A newer version takes the place of the older one, where it can; otherwise both are run."""
    assert labels(as_last_run(ran(*texts))) == [f"In [{place}]" for place in kept]


@pytest.mark.parametrize(
    "text", ['grader.check("f")', "%load_ext grader", '# points of f\ngrader.check("f").points', "", "# words"]
)
def test_own_lines_are_no_cell(text: str) -> None:
    """Another check does not make another submission."""
    assert as_last_run(ran(F, text)) == ran(F)


def test_saved_file_counts() -> None:
    """The cells of the file in its order, even those that were not run, if it contains all that was run."""
    file = saved("import numpy as np", "def g():\n    return f(1)", F)
    assert cells_that_count(ran(F, "print(f(1))"), file, "f") == file


@pytest.mark.parametrize(
    ("texts", "file"),
    [
        pytest.param((F, NEW_F), (F,), id="edited and run, not saved"),
        pytest.param((F,), (NEW_F,), id="edited and saved, not run"),
        pytest.param((F, "def h():\n    return 1"), (F, "def g():\n    return h()"), id="what it speaks of is not in it"),
        pytest.param(("c = 1", F, "c = 2"), ("c = 1", F), id="a constant"),
        pytest.param(("x = 1",), ("x = 1", F), id="function not run"),
        pytest.param((F,), (), id="no file"),
    ],
)
def test_file_that_is_behind_does_not_count(texts: tuple[str, ...], file: tuple[str, ...]) -> None:
    """What was run last counts."""
    assert cells_that_count(ran(*texts), saved(*file), "f") == as_last_run(ran(*texts))


def test_other_trials_keep_no_file_from_counting() -> None:
    """What was tried out and removed is not a sign that the file is behind."""
    file = saved(F)
    assert cells_that_count(ran("table = 3", F), file, "f") == file


def test_cell_of_the_session_is_known_from_the_file() -> None:
    """What nbgrader says about a cell holds where the file is behind, too."""
    file = [Ran("cell 1", "import math", SETUP), Ran("cell 2", F)]
    assert [cell.metadata for cell in cells_that_count(ran("import math", NEW_F), file, "f")] == [SETUP, {}]


def test_names_of_magics_and_of_no_python() -> None:
    """What is not Python binds only the names that it should define; the code beside it binds as usual."""
    assert defined(ran("%matplotlib inline\nx = 1", "y = (", "def v(:", "%%time\nz = 1", "%%bash\nw = 1")) == {"x", "v", "z"}


def shell(**names: str) -> SimpleNamespace:
    """As much of an IPython shell as is looked at."""
    return SimpleNamespace(user_ns=names)


@pytest.mark.parametrize("by", ["variable", "environment"])
def test_file_of_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    """VS Code and Jupyter say where it is; what is not code is not a cell of it, and counts in their numbers."""
    path = tmp_path / "work.ipynb"
    cells = [{"cell_type": "markdown", "source": "words"}, {"cell_type": "code", "source": [F]}]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4}))
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if by == "environment":
        monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    monkeypatch.setattr(history, "_shell", lambda: shell(**({"__vsc_ipynb_file__": str(path)} if by == "variable" else {})))
    assert cells_saved() == [Ran("cell 2", F)]


@pytest.mark.parametrize("content", [None, b"", b"[1]", b"\xff"])
def test_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None) -> None:
    """It is as if it were not known."""
    path = tmp_path / "work.ipynb"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(history, "_shell", lambda: shell(__vsc_ipynb_file__=str(path)))
    assert cells_saved() == []
