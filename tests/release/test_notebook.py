"""One topic as a notebook: taking a solution apart, and what stands in the cells."""

from pathlib import Path

import pytest

from grader.course.parts import take_apart
from grader.course.stub import cut_stub
from grader.errors import RubricError
from grader.integrations.nbgrader.release_notebook import cell_id, readable, topic_notebook, with_own_cells
from grader.submissions.notebook.ipynb import Cell
from grader.submissions.notebook.source import is_ours

PATH = Path("solutions/work.py")
HOLE = "    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"
SOLUTION = f'''"""What to do."""

import numpy as np

RATE = 0.5


# Doubles.
@staticmethod
def f(x):
    """Doubles x."""
{HOLE}

def given(x):
    """Stands there already."""
    return f(x)


class Net:
    """A network."""

    def forward(self):
        """Forward."""
        # BEGIN SOLUTION
        return 1
        # END SOLUTION
    # the end


LAST = 2
'''


def notebook(solution: str = SOLUTION, statement: str = "# Work\n", **points: float):
    """The notebook of a solution."""
    return topic_notebook(solution, PATH, statement, points, "en")


def test_given_is_everything_but_the_functions_to_write() -> None:
    """Imports, constants and given functions are given; the module's docstring is not needed."""
    assert take_apart(SOLUTION, PATH).scaffold == (
        'import numpy as np\n\nRATE = 0.5\n\n\ndef given(x):\n    """Stands there already."""\n    return f(x)\n\n\nLAST = 2'
    )


def test_functions_come_with_what_belongs_to_them() -> None:
    """A function has the comment and the decorators above it, a class its methods and the comment that ends it."""
    f, net = take_apart(SOLUTION, PATH).functions
    assert (f.name, net.name) == ("f", "Net")
    assert f.source.startswith("# Doubles.\n@staticmethod\ndef f(x):") and f.source.endswith("# END SOLUTION")
    assert net.source.endswith("    # the end")


def test_every_line_is_in_one_place() -> None:
    """Nothing of a solution is lost or doubled, but for its docstring and blank lines."""
    parts = take_apart(SOLUTION, PATH)
    lines = sorted(
        line for part in (parts.scaffold, *(part.source for part in parts.functions)) for line in part.split("\n") if line
    )
    assert lines == sorted(line for line in SOLUTION.split("\n")[1:] if line)


def test_cells_by_name() -> None:
    """A function that is not an exercise has no points; ids are the names."""
    found = notebook(f=2.0)
    assert [cell.id for cell in found.cells] == [
        "statement",
        "setup",
        "self-check",
        "f",
        "f-check",
        "f-points",
        "Net",
        "Net-check",
    ]
    assert [cell.metadata.nbgrader.get("points") for cell in found.cells if cell.metadata.nbgrader.grade] == [2.0]


def test_ids_derive_from_names_alone() -> None:
    """Whatever changes in the text, the ids are the same."""
    other = notebook(SOLUTION.replace("Doubles", "Triples").replace("RATE = 0.5", ""), "# Another\n\nstatement", f=9.0, Net=1.0)
    assert {cell.id for cell in notebook(f=2.0, Net=1.0).cells} == {cell.id for cell in other.cells}


def test_statement_says_what_the_file_is_here() -> None:
    """Below the title, a note says that the cells are what the statement calls a file."""
    source = notebook(statement="# Work\n\nFill in `work.py`.").cells[0].source
    assert source.startswith(
        "# Work\n\n> In this notebook, write into the cells below. Where this page says `work.py`, it means them."
    )
    assert source.endswith("Fill in `work.py`.")


def test_exercise_without_a_hole() -> None:
    """An exercise whose function has no hole is the rubric's mistake."""
    with pytest.raises(RubricError, match=r"BEGIN SOLUTION` in a function of this name"):
        notebook(given=1.0)


def test_two_cells_of_one_name() -> None:
    """A function that is called as one of our cells would take its id."""
    with pytest.raises(RubricError, match="'setup'"):
        notebook(SOLUTION.replace("def f(", "def setup("), setup=1.0)


def test_statement_that_needs_a_function_too_early() -> None:
    """What is given stands before the functions, so it cannot call one when it runs."""
    with pytest.raises(RubricError, match=r"line 34 needs f when it runs, but comes before it in the notebook"):
        take_apart(SOLUTION + "TWO = f(1)\n", PATH)


def test_trial_calls_are_left_out() -> None:
    """What runs only as a program stands in no cell, and may need functions that come later."""
    trial = 'if __name__ == "__main__":\n    # Try it.\n    print(f(1))\n'
    assert take_apart(f"{SOLUTION}\n\n{trial}", PATH) == take_apart(SOLUTION, PATH)


def test_stub_comes_apart_like_its_solution() -> None:
    """A course without solutions gives the same: a stub's functions to write are those with a hole."""
    solution, stub = take_apart(SOLUTION, PATH), take_apart(cut_stub(SOLUTION, PATH), PATH)
    assert stub.scaffold == solution.scaffold and [part.name for part in stub.functions] == [
        part.name for part in solution.functions
    ]


def test_syntax_error() -> None:
    """A solution that is not Python is named by its line."""
    with pytest.raises(RubricError, match="line 1"):
        take_apart("def f(:\n", PATH)


def test_solution_cells_become_the_stub() -> None:
    """What nbgrader takes out is what the stub lacks: without the marked lines, both have the same lines."""
    stub = [line for line in cut_stub(SOLUTION, PATH).split("\n")[1:] if line and "NotImplementedError" not in line]
    kept, inside = [], False
    for cell in notebook(f=1.0).cells[1:]:
        if cell.id == "setup" or cell.metadata.nbgrader.solution:
            for line in cell.source.split("\n"):
                inside = "BEGIN SOLUTION" in line or (inside and "END SOLUTION" not in line)
                if line and not inside and "END SOLUTION" not in line:
                    kept.append(line)
    assert sorted(kept) == sorted(stub)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a $x_{i}$ b", "a $x_{i}$ b"),
        ("a $`x_{i}`$ b", "a $x_{i}$ b"),
        ("```math\nx\n```", "$$\nx\n$$"),
        ("<!-- example: a -->\n1\n<!-- end -->\n", "1"),
        ("```text\n1\n```", "```text\n1\n```"),
    ],
    ids=["inline", "github-inline", "github-block", "marks", "code"],
)
def test_readable(text: str, shown: str) -> None:
    """Formulas stand as notebooks know them; the marks of drawn examples are gone."""
    assert readable(text) == shown


@pytest.mark.parametrize(("name", "same"), [("conv2d-points", True), ("x" * 65, False), ("año", False)])
def test_id_of_a_cell(name: str, same: bool) -> None:
    """A name is its id where nbformat takes it, and always the same digest elsewhere."""
    assert (cell_id(name) == name) == same
    assert cell_id(name) == cell_id(name) and len(cell_id(name)) <= 64


def test_own_cells_of_a_removed_function_stay() -> None:
    """Behind a function that is gone, they follow what stood before it."""
    old = notebook(f=1.0, Net=1.0)
    own = old.cells[-1].copy()
    own.id, own.source, own.metadata = "mine", "Mine.", {}
    old.cells.append(own)
    gone = SOLUTION[: SOLUTION.index("class Net")]
    assert [cell.id for cell in with_own_cells(notebook(gone, f=1.0), old, PATH).cells][-2:] == ["f-points", "mine"]


def test_methods_that_are_exercises() -> None:
    """Below the class's cell, each has its check and its points; nbgrader's names have no dots, and the grader knows its own again."""
    cells = topic_notebook(SOLUTION, PATH, "# Work\n", {"Net.forward": 2.0, "Net.other": 1.0}, "en").cells
    names = [cell.metadata.nbgrader.grade_id for cell in cells]
    assert names[-5:] == ["Net", "Net-forward-check", "Net-other-check", "Net-forward-points", "Net-other-points"]
    assert cells[-2].source.endswith('grader.check("Net.forward").points')
    known = [Cell("code", "", {"nbgrader": {"grade_id": name}}) for name in (*names[-4:], "Net", "net-points", "f-check")]
    assert [is_ours(cell, ("Net", "f")) for cell in known] == [True] * 4 + [False, False, True]


def test_a_person_reads_no_part_of_a_cell() -> None:
    """A method alone cannot be graded by hand in nbgrader."""
    with pytest.raises(RubricError, match=r"Net\.forward.*nbgrader knows no part"):
        topic_notebook(SOLUTION, PATH, "# Work\n", {}, "en", {"Net.forward": 1.0})
