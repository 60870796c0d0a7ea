"""A submitted notebook is read as data, or it is said in words for the student why it cannot be."""

import json
from typing import Any

import pytest

from grader.submissions.files import MAX_FILE, UnreadableError
from grader.submissions.notebook.ipynb import MAX_CELLS, read_notebook

CODE = {"cell_type": "code", "source": ["x = 1\n", "y = 2"], "metadata": {}, "outputs": [], "execution_count": None}


def written(*cells: Any, **more: Any) -> bytes:
    """A notebook's file."""
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}).encode()


def test_text_in_lines_is_joined() -> None:
    """Jupyter writes a cell's text as a list of lines."""
    assert read_notebook("a.ipynb", written(CODE)).cells[0].text == "x = 1\ny = 2"


def test_bom_is_no_fault() -> None:
    """Windows editors put a byte order mark in front."""
    assert len(read_notebook("a.ipynb", b"\xef\xbb\xbf" + written(CODE)).cells) == 1


def test_nan_in_outputs_is_no_fault() -> None:
    """Python writes NaN into JSON, which strict readers refuse."""
    output = {"output_type": "execute_result", "data": {"application/json": float("nan")}, "metadata": {}, "execution_count": 1}
    assert len(read_notebook("a.ipynb", written({**CODE, "outputs": [output]})).cells) == 1


def test_old_format_is_upgraded() -> None:
    """What nbgrader upgrades is read: the text of code stood under another name, and cells on a sheet."""
    cells = [{"cell_type": "code", "input": ["x = 1"]}, {"cell_type": "heading", "level": 1, "source": "words"}]
    data = json.dumps({"nbformat": 3, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}).encode()
    assert [(cell.cell_type, cell.text) for cell in read_notebook("a.ipynb", data).cells] == [
        ("code", "x = 1"),
        ("markdown", "words"),
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param(b"", "a.ipynb is not a notebook: it is not JSON at line 1", id="empty"),
        pytest.param(written(CODE)[:60], "a.ipynb is not a notebook: it is not JSON", id="cut off"),
        pytest.param(b"print('hello')\n", "a.ipynb is not a notebook: it is not JSON", id="python"),
        pytest.param(b"\xff\xfe\x00", "a.ipynb is not UTF-8 text at byte 0", id="bytes"),
        pytest.param(b"[1]", "a.ipynb is not a notebook: ", id="a list"),
        pytest.param(b'{"cells": 3, "nbformat": 4}', "a.ipynb is not a notebook: ", id="cells are not a list"),
        pytest.param(
            b'{"nbformat": 2, "worksheets": []}', "a.ipynb is of notebook format 2, and format 4 is read", id="format 2"
        ),
        pytest.param(b'{"nbformat": 3, "worksheets": [{"cells": [3]}]}', "a.ipynb is not a notebook: ", id="format 3, no cells"),
        pytest.param(written(CODE, nbformat=7), "a.ipynb is of notebook format 7, and format 4 is read", id="format 7"),
        pytest.param(written({**CODE, "source": 3}), "the text of a cell is not text", id="source is a number"),
        pytest.param(written(*[CODE] * (MAX_CELLS + 1)), f"a.ipynb has {MAX_CELLS + 1} cells; at most", id="too many cells"),
        pytest.param(written({**CODE, "source": "x" * (MAX_FILE + 1)}), "the code of a.ipynb is", id="too much code"),
        pytest.param(b"[" * 100_000, "a.ipynb is not a notebook", id="deeply nested"),
    ],
)
def test_what_is_no_notebook(data: bytes, problem: str) -> None:
    """Each says the file, what is wrong, and what to do."""
    with pytest.raises(UnreadableError) as caught:
        read_notebook("a.ipynb", data)
    assert problem in str(caught.value)
