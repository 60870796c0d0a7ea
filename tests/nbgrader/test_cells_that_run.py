"""A notebook's cells run in the real sandbox as in a kernel: in order, in one namespace, and one that fails does not stop the next."""

from collections.abc import Iterator

import numpy as np
import pytest
from msgspec.structs import replace
from toys import exercise_of, one_case, prepared

from grader.checks.agrees import agrees
from grader.course.authoring import policy
from grader.engine.grade_one import grade_one
from grader.engine.prepare import Prepared
from grader.engine.record import Record
from grader.sandbox.backend import Backend, Limits
from grader.sandbox.choose import best_backend
from grader.submissions.notebook import source
from grader.submissions.notebook.ipynb import Cell, Notebook
from grader.submissions.notebook.outcomes import notes_of
from grader.submissions.notebook.scaffold import Scaffold
from grader.submissions.notebook.source import notebook_source
from grader.submissions.submission import Submission

pytestmark = pytest.mark.slow

LIMITS = Limits(budget_seconds=60.0, wall_factor=60.0, wall_floor=60.0)  # a busy machine must not fail them
GIVEN = Scaffold("import numpy as np\n", ("f", "g"))
F, G = "def f(x):\n    return 2 * x", "def g(x):\n    return 3 * x"
FUNCTIONS = {"f": lambda x: 2 * x, "g": lambda x: 3 * x}


def work(forbidden: tuple[str, ...] = ()) -> Prepared:
    """Two exercises of a point each."""
    names = ("f", "g")
    checks = {name: agrees("one", cases=one_case(x=np.arange(3.0))) for name in names}
    ready = prepared(*(exercise_of(name, checks[name]) for name in names), functions=FUNCTIONS)
    if not forbidden:
        return ready
    rubric = replace(ready.plan.rubric, policy=policy(imports=("math",), forbidden=forbidden, instead="by hand"))
    return replace(ready, plan=replace(ready.plan, rubric=rubric))


CLASS = work()


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The best sandbox of this machine."""
    with best_backend(weak=True) as found:
        yield found


def cell(text: str, name: str = "") -> Cell:
    """A cell of code, the answer called `name`."""
    marks = {"grade": False, "solution": True, "locked": False, "grade_id": name, "schema_version": 3}
    return Cell("code", text, {"nbgrader": marks} if name else {})


def graded(backend: Backend, *cells: Cell, ready: Prepared = CLASS, limits: Limits = LIMITS, **beside: str) -> Record:
    """The record of a notebook of these cells."""
    read, notes = notebook_source("work", Notebook(list(cells), 4), GIVEN, beside)
    return grade_one(Submission("ana", "work", read, "", True, notes), ready, backend, limits)


def points(record: Record) -> list[float]:
    """What f and g earned."""
    return [exercise.score for exercise in record.grade.exercises]


def told(record: Record) -> str:
    """What is told of the cells."""
    return "\n".join(map(str, notes_of(record.run.loaded)))


def said(record: Record) -> str:
    """What the checks say."""
    return "\n".join(check.message for exercise in record.grade.exercises for check in exercise.checks)


def test_answers_share_a_namespace(backend: Backend) -> None:
    """An answer may call another one, whatever their order, and what is given is there."""
    record = graded(backend, cell("def f(x):\n    return g(x) - np.asarray(x)", "f"), cell(G, "g"))
    assert points(record) == [1, 1]


def test_helpers_in_other_cells(backend: Backend) -> None:
    """Functions, imports and values of cells in between are there."""
    record = graded(backend, cell("import math\nTWO = math.sqrt(4)"), cell("def f(x):\n    return TWO * x", "f"), cell(G, "g"))
    assert points(record) == [1, 1]


def test_module_that_was_handed_in_with_it(backend: Backend) -> None:
    """A `.py` file beside the notebook can be imported."""
    assert points(graded(backend, cell("from helpers import f"), cell(G, "g"), helpers=F)) == [1, 1]


def test_later_cell_wins(backend: Backend) -> None:
    """A function that is defined twice is what it was last."""
    assert points(graded(backend, cell("def f(x):\n    return x", "f"), cell(F), cell(G, "g"))) == [1, 1]


@pytest.mark.parametrize(
    ("broken", "note"),
    [
        pytest.param("1 / 0", "cell 1, line 1: ZeroDivisionError: division by zero", id="exception"),
        pytest.param("x = (", "cell 1, line 1: SyntaxError: '(' was never closed", id="syntax"),
        pytest.param("from numpy import nowhere", "line 1: ImportError: cannot import name 'nowhere'", id="import"),
        pytest.param("raise SystemExit(1)", "cell 1, line 1: SystemExit: 1", id="exit"),
        pytest.param("\nraise KeyboardInterrupt", "cell 1, line 2: KeyboardInterrupt", id="interrupt"),
        pytest.param("await x", "cell 1, line 1: NameError", id="await"),
    ],
)
def test_cell_that_fails_stops_nothing(backend: Backend, broken: str, note: str) -> None:
    """The other cells run, and it is told where and why."""
    record = graded(backend, cell(broken), cell(F, "f"), cell(G, "g"))
    assert points(record) == [1, 1] and note in told(record)


@pytest.fixture
def a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a cell may compute: a fifth of what students' cells may."""
    monkeypatch.setattr(source, "CELL_SECONDS", 1)


@pytest.mark.usefixtures("a_second")
def test_cell_that_never_ends_is_stopped(backend: Backend) -> None:
    """After its seconds of CPU time; the cells behind it run."""
    record = graded(backend, cell("while True:\n    pass"), cell(F, "f"), cell(G, "g"))
    assert points(record) == [1, 1] and "CellStopped: it was still computing after 1 s" in told(record)


def test_cell_that_sleeps(backend: Backend) -> None:
    """The wall clock wakes a cell that sleeps, its line is told, and the next cells run."""
    hurried = replace(LIMITS, wall_factor=0.05, wall_floor=1.0)
    record = graded(backend, cell("import time\ntime.sleep(600)"), cell(F, "f"), cell(G, "g"), limits=hurried)
    assert points(record) == [1, 1]
    assert "cell 1, line 2: OutOfTimeError: its time was up" in told(record)


def test_rest_of_a_cell_runs(backend: Backend) -> None:
    """A statement that fails takes nothing else away; of what fails in a cell, the first is told."""
    record = graded(backend, cell(f"f(3)\nTWO = two()\n{F}", "f"), cell(G, "g"))
    assert points(record) == [1, 1] and told(record) == "cell 1, line 1: NameError: name 'f' is not defined"


@pytest.mark.usefixtures("a_second")
def test_what_stands_below_an_endless_loop(backend: Backend) -> None:
    """It is defined, and what would be computed is not."""
    endless = "while True:\n    pass\nTWO = 2\nimport math\n"
    record = graded(backend, cell(endless + F, "f"), cell("def g(x):\n    return TWO * x", "g"))
    assert points(record) == [1, 0] and "name 'TWO' is not defined" in said(record)


def test_what_cells_print_is_dropped(backend: Backend) -> None:
    """The student has seen it: what the functions print when they are called is told."""
    record = graded(backend, cell("print('trial')"), cell(F.replace("return", "print('called')\n    return"), "f"), cell(G, "g"))
    assert "called" in record.grade.printed and "trial" not in record.grade.printed


def test_module_that_a_cell_writes(backend: Backend) -> None:
    """`%%writefile` makes a module of the text below it, `-a` adds to it, and nothing is noted."""
    one, two = cell("%%writefile own.py\nTWO = 2"), cell("%%writefile -a ./own.py\n\nTHREE = TWO + 1")
    record = graded(backend, one, two, cell(f"from own import THREE\n{F}", "f"), cell("def g(x):\n    return THREE * x", "g"))
    assert points(record) == [1, 1] and told(record) == ""


def test_line_that_was_added_to_the_setup(backend: Backend) -> None:
    """The course's own setup runs, and who misses what was added reads why."""
    setup = cell("import numpy as np\nimport math", "setup")
    record = graded(backend, setup, cell("def f(x):\n    return math.sqrt(4) * x", "f"), cell(G, "g"))
    assert points(record) == [0, 1] and "`import math` does not count in the setup cell" in said(record)


def test_value_that_a_command_should_give(backend: Backend) -> None:
    """Who misses what a magic would have given reads that it was not run."""
    record = graded(backend, cell("files = !ls"), cell("def f(x):\n    return len(files) * x", "f"), cell(G, "g"))
    assert points(record) == [0, 1] and "`files = !ls` works in Jupyter only" in said(record)


def test_rest_of_a_line_of_imports_runs(backend: Backend) -> None:
    """What is imported behind a module that is not there is imported all the same."""
    record = graded(
        backend, cell("import nowhere_to_be_found\nTWO = 2"), cell("def f(x):\n    return TWO * x", "f"), cell(G, "g")
    )
    assert points(record) == [1, 1]


def test_answer_with_a_syntax_error_says_so(backend: Backend) -> None:
    """Its exercise hears of the error in its cell, and not that the function is not there; the others earn their points."""
    record = graded(backend, cell("def f(x)\n    return 2 * x", "f"), cell(G, "g"))
    assert points(record) == [0, 1] and "SyntaxError" in said(record) and "cell 1, line 1" in said(record)


def test_error_is_told_with_its_cell(backend: Backend) -> None:
    """A fault inside of an answer names the cell and the line."""
    assert "cell 2, line 2" in said(graded(backend, cell("x = 1"), cell("def f(x):\n    return x[99]", "f"), cell(G, "g")))


def test_future_features_last(backend: Backend) -> None:
    """`from __future__` holds for the cells behind it, as in a kernel."""
    record = graded(
        backend, cell("from __future__ import annotations"), cell("def f(x: Nowhere):\n    return 2 * x", "f"), cell(G, "g")
    )
    assert points(record) == [1, 1]


def test_code_for_main_runs(backend: Backend) -> None:
    """In a kernel, `__name__` is `__main__`."""
    record = graded(backend, cell(f"if __name__ == '__main__':\n    TWO = 2\n{F}", "f"), cell(G, "g"))
    assert points(record) == [1, 1]


def test_magic_does_not_run(backend: Backend) -> None:
    """It is a note of the submission, and what follows runs."""
    read, notes = notebook_source("work", Notebook([cell("!touch /tmp/x\n" + F, "f")], 4), GIVEN, {})
    assert [str(note) for note in notes] == ["cell 1, line 1: `!touch /tmp/x` works in Jupyter only and was not run"]
    assert "touch" not in read.modules["cell 1"]


def test_input_transformers_are_not_there(backend: Backend) -> None:
    """Nobody can change how later cells are read: there is no IPython."""
    trick = "get_ipython().input_transformers_post.append(lambda lines: [])"
    record = graded(backend, cell(trick), cell(F, "f"), cell(G, "g"))
    assert points(record) == [1, 1]


def test_what_is_forbidden_is_refused_in_cells(backend: Backend) -> None:
    """A policy holds in a notebook: the exercise that uses what is forbidden earns nothing, the others all."""
    ready = work(("np.convolve",))
    record = graded(backend, cell("def f(x):\n    return np.convolve(x, [2.0])", "f"), cell(G, "g"), ready=ready)
    assert points(record) == [0, 1] and "np.convolve" in said(record)


def test_notes_are_text(backend: Backend) -> None:
    """What the student's process says of cells is shown on one line, without control codes."""
    record = graded(backend, cell("raise ValueError('a\\x1b[31m\\nb')"), cell(F, "f"), cell(G, "g"))
    assert told(record) == "cell 1, line 1: ValueError: a\\x1b[31m b"
