"""`grader.plot` on cells: pictures of what they define."""

from pathlib import Path

import pytest

from grader.integrations.jupyter import check as notebook
from grader.integrations.jupyter import plot as plotting
from grader.integrations.jupyter.history import Ran, as_last_run
from grader.integrations.jupyter.plot import Drawn, plot

PLOTS = """
import numpy as np

from grader.course.pictures import call, lines, picture


@picture("What does scaling do to a vector?")
def scaled():
    yield lines("scaled", {"result": (yield call("scale", np.arange(4.0), 2.0))})
"""


@pytest.fixture
def drawn(student_folder: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A student's course with a picture, and a notebook in its folder."""
    (student_folder / "assignments" / "vectors" / "plots.py").write_text(PLOTS)
    monkeypatch.setattr(notebook, "HOME", student_folder)
    monkeypatch.setattr(notebook, "session", notebook.Session(language="en"))
    monkeypatch.setattr(plotting, "session", notebook.session)
    return monkeypatch


def after(patch: pytest.MonkeyPatch, *texts: str, picture: str | None = None) -> Drawn:
    """What is drawn after cells of these texts were run."""
    cells = as_last_run([Ran(f"In [{place}]", text) for place, text in enumerate(texts, start=1)])
    patch.setattr(plotting, "cells_now", lambda name: cells)
    return plot("vectors", picture)


def test_a_picture_of_the_cells(drawn: pytest.MonkeyPatch) -> None:
    """An image in the notebook, blocks as text."""
    found = after(drawn, "import numpy as np\ndef scale(x, factor):\n    return x * factor")
    assert "from 0 to 6" in repr(found)
    assert found._repr_html_().startswith("<svg") and "What does scaling do" in found._repr_html_()


def test_what_is_not_there_yet_is_said(drawn: pytest.MonkeyPatch) -> None:
    """A function that no cell defines is named in the picture."""
    assert "`scale` is not defined" in repr(after(drawn, "x = 1"))


def test_a_picture_that_there_is_not(drawn: pytest.MonkeyPatch) -> None:
    """A misspelt name is answered with the one that was meant, as text."""
    found = after(drawn, "x = 1", picture="scaeld")
    assert "Did you mean 'scaled'?" in repr(found)
    assert found._repr_html_().startswith("<pre>")
