"""The real course as students get it, made once; and a small course that is released by the real nbgrader, to be changed."""

from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from classroom import copy_course, grader, once
from releasing import SECRET, STATEMENT, copied, gradebook, nbgrader, write
from toys import ROOT

from grader.course.folder import read_course
from grader.release.public import Files, public_files


@pytest.fixture(scope="session")
def instructors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real course, with a secret."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("assignments", "solutions", "reference"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "course.secret").write_text(f"{SECRET}\n")
    return folder


@pytest.fixture(scope="session")
def students(instructors: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Files]:
    """What students get of one topic, made once for all test processes."""
    course = read_course(instructors)

    @cache
    def files(topic: str) -> Files:
        def make(folder: Path) -> None:
            write(public_files(course, [course.assignment(topic)]), folder / "files")

        made = once(tmp_path_factory, f"students-{topic}", make) / "files"
        return {PurePosixPath(path.relative_to(made).as_posix()): path.read_bytes() for path in made.rglob("*") if path.is_file()}

    return files


@pytest.fixture(scope="session")
def _released_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("released")
    course = copy_course(folder / "course", SECRET)
    (course / "assignments" / "vectors" / "README.md").write_text(STATEMENT)
    done = grader("release", "vectors", "--nbgrader", folder / "nbgrader", "--course", course, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def released(_released_once: Path, tmp_path: Path) -> Path:
    """A folder with a `course`, and `nbgrader`, into which `vectors` has been released; the test may change both."""
    return copied(_released_once, tmp_path / "released")


@pytest.fixture(scope="session")
def _graded_by_nbgrader_once(_released_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = copied(_released_once, tmp_path_factory.mktemp("graded") / "all")
    notebook = nbformat.read(folder / "nbgrader/release/vectors/vectors.ipynb", 4)
    solved = nbformat.read(folder / "nbgrader/source/vectors/vectors.ipynb", 4)
    for cell, right in zip(notebook.cells, solved.cells, strict=True):
        if cell.id == "scale":
            cell.source = right.source
    place = folder / "nbgrader/submitted/ana/vectors/vectors.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(notebook, place)
    done = nbgrader(folder / "nbgrader", "autograde", "vectors", "--create")
    assert done.returncode == 0, done.stderr
    with gradebook(folder) as opened:
        grade = opened.find_grade("running_total-points", "vectors", "vectors", "ana")
        grade.manual_score, grade.extra_credit = 0.75, 0.5
        opened.find_comment("running_total", "vectors", "vectors", "ana").manual_comment = "Nearly."
        opened.db.commit()
    return folder


@pytest.fixture
def graded_by_nbgrader(_graded_by_nbgrader_once: Path, tmp_path: Path) -> Path:
    """The same with a submission of ana that nbgrader has graded: `scale` is right; `running_total` was graded by a person."""
    return copied(_graded_by_nbgrader_once, tmp_path / "all")
