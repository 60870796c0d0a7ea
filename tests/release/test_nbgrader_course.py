"""`grader release --nbgrader`, with the real nbgrader: what is released, and what becomes of grades when it is released again."""

import sqlite3
from pathlib import Path
from typing import Any

import nbformat
import pytest
from alembic.script import ScriptDirectory
from classroom import edit
from nbgrader.dbutil import ALEMBIC_DIR
from releasing import SECRET, gradebook, nbgrader
from traitlets.config import PyFileConfigLoader

from grader.cli import release
from grader.course.folder import read_course
from grader.errors import RubricError, UsageError
from grader.integrations.nbgrader.release import release_topics
from grader.text.language import speak

pytestmark = pytest.mark.slow

SOURCE, RELEASE = "nbgrader/source/vectors/vectors.ipynb", "nbgrader/release/vectors/vectors.ipynb"


def again(folder: Path) -> list[str]:
    """Release `vectors` again; returns what is said."""
    course = read_course(folder / "course")
    return list(release_topics(course, [course.assignment("vectors")], folder / "nbgrader"))


def configuration(folder: Path) -> Any:
    """nbgrader's configuration as traitlets reads it."""
    return PyFileConfigLoader("nbgrader_config.py", path=str(folder / "nbgrader")).load_config()


def everything(folder: Path) -> dict[str, bytes]:
    """All files of nbgrader's course but its database."""
    root = folder / "nbgrader"
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix != ".db"}


def scores(folder: Path) -> dict[str, tuple[float | None, float | None, float | None]]:
    """Automatic, manual and extra points of ana's cells."""
    with gradebook(folder) as opened:
        (submission,) = opened.find_assignment("vectors").submissions
        return {
            grade.name: (grade.auto_score, grade.manual_score, grade.extra_credit) for grade in submission.notebooks[0].grades
        }


# --- a first release -----------------------------------------------------------------------------------------------------------------


def test_release_is_ready(released: Path) -> None:
    """nbgrader's own release has the notebook without solutions, and beside it what `grader.check` needs."""
    names = {name.removeprefix("release/vectors/") for name in everything(released) if name.startswith("release/")}
    assert names == {
        "vectors.ipynb",
        "assignments/course.toml",
        *(f"assignments/vectors/{name}" for name in ("README.md", "checks.py", "examples.toml", "known.msgpack", "vectors.py")),
    }
    for text in ("return x * factor", "np.cumsum(x)", SECRET):
        assert [name for name, content in everything(released).items() if "release/" in name and text.encode() in content] == []


def test_cells_of_the_release(released: Path) -> None:
    """The cells and their kinds, by ids that derive from names."""
    cells = nbformat.read(released / RELEASE, 4).cells
    kinds = {cell.id: tuple(cell.metadata.nbgrader[key] for key in ("grade", "solution", "locked")) for cell in cells}
    given, answer, points = (False, False, True), (False, True, False), (True, False, True)
    assert kinds == {
        "statement": given,
        "setup": given,
        "self-check": given,
        "scale": answer,
        "scale-check": given,
        "scale-points": points,
        "running_total": answer,
        "running_total-check": given,
        "running_total-points": points,
    }
    assert [cell.metadata.nbgrader.grade_id for cell in cells] == list(kinds)


def test_release_does_not_validate_and_the_solution_does(released: Path) -> None:
    """As `nbgrader validate` defines it: what students get fails, the source passes."""
    students = nbgrader(released / "nbgrader", "validate", "release/vectors/vectors.ipynb")
    solution = nbgrader(released / "nbgrader", "validate", "source/vectors/vectors.ipynb")
    assert "VALIDATION FAILED ON 2 CELL(S)" in students.stdout, students.stderr
    assert "Success! Your notebook passes all the tests." in solution.stdout, solution.stderr


def test_folder_in_no_folder(released: Path) -> None:
    """nbgrader's folder is made where it is not there, but not the one that it would be in: that is a slip of the pen."""
    course = read_course(released / "course")
    with pytest.raises(UsageError, match=r"no/such is not a folder.*mkdir -p"):
        list(release_topics(course, course.assignments[:1], released / "no" / "such"))


def test_language_of_the_release(released: Path) -> None:
    """A release in Spanish has a statement and a self-check in Spanish, and grades in Spanish."""
    speak("es")
    try:
        again(released)
    finally:
        speak("en")
    assert "En este notebook" in (released / RELEASE).read_text()
    assert "%grader_language es" in (released / RELEASE).read_text()
    assert configuration(released).GraderPreprocessor.language == "es"


def test_gradebook_has_the_schema_of_nbgrader(released: Path) -> None:
    """A new gradebook says of its schema what nbgrader's own migrations say."""
    with sqlite3.connect(released / "nbgrader/gradebook.db") as opened:
        ((version,),) = opened.execute("select version_num from alembic_version").fetchall()
    assert version == ScriptDirectory(ALEMBIC_DIR).get_current_head()


def test_due_date_of_the_assignment(released: Path) -> None:
    """nbgrader knows when it is due, in UTC."""
    edit(released / "course/assignments/course.toml", 'title = "Vectors"', 'title = "Vectors"\ndue = 2027-04-02T23:59:00-03:00')
    again(released)
    with gradebook(released) as opened:
        assert str(opened.find_assignment("vectors").duedate) == "2027-04-03 02:59:00"


# --- releasing again -----------------------------------------------------------------------------------------------------------------


def test_again_without_a_change(released: Path) -> None:
    """Nothing changes, to the byte."""
    before = everything(released)
    said = again(released)
    assert everything(released) == before
    assert any("vectors.ipynb is up to date" in line for line in said)


def test_grades_survive_a_change(graded_by_nbgrader: Path) -> None:
    """With another statement, another docstring and other points, automatic and manual points, extra credit and comments stay."""
    before = scores(graded_by_nbgrader)
    assert before == {"scale-points": (3.0, None, None), "running_total-points": (0.0, 0.75, 0.5)}
    course = graded_by_nbgrader / "course"
    edit(course / "assignments/vectors/README.md", "a picture", "another picture")
    edit(course / "solutions/vectors.py", "A vector times a number.", "A number times a vector.")
    edit(course / "assignments/vectors/checks.py", "points=2", "points=4")
    again(graded_by_nbgrader)
    assert "another picture" in (graded_by_nbgrader / RELEASE).read_text()
    assert scores(graded_by_nbgrader) == before
    with gradebook(graded_by_nbgrader) as opened:
        assert opened.find_comment("running_total", "vectors", "vectors", "ana").manual_comment == "Nearly."
        assert opened.find_assignment("vectors").max_score == 7


def test_nbgrader_grades_on_after_a_change(graded_by_nbgrader: Path) -> None:
    """After a change, nbgrader autograde takes the submission again, and the manual points are still there."""
    edit(graded_by_nbgrader / "course/assignments/vectors/checks.py", "points=3", "points=6")
    again(graded_by_nbgrader)
    done = nbgrader(graded_by_nbgrader / "nbgrader", "autograde", "vectors", "--force")
    assert done.returncode == 0, done.stderr
    assert scores(graded_by_nbgrader) == {"scale-points": (6.0, None, None), "running_total-points": (0.0, 0.75, 0.5)}


def test_new_exercise_after_submissions(graded_by_nbgrader: Path) -> None:
    """An exercise that comes later is entered for those who handed in already, ungraded; their other grades stay."""
    course = graded_by_nbgrader / "course"
    for folder in ("solutions", "reference"):
        with (course / folder / "vectors.py").open("a") as file:
            hole = (
                "    # BEGIN SOLUTION\n    return x / 2\n    # END SOLUTION\n" if folder == "solutions" else "    return x / 2\n"
            )
            file.write(f'\n\ndef half(x):\n    """Half of a vector."""\n{hole}')
    with (course / "assignments/vectors/checks.py").open("a") as file:
        file.write('\n\n@exercise(points=1)\ndef half():\n    """Half of it."""\n')
        file.write('    yield agrees("random vectors", cases=lonely_vectors, n=2)\n')
    release.command(["vectors"], course=course)
    before = scores(graded_by_nbgrader)
    said = again(graded_by_nbgrader)
    assert "vectors: new in the gradebook, ungraded so far: half-points" in said
    assert scores(graded_by_nbgrader) == {**before, "half-points": (None, None, None)}


def test_exercise_with_grades_cannot_go(graded_by_nbgrader: Path) -> None:
    """Taking an exercise out that was graded is refused, and nothing is changed but the configuration's own block."""
    course = graded_by_nbgrader / "course"
    rubric = course / "assignments/vectors/checks.py"
    text = rubric.read_text()
    rubric.write_text(text[: text.index("@exercise(points=2")])
    examples = course / "assignments/vectors/examples.toml"
    examples.write_text(examples.read_text().partition("[sums]")[0])
    before = everything(graded_by_nbgrader), scores(graded_by_nbgrader)
    with pytest.raises(UsageError, match=r"1 submission with the cell 'running_total-points', which the topic no longer has"):
        again(graded_by_nbgrader)
    assert (everything(graded_by_nbgrader), scores(graded_by_nbgrader)) == before


# --- what the instructor wrote -------------------------------------------------------------------------------------------------------


def test_own_cells_stay_where_they_are(released: Path) -> None:
    """A cell that the instructor put behind another stays behind it, in the source and in the release."""
    notebook = nbformat.read(released / SOURCE, 4)
    place = next(place for place, cell in enumerate(notebook.cells) if cell.id == "scale-points")
    notebook.cells.insert(place + 1, nbformat.v4.new_markdown_cell("Now to sums.", id="mine"))
    nbformat.write(notebook, released / SOURCE)
    edit(released / "course/assignments/vectors/README.md", "a picture", "another picture")
    again(released)
    ids = [cell.id for cell in nbformat.read(released / RELEASE, 4).cells]
    assert ids[ids.index("scale-points") + 1] == "mine"


def test_cell_changed_by_hand_is_not_lost(released: Path) -> None:
    """A change in a cell that was written here is refused by its name, and the notebook is as it was."""
    edit(released / SOURCE, "A vector times a number.", "A vector times a scalar.")
    before = everything(released)
    with pytest.raises(RubricError, match=r"the cell 'scale' was changed by hand"):
        again(released)
    assert everything(released) == before


def test_configuration_is_merged(released: Path) -> None:
    """What the instructor wrote stays, to the byte; nbgrader reads it and ours."""
    config = released / "nbgrader/nbgrader_config.py"
    config.write_text("c = get_config()\nc.CourseDirectory.course_id = 'dl-2027'  # mine\n")
    again(released)
    assert config.read_text().startswith("c = get_config()\nc.CourseDirectory.course_id = 'dl-2027'  # mine\n")
    read = configuration(released)
    assert read.CourseDirectory.course_id == "dl-2027"
    assert read.GraderPreprocessor.course == str(released / "course")


# --- bad input -----------------------------------------------------------------------------------------------------------------------


def test_source_that_is_no_notebook(released: Path) -> None:
    """A damaged notebook is named and left alone."""
    (released / SOURCE).write_text("{")
    with pytest.raises(UsageError, match=r"vectors\.ipynb cannot be read as a notebook"):
        again(released)
    assert (released / SOURCE).read_text() == "{"


def test_configuration_that_nbgrader_cannot_read(released: Path) -> None:
    """An error in the instructor's own lines is told as nbgrader finds it, and nothing is written."""
    config = released / "nbgrader/nbgrader_config.py"
    config.write_text("import no_such_module\n")
    with pytest.raises(UsageError, match=r"nbgrader_config\.py cannot be read by nbgrader \(.*no_such_module"):
        again(released)
    assert config.read_text() == "import no_such_module\n"


def test_locked_gradebook(released: Path) -> None:
    """A gradebook that another program is writing to is said to be so."""
    with sqlite3.connect(released / "nbgrader/gradebook.db", isolation_level=None) as other:
        other.execute("begin exclusive")
        with pytest.raises(UsageError, match=r"gradebook .* cannot be used \(.*locked\): another program is writing to it"):
            again(released)
        other.execute("rollback")


def test_gradebook_of_an_older_nbgrader(released: Path) -> None:
    """An older schema is named with the command that upgrades it."""
    with sqlite3.connect(released / "nbgrader/gradebook.db") as opened:
        opened.execute("alter table assignment rename column course_id to course")
    with pytest.raises(UsageError, match=r"an older nbgrader made it.*nbgrader db upgrade"):
        again(released)


def test_topic_without_a_statement(released: Path) -> None:
    """The missing file is named."""
    (released / "course/assignments/vectors/README.md").unlink()
    with pytest.raises(RubricError, match=r"README\.md.*there is no statement"):
        again(released)
