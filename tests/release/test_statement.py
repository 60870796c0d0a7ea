"""The worked examples in a statement are drawn from `examples.toml`."""

from pathlib import Path

import pytest
from classroom import edit, grader
from toys import CHECKS, ROOT, write_course

from grader.course.folder import read_course
from grader.course.rubric import read_rubric
from grader.errors import RubricError
from grader.release.statement import rendered, statements
from grader.text.language import gettext

EXAMPLES = """
[windowed]
lecture = "L1"
slide = "Doubling"
exercise = "scale"
erratum = "E1"
inputs.x = [[1, 2, 3], [4, -5, 6]]
inputs.factor = 2
expected = [[2, 4, 6], [8, -10, 12]]

[fractions]
lecture = "L0"
slide = "Thirds"
exercise = "scale"
inputs.x = ["1/3", "2/3"]
inputs.factor = "3/1"
expected = [1, 2]

[batch]
lecture = "L1"
slide = "Batches"
exercise = "scale"
inputs.x = [[[[1]], [[2]]]]
inputs.factor = 1
expected = [[[[1]], [[2]]]]
"""


def drawn(course: Path, text: str, examples: str = EXAMPLES) -> str:
    """What becomes of a statement with this text in the small course, with the examples above."""
    topic = read_course(course).assignment("vectors")
    topic.examples.write_text(topic.examples.read_text() + examples)
    path = topic.folder / "README.md"
    path.write_text(text)
    return rendered(path, read_rubric(topic))


def block(head: str) -> str:
    """A marker pair with something old between."""
    return f"Before.\n\n<!-- {head} -->\nold\n<!-- end -->\n\nAfter.\n"


def test_example_side_by_side(own_course: Path) -> None:
    """Inputs and result stand side by side below the numbers, with the slide and its erratum."""
    assert drawn(own_course, block("example: windowed")) == (
        "Before.\n\n<!-- example: windowed -->\n*L1, «Doubling» (E1)*\n\n```text\nfactor = 2\n\n"
        "x =  1  2  3     y =   2   4   6\n"
        "     4 -5  6           8 -10  12\n"
        "```\n<!-- end -->\n\nAfter.\n"
    )


@pytest.mark.parametrize(("said", "head"), [("", ""), ('lecture = "L1"\n', "*L1*\n\n"), ('slide = "S"\n', "*«S»*\n\n")])
def test_example_of_no_lecture(own_course: Path, said: str, head: str) -> None:
    """Of numbers that come from no lecture, or of a slide without a name, no more is said than is known."""
    table = f'\n[plain]\n{said}exercise = "scale"\ninputs.x = [1, 2]\ninputs.factor = 2\nexpected = [2, 4]\n'
    assert f"<!-- example: plain -->\n{head}```text\nfactor = 2" in drawn(own_course, block("example: plain"), table)


def test_fractions_stay_as_they_are_written(own_course: Path) -> None:
    """What is an exact fraction in the file is one in the statement."""
    assert "x = 1/3 2/3     y = 1 2" in drawn(own_course, block("example: fractions"))


def test_batches_are_drawn_matrix_by_matrix(own_course: Path) -> None:
    """An array of four dimensions is as many matrices as it takes."""
    assert "x[0, 0] = 1     x[0, 1] = 2     y[0, 0] = 1     y[0, 1] = 2" in drawn(own_course, block("example: batch"))


def test_window_is_framed(own_course: Path) -> None:
    """The named cells stand in a frame."""
    lines = drawn(own_course, block("window: windowed x[0:2, 1:3] y[1, 0]")).splitlines()
    assert lines[lines.index("```text") + 1 : lines.index("```")] == [
        "x                     y",
        "      ┌─────────┐          2     4     6",
        "    1 │  2    3 │      ┌─────┐",
        "    4 │ -5    6 │      │   8 │ -10    12",
        "      └─────────┘      └─────┘",
    ]


def test_drawing_again_changes_nothing(own_course: Path) -> None:
    """What is drawn is drawn the same from its own result."""
    once = drawn(own_course, block("example: windowed") + block("window: windowed x[0, :]"))
    path = own_course / "assignments" / "vectors" / "README.md"
    path.write_text(once)
    assert rendered(path, read_rubric(read_course(own_course).assignment("vectors"))) == once


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (block("example: nothing"), "no worked example is called 'nothing'"),
        (block("window: windowed z[0, 0]"), "no array is called 'z'"),
        (block("window: windowed x[0, 7]"), r"\[0, 7\] are not cells of a 2 × 3 array"),
        (block("window: windowed x"), "names no cells"),
        ("<!-- example: windowed -->\n", "1 markers, but 0 of them end"),
    ],
)
def test_wrong_marker_is_named(own_course: Path, text: str, problem: str) -> None:
    """A marker that cannot be filled is named with what to do."""
    with pytest.raises(RubricError, match=problem):
        drawn(own_course, text)


def test_language_of_the_file_is_spoken(own_course: Path) -> None:
    """`README.es.md` is drawn in Spanish, and English is spoken again afterwards."""
    topic = read_course(own_course).assignment("vectors")
    for name in ("README.md", "README.es.md"):
        (topic.folder / name).write_text("No markers.\n")
    assert [path.name for path, _ in statements(topic)] == ["README.es.md", "README.md"]
    assert gettext("all right") == "all right"


@pytest.mark.parametrize(
    ("declared", "written", "shown"),
    [
        ("dict[int, str]", '{ 1 = "one", "2" = "2 beers" }', "result = {1: 'one', 2: '2 beers'}"),
        ("set[str]", '["b", "12"]', "result = {'12', 'b'}"),
    ],
)
def test_dicts_and_sets_as_they_are_in_python(tmp_path: Path, declared: str, written: str, shown: str) -> None:
    """A result that is a dict or a set is drawn as Python writes it, with its own keys."""
    table = f'[one]\nlecture = "L1"\nslide = "S"\nexercise = "f"\ninputs.x = 1\nexpected = {written}'
    checks = CHECKS.replace('agrees("random vectors", cases=cases)', 'example("one")')
    topic = write_course(tmp_path, checks, stub=f"def f(x) -> {declared}:\n    raise NotImplementedError\n", examples=table)
    path = topic.folder / "README.md"
    path.write_text(block("example: one"))
    assert shown in rendered(path, read_rubric(topic))


def test_release_writes_statements(own_course: Path) -> None:
    """`grader release` fills the statement, and --check says when it is out of date."""
    topic = read_course(own_course).assignment("vectors")
    topic.examples.write_text(topic.examples.read_text() + EXAMPLES)
    statement = topic.folder / "README.md"
    statement.write_text(block("example: windowed"))
    stale = grader("release", "vectors", "--check", "--course", own_course, cwd=own_course)
    assert (stale.returncode, "README.md is not what the course gives" in stale.stdout) == (1, True)
    assert grader("release", "vectors", "--course", own_course, cwd=own_course).returncode == 0
    assert "factor = 2" in statement.read_text()
    edit(statement, "factor = 2", "factor = 3")
    assert grader("release", "vectors", "--check", "--course", own_course, cwd=own_course).returncode == 1


def test_what_may_be_used(own_course: Path) -> None:
    """What the rubric forbids is stated, with what to write instead."""
    checks = own_course / "assignments" / "vectors" / "checks.py"
    policy = "policy(imports=('math',), forbidden=('np.cross',), instead='write it')"
    declared = f"from grader.course.authoring import policy\n\nrules = {policy}\n"
    checks.write_text(checks.read_text() + declared)
    assert "\nWhat may be imported here: numpy, math. Not to be used here: `np.cross`; write it." in drawn(
        own_course, block("policy: of checks.py")
    )


def test_no_policy(own_course: Path) -> None:
    """A marker for a policy that nobody declared is a mistake of the author's."""
    with pytest.raises(RubricError, match="declares no policy"):
        drawn(own_course, block("policy: of checks.py"))


@pytest.mark.parametrize(
    ("declared", "written", "rows"),
    [
        pytest.param(
            "pd.DataFrame",
            '{ city = ["Oslo", "Lima"], rain = [2.0, 0.5] }',
            ["x = city rain", "Oslo 2", "Lima 0.5"],
            id="table",
        ),
        pytest.param("dict[str, int]", "{ Oslo = 2, Lima = 3 }", ["x = {'Oslo': 2, 'Lima': 3}, result = 1"], id="dict"),
    ],
)
def test_tables_are_drawn_in_rows(tmp_path: Path, declared: str, written: str, rows: list[str]) -> None:
    """A table of columns is drawn as a table, and a dict as Python writes it."""
    table = f'[one]\nexercise = "f"\ninputs.x = {written}\nexpected = 1\n'
    checks = CHECKS.replace('agrees("random vectors", cases=cases)', 'example("one")')
    topic = write_course(tmp_path, checks, stub=f"def f(x: {declared}):\n    raise NotImplementedError\n", examples=table)
    path = topic.folder / "README.md"
    path.write_text(block("example: one"))
    assert set(rows) <= {" ".join(row.split()) for row in rendered(path, read_rubric(topic)).splitlines()}


def test_arguments_of_what_is_called_before(tmp_path: Path) -> None:
    """Of a method, the arguments of its object are drawn by their names, those of a call before with its name."""
    table = '[one]\nexercise = "C.g"\ninputs.new.rate = 2\ninputs.f.x = 3\ninputs.y = 4\nexpected = 9\n'
    checks = CHECKS.replace('agrees("random vectors", cases=cases)', 'example("one")').replace(
        "exercise(points=1)", 'exercise(points=1, name="C.g")'
    )
    stub = "class C:\n    def __init__(self, rate):\n        pass\n    def f(self, x):\n        pass\n    def g(self, y):\n        pass\n"
    topic = write_course(tmp_path, checks, stub=stub, examples=table)
    path = topic.folder / "README.md"
    path.write_text(block("example: one"))
    assert "rate = 2, f.x = 3, y = 4, result = 9" in rendered(path, read_rubric(topic))


def test_exercises_and_what_they_are_worth(tmp_path: Path) -> None:
    """A table of points and titles is drawn from the rubric, and says what does not count or is above the maximum."""
    path = tmp_path / "README.md"
    path.write_text(block("exercises: of checks.py"))
    shown = rendered(path, read_rubric(read_course(ROOT / "tests/courses/parts").assignment("affine"))).splitlines()
    assert [line for line in shown if line.startswith("|")] == [
        "| exercise | points | |",
        "|---|---|---|",
        "| `affine` | 2 | The forward pass of a layer. |",
        "| `why_bias` | 1.5 | Why a layer needs a bias. |",
        "| `leaky` | +1 (bonus) | The leaky relu. |",
        "| `centred` | optional | A vector without its mean. |",
    ]
