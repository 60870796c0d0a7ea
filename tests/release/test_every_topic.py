"""All topics of the course, as notebooks and as students get them. What must not be given away is looked for here anew."""

import ast
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import msgspec
import nbformat
import pytest
from nbconvert.filters import markdown2html
from releasing import SECRET, source_notebook, write
from toys import ROOT

from grader.course.folder import read_course
from grader.engine import Engine
from grader.integrations.jupyter.check import check_cells
from grader.integrations.jupyter.history import Ran
from grader.release.public import Files

pytestmark = pytest.mark.slow

COURSE = read_course(ROOT)
TOPICS = [assignment.name for assignment in COURSE.assignments]
FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
Students = Callable[[str], Files]


@pytest.fixture(scope="module", params=TOPICS)
def topic(request: pytest.FixtureRequest) -> str:
    """Every topic; the tests of one follow each other, so that what students get of it is made once."""
    return str(request.param)


def secrets_of(topic: str) -> set[str]:
    """The lines of code of a solution and its references that are long enough to tell, but for those that students can read."""
    assignment = COURSE.assignment(topic)
    shown = " ".join(path.read_text() for path in (assignment.stub, assignment.rubric, *assignment.folder.glob("*.md")))
    found = set()
    for path in (assignment.solution, assignment.reference):
        text = path.read_text()
        lines = text.split("\n")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.For | ast.If):
                found.add(lines[node.lineno - 1].strip())
    return {line for line in found if len(line) >= 30 and line not in shown}


def test_nothing_secret_is_in_a_file_of_students(students: Students, topic: str) -> None:
    """No file that students get holds a line of the solution or the reference, or the course's secret."""
    secrets = {SECRET, *secrets_of(topic)}
    assert len(secrets) > 10
    assert [(path, line) for path, content in students(topic).items() for line in secrets if line.encode() in content] == []


def test_nothing_secret_is_in_a_notebook_outside_of_its_solution_cells(topic: str) -> None:
    """The source notebook has the solution between nbgrader's marks, which take it out, and nowhere else: no text, no metadata."""
    notebook = source_notebook(COURSE.assignment(topic))
    for cell in notebook.cells:
        cell.source = re.sub(r"# BEGIN SOLUTION\n.*?# END SOLUTION", "", cell.source, flags=re.DOTALL)
    text = msgspec.json.decode(nbformat.writes(notebook).encode())
    strings = "\n".join(map(str, _strings(text)))
    assert [line for line in secrets_of(topic) if line in strings] == []


def _strings(value: object) -> list[object]:
    match value:
        case dict():
            return [item for pair in value.items() for part in pair for item in _strings(part)]
        case list():
            return ["".join(map(str, value)), *(item for part in value for item in _strings(part))]
    return [value]


def test_solution_passes_the_self_check_of_its_notebook(students: Students, topic: str, tmp_path: Path) -> None:
    """What stands in the source notebook's cells earns all that can be told without the reference."""
    notebook = source_notebook(COURSE.assignment(topic))
    cells = [Ran(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code" and cell.id != "self-check"]
    course = read_course(write(students(topic), tmp_path))
    with Engine(course, self_check=True) as engine:
        found = check_cells(topic, course.assignment(topic), cells, engine)
    assert found.points == 10, repr(found)


def test_notebook_is_valid_and_has_the_points_of_the_rubric(topic: str) -> None:
    """nbformat accepts it, and its cells are worth ten points together."""
    notebook = source_notebook(COURSE.assignment(topic))
    nbformat.validate(notebook)
    assert sum(cell.metadata.nbgrader.get("points", 0) for cell in notebook.cells) == 10


@pytest.mark.parametrize("language", ["en", "es"])
def test_formulas_survive(topic: str, language: str) -> None:
    """Every formula of a statement comes out of the notebook's Markdown as it went in, for MathJax to read."""
    assignment = COURSE.assignment(topic)
    name = "README.md" if language == "en" else f"README.{language}.md"
    (statement, *_) = source_notebook(assignment).cells if language == "en" else [_spanish(assignment.folder / name)]
    formulas = FORMULA.findall(CODE.sub("", statement.source))
    shown = unescape(markdown2html(statement.source))
    assert formulas
    assert [formula for formula in formulas if formula not in shown] == []
    assert "```math" not in statement.source and "$`" not in statement.source


def _spanish(path: Path) -> nbformat.NotebookNode:
    from grader.integrations.nbgrader.release_notebook import readable

    return nbformat.v4.new_markdown_cell(readable(path.read_text(encoding="utf-8")))
