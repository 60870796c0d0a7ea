"""A notebook that a kernel executes: `%load_ext grader`, and what its cells show."""

import os
from pathlib import Path

import nbformat
import pytest
from classroom import PATIENCE, REPO
from nbclient import NotebookClient

pytestmark = pytest.mark.slow

CELLS = {
    "load": "%load_ext grader",
    "right": "import numpy as np\ndef scale(x, factor):\n    return x * factor",
    "check-right": 'grader.check("scale")',
    "points-right": 'grader.check("scale").points',
    "wrong": 'def scale(x, factor):\n    print("<b>bold</b>")\n    return x + factor',
    "check-wrong": 'grader.check("scale")',
    "points-wrong": 'grader.check("scale").points',
    "text": 'print(grader.check("scale"))',
    "typo": 'grader.check("<i>scael</i>")',
    "language": "%grader_language es",
    "check-spanish": 'grader.check("scale")',
    "course": "%grader_course nowhere",
}


@pytest.fixture(scope="module")
def outputs(student_folder: Path) -> dict[str, list[nbformat.NotebookNode]]:
    """The outputs of the cells above."""
    cells = [nbformat.v4.new_code_cell(source, id=name) for name, source in CELLS.items()]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(
        notebook,
        timeout=PATIENCE,
        startup_timeout=PATIENCE,
        kernel_name="python3",
        resources={"metadata": {"path": str(student_folder)}},
    )
    client.execute(env={**os.environ, "PYTHONPATH": str(REPO)})
    return {cell.id: cell.outputs for cell in notebook.cells}


def test_saved_notebook_is_checked(student_folder: Path, tmp_path: Path) -> None:
    """Where Jupyter says which file it is, and it holds what was run, its cells are named as they are when it is handed in."""
    texts = ["%load_ext grader", CELLS["wrong"].replace("+ factor", "* factr"), 'print(grader.check("scale"))']
    cells = [nbformat.v4.new_markdown_cell("# Vectors"), *map(nbformat.v4.new_code_cell, texts)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    file = tmp_path / "vectors.ipynb"
    nbformat.write(notebook, file)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(student_folder)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(REPO), "JPY_SESSION_NAME": str(file)})
    assert "(cell 3, line 3: `return x * factr`)" in "".join(
        "".join(output.text for output in notebook.cells[-1].outputs).split("\n      ")
    )


def data(outputs: dict[str, list[nbformat.NotebookNode]], name: str) -> dict[str, str]:
    """What the only output of a cell shows, by its kind."""
    found = outputs[name]
    if {output.output_type for output in found} == {"stream"}:  # a kernel may send one text in several pieces
        return {"text/plain": "".join(output.text for output in found)}
    (output,) = found
    return output.data


def test_check_shows_one_table_with_text_beside_it(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """The only output of a check is its HTML, with plain text for where there is none."""
    shown = data(outputs, "check-right")
    assert set(shown) == {"text/html", "text/plain"}
    assert '<span class="grader-passed">✓ <span class="grader-name" dir="ltr">scale</span></span>' in shown["text/html"]
    assert "✓ scale" in shown["text/plain"] and "\x1b" not in shown["text/plain"]


def test_points_are_a_number(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """What nbgrader reads as the points of a cell."""
    assert [data(outputs, f"points-{name}") for name in ("right", "wrong")] == [{"text/plain": "3.0"}, {"text/plain": "0.0"}]


def test_cell_that_was_run_last_is_checked(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """The mistake of the newer definition is named, with both arrays."""
    html = data(outputs, "check-wrong")["text/html"]
    assert "Is it a sum or a product?" in html
    assert "y: should be" in html and "<mark>" in html


def test_student_text_is_escaped(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """What the code printed, or a name that is none, is text."""
    assert "&lt;b&gt;bold&lt;/b&gt;" in data(outputs, "check-wrong")["text/html"]
    assert "&lt;i&gt;scael&lt;/i&gt;" in data(outputs, "typo")["text/html"]


def test_text_where_there_is_no_html(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """`print` of a check is the report of the terminal."""
    assert "→ Is it a sum or a product?" in data(outputs, "text")["text/plain"]


def test_language_of_the_notebook(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """After `%grader_language es`, the check speaks Spanish."""
    assert "debería ser" in data(outputs, "check-spanish")["text/html"]


def test_course_that_is_none(outputs: dict[str, list[nbformat.NotebookNode]]) -> None:
    """A wrong folder is told in one line, without a traceback."""
    assert "is not a course" in data(outputs, "course")["text/plain"] or "no es un curso" in data(outputs, "course")["text/plain"]
