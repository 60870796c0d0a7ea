"""The fast way writes what `nbgrader autograde` with our preprocessors writes, for every student of the class."""

import pytest
from both_ways import BothWays, cells, comments, entry, outputs, rows, scores
from odd_notebooks import ODD, sample

pytestmark = pytest.mark.slow

NOT_READ = {"elena", "odd-a-list", "odd-empty", "odd-future-version", "odd-text"}
NO_NOTEBOOK = {"hiroshi", "odd-no-notebook", "odd-other-notebook"}  # by its name, by which nbgrader looks for it
PARTLY = {"bruno", "hiroshi"}  # a part of the points of an exercise, as much as the rubric says
CLASS = {path.stem for path in (sample().HERE / "students").glob("*.txt")} | set(ODD)
POINTS = {
    "ana": 10,
    "camila": 10,
    "diego": 0,
    "fatima": 0,
    "gonzalo": 4,
    "ines": 10,
    "kofi": 10,
    "odd-deleted": 7,
    "odd-other-notebook": 0,
    "odd-no-cells": 0,
}


@pytest.mark.parametrize("student", sorted(CLASS - NO_NOTEBOOK))
def test_same_grades_comments_and_penalty(both: BothWays, student: str) -> None:
    """Grades, comments, the time of the submission and the late penalty are the same in both gradebooks."""
    assert entry(both.fast, student) == entry(both.slow, student)


@pytest.mark.parametrize("student", sorted(CLASS - NO_NOTEBOOK - NOT_READ - {"odd-format-3"}))  # nbformat draws ids for its cells
def test_same_autograded_notebook(both: BothWays, student: str) -> None:
    """What formgrader and feedback are made of is the same, byte for byte."""
    fast, slow = (room / "autograded" / student / "conv" / "conv.ipynb" for room in (both.fast, both.slow))
    assert fast.read_bytes() == slow.read_bytes()


def test_same_files_beside_the_notebook(both: BothWays) -> None:
    """The instructor's files and the student's stand beside the autograded notebook in both ways."""

    def files(room_name: str) -> list[str]:
        folder = getattr(both, room_name) / "autograded" / "ana" / "conv"
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))

    assert files("fast") == files("slow")


@pytest.mark.parametrize("student", sorted(CLASS - NOT_READ - PARTLY - {"odd-no-notebook"}))
def test_points(both: BothWays, student: str) -> None:
    """Whatever was done to the cells around them, answers earn what they are worth."""
    assert both.points(student) == POINTS.get(student, 10)


@pytest.mark.parametrize("student", sorted(NOT_READ))
def test_unreadable_notebook_gets_no_points_and_is_reported(both: BothWays, student: str) -> None:
    """A notebook that cannot be read is said, with the reason, and no zero is written for it."""
    assert both.points(student) is None
    assert f"{student}, conv: entered in the gradebook without a new grade: conv.ipynb is" in both.fast_log


def test_student_without_notebook_is_no_entry(both: BothWays) -> None:
    """A folder without a notebook and without the module is passed by, as nbgrader does."""
    assert both.students(both.fast) == CLASS - {"odd-no-notebook"}
    assert both.students(both.slow) == CLASS - NO_NOTEBOOK | {"odd-other-notebook"}


def test_one_bad_notebook_does_not_end_the_run(both: BothWays) -> None:
    """With our preprocessors, `nbgrader autograde` reports what it cannot read and goes on with the others."""
    failed = {
        line.split("'")[3] for line in both.slow_log.splitlines() if "ERROR] There was an error processing assignment '" in line
    }
    assert failed == NOT_READ | {"odd-other-notebook"}


def test_no_kernel_starts(both: BothWays) -> None:
    """A kernel would have made its profile in IPYTHONDIR."""
    assert not (both.folder / "ipython").exists()


def test_forged_points_earn_nothing(both: BothWays) -> None:
    """The text and the points of an autograder test are the instructor's again, whatever the student wrote into it."""
    cell = cells(both.slow, "diego")["conv2d_valid-points"]
    assert (cell["metadata"]["nbgrader"]["points"], scores(both.slow, "diego")["conv2d_valid-points"]) == (2.0, 0.0)
    assert 'grader.check("conv2d_valid").points' in "".join(cell["source"])


@pytest.mark.parametrize(("student", "exercise"), [("bruno", "conv2d_valid"), ("hiroshi", "conv2d")])
def test_partial_credit(both: BothWays, student: str, exercise: str) -> None:
    """What holds of a wrong answer earns its part."""
    assert 0 < (scores(both.fast, student)[f"{exercise}-points"] or 0) < 2


def test_nobody_pays_twice(both: BothWays) -> None:
    """An answer that is right on top of a mistake recognised in another answer has its points."""
    assert scores(both.fast, "bruno")["conv2d-points"] == 2


def test_hint_is_a_comment_on_the_answer(both: BothWays) -> None:
    """A recognised mistake's hint is shown under the answer."""
    assert "→ Compare with the statement" in (comments(both.slow, "bruno")["conv2d_valid"] or "")


def test_full_marks_have_no_comment(both: BothWays) -> None:
    """Where nothing is missing, nothing is said but by nbgrader, of an optional exercise that was left out."""
    said = comments(both.slow, "ana")
    assert {name: text for name, text in said.items() if text} == {"fast_conv_forward": "No response."}


def test_untouched_answer_keeps_nbgraders_comment(both: BothWays) -> None:
    """An unchanged answer gets "No response.", as in nbgrader."""
    assert set(comments(both.slow, "fatima").values()) == {"No response."}


def test_report_stands_under_the_points(both: BothWays) -> None:
    """The autograded cell shows every check, and the points last."""
    shown = outputs(cells(both.slow, "bruno")["conv2d_valid-points"])
    assert "✗ README, “One image, one kernel”" in shown and shown.endswith(str(scores(both.slow, "bruno")["conv2d_valid-points"]))


def test_stderr_is_no_failure(both: BothWays) -> None:
    """Warnings and prints to stderr cost nothing, and no output of an autograded cell is on stderr."""
    shown = cells(both.slow, "odd-stderr")["conv2d-points"]["outputs"]
    assert [output.get("name") for output in shown] == ["stdout", None]


@pytest.mark.parametrize("text", ["`%matplotlib inline`", "`!pip install torch`", "`files = !ls`", "`%%timeit`"])
def test_what_only_jupyter_runs_is_reported(both: BothWays, text: str) -> None:
    """Magics and shell commands are said where they stand."""
    shown = [outputs(cell) for cell in cells(both.slow, "ines").values() if cell["cell_type"] == "code"]
    told = [*shown, *(comment or "" for comment in comments(both.slow, "ines").values())]
    assert any(text in text_shown for text_shown in told)


def test_magic_in_an_answer_is_reported_in_its_comment(both: BothWays) -> None:
    """What was not run of an answer is said in the comment on it, with the cell and the line."""
    assert "line 1: `%%time` works in Jupyter only" in " ".join((comments(both.slow, "ines")["conv2d_valid"] or "").split())


def test_deleted_points_cell_is_put_back(both: BothWays) -> None:
    """A deleted autograder test is shown again behind its answer, with the points of the answer."""
    names = list(cells(both.slow, "odd-deleted"))
    assert names[names.index("conv2d") + 1] == "conv2d-points"


def test_comment_is_no_markup(both: BothWays) -> None:
    """What a student wrote into a message is a block of code in the Markdown of a comment."""
    lines = (comments(both.slow, "gonzalo")["conv_forward"] or "").splitlines()
    assert any("<b>" in line for line in lines) and all(line.startswith("    ") for line in lines)


def test_late_penalty_is_the_plugins(both: BothWays) -> None:
    """The plugin that nbgrader_config.py names decides: here, late submissions earn nothing."""
    penalties = dict(rows(both.fast, "select s.student_id, n.late_submission_penalty from submitted_notebook n "
                                     "join submitted_assignment s on s.id = n.assignment_id"))  # fmt: skip
    assert {student for student, penalty in penalties.items() if penalty} == {"gonzalo"} and penalties["gonzalo"] == 4


def test_module_is_shown_in_a_notebook(both: BothWays) -> None:
    """Who hands in conv.py has an autograded notebook too, with the file in a cell of its own."""
    found = cells(both.fast, "hiroshi")
    assert "def conv2d" in "".join(found["handed-in"]["source"]) and "padding" in outputs(found["conv2d-points"])


def test_autograded_notebooks_are_valid(both: BothWays) -> None:
    """nbformat finds nothing wrong with what the fast way wrote."""
    import nbformat

    paths = sorted((both.fast / "autograded").glob("*/conv/conv.ipynb"))
    assert paths
    for path in paths:
        nbformat.validate(nbformat.reads(path.read_text(), as_version=4))


def test_huge_outputs_are_dropped(both: BothWays) -> None:
    """50 MB of outputs are neither graded nor kept."""
    assert (both.fast / "autograded" / "odd-huge" / "conv" / "conv.ipynb").stat().st_size < 100_000
