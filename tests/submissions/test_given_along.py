"""What a course gives along is there for every submission, in the course's own version, wherever it is graded."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from given_course import STUB, write_given_course

from grader.course.folder import PUBLIC_SEED, read_course
from grader.course.given import MAX_GIVEN, read_given
from grader.engine import Engine
from grader.engine.prepare import prepare
from grader.errors import RubricError
from grader.judge.verdicts import Grade
from grader.release.public import public_files
from grader.submissions.find_class import read_class
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.read import HERE

WRONG_HELPERS = "def load(name=''):\n    raise ValueError('mine')\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course that gives files along."""
    return write_given_course(tmp_path_factory.mktemp("given") / "course")


@pytest.fixture(scope="module")
def engine(course: Path) -> Iterator[Engine]:
    """Grades in that course."""
    with Engine(read_course(course), weak=True) as engine:
        yield engine


def graded(engine: Engine, folder: Path, **files: str) -> Grade:
    """The grade of one student who handed in these files, `_` in a name standing for the dot."""
    place = folder / "class" / "ana" / "work"
    place.mkdir(parents=True)
    for name, text in files.items():
        (place / name.replace("_", ".")).write_text(text)
    scaffold = {"work": read_scaffold(engine.course.assignment("work"))}
    (submitted,), _notes = read_class(folder / "class", ["work"], scaffold)
    return engine.grade(submitted.read()).grade


def notebook(*cells: str) -> str:
    """A notebook of these cells."""
    made = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": [], "execution_count": None} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_the_file_alone_is_enough(engine: Engine, tmp_path: Path) -> None:
    """Nobody has to hand in what the course gives: it is there."""
    grade = graded(engine, tmp_path, work_py=STUB)
    assert (grade.score, grade.choice) == (2, "")


def test_a_notebook_finds_it_too(engine: Engine, tmp_path: Path) -> None:
    """Cells import the helpers and read the data."""
    assert graded(engine, tmp_path, work_ipynb=notebook(STUB)).score == 2


def test_a_changed_copy_does_not_count(engine: Engine, tmp_path: Path) -> None:
    """The course's own helper is used, and the student is told."""
    grade = graded(engine, tmp_path, work_py=STUB, helpers_py=WRONG_HELPERS)
    assert grade.score == 2
    assert grade.choice == "helpers.py: the course's own version was used; your changes to it do not count"


@pytest.mark.parametrize("reader", ["here", "locked down"])
def test_a_changed_data_file_does_not_count(engine: Engine, course: Path, tmp_path: Path, reader: str) -> None:
    """The course's own data are read, and the student is told; a copy that is the same but for its line ends is not mentioned."""
    for student, points in (("ana", "9,9\n9,9\n"), ("bea", "1,2\r\n3,4\r\n")):
        place = tmp_path / "class" / student / "work"
        place.mkdir(parents=True)
        (place / "work.py").write_text(STUB)
        (place / "points.csv").write_bytes(points.encode())
    scaffold = {"work": read_scaffold(engine.course.assignment("work"))}
    found, _notes = read_class(tmp_path / "class", ["work"], scaffold, engine.reader if reader == "locked down" else HERE)
    ana, bea = (engine.grade(item.read()).grade for item in found)
    assert (ana.score, ana.choice) == (2, "points.csv: the course's own version was used; your changes to it do not count")
    assert (bea.score, bea.choice) == (2, "")


def test_an_unchanged_copy_is_not_mentioned(engine: Engine, course: Path, tmp_path: Path) -> None:
    """Other line ends and spaces at the ends of lines are no changes."""
    same = (course / "assignments" / "work" / "helpers.py").read_text().replace("\n", "  \r\n")
    assert graded(engine, tmp_path, work_py=STUB, helpers_py=same).choice == ""


def test_own_modules_stay(engine: Engine, tmp_path: Path) -> None:
    """Modules of the student's beside the course's can be imported as before."""
    text = STUB.replace("load().sum() * scale", "mine.times(load().sum(), scale)").replace(
        "import load", "import load\nimport mine"
    )
    assert graded(engine, tmp_path, work_py=text, mine_py="def times(a, b):\n    return a * b\n").score == 2


def test_an_error_is_placed_in_the_students_file(engine: Engine, tmp_path: Path) -> None:
    """What a helper raises is told with the student's line that called it."""
    text = STUB.replace("load().sum()", 'load("nowhere.csv").sum()')
    message = graded(engine, tmp_path, work_py=text).exercises[0].checks[0].message
    assert "(work.py, line 9:" in message and "FileNotFoundError" in message
    assert message.endswith("; the files that can be read here: points.csv, data/weights.npz")


def test_students_get_it(course: Path) -> None:
    """The public course holds the files and names them, so that a check at home finds the same."""
    found = read_course(course)
    files = {str(path): content for path, content in public_files(found, found.assignments).items()}
    assert {"assignments/work/helpers.py", "assignments/work/points.csv", "assignments/work/data/weights.npz"} <= set(files)
    assert b'given = ["helpers.py", "points.csv", "data/weights.npz"]' in files["assignments/course.toml"]


def test_a_change_of_a_given_file_is_a_new_plan(course: Path, tmp_path: Path) -> None:
    """Records made with other data are not taken for the same."""
    other = write_given_course(tmp_path / "other")
    (other / "assignments" / "work" / "points.csv").write_text("5,6\n")
    one, two = (prepare(read_course(root).assignment("work"), PUBLIC_SEED).plan for root in (course, other))
    assert one.hash != two.hash


SLIPS = {
    '"helpes.py"': "names 'helpes.py', which is not in assignments/work\n  → Did you mean 'helpers.py'?",
    '"points.csv", "points.csv"': "names 'points.csv' twice",
    '"../course.toml"': "names '../course.toml'\n  → name files below assignments/work",
    '"/etc/passwd"': "names '/etc/passwd'\n  → name files below assignments/work",
    '"work.py"': "names 'work.py'\n  → take it out",
    '"checks.py"': "names 'checks.py'\n  → take it out",
    '"random.py"': "names 'random.py', and random is another module\n  → give it another name",
    '"data/inner.py"': "names 'data/inner.py'\n  → a module lies in the assignment's folder itself",
    '"broken.py"': "broken.py: line 1: invalid syntax",
    '"large.bin"': "are 17 MB together\n  → give at most 16 MB: they go with every submission",
    "1": "write a list of files of its folder",
}


@pytest.mark.parametrize("names", SLIPS)
def test_slips_are_told(tmp_path: Path, names: str) -> None:
    """What cannot be given is refused with the file, the key and what to do."""
    root = write_given_course(tmp_path / "course")
    folder = root / "assignments" / "work"
    for name, data in {
        "random.py": b"",
        "data/inner.py": b"",
        "broken.py": b"1 +* 2",
        "large.bin": bytes(MAX_GIVEN + 1_000_000),
    }.items():
        (folder / name).write_bytes(data)
    settings = root / "assignments" / "course.toml"
    settings.write_text(f"[assignments.work]\ngiven = [{names}]\n")
    with pytest.raises(RubricError) as error:
        read_given(read_course(root).assignment("work"))
    assert SLIPS[names] in str(error.value)
