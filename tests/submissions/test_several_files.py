"""An assignment of several modules: all of them are cut, read, run and judged, each in its own namespace."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from nets_course import LAYERS, TRAIN, write_nets_course

from grader.course.folder import read_course
from grader.course.several import in_one
from grader.engine import Engine
from grader.errors import RubricError
from grader.judge.verdicts import Grade
from grader.release.public import public_files
from grader.submissions.find_class import read_class
from grader.submissions.notebook.scaffold import read_scaffold
from grader.submissions.own_work import own_file


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy course of two modules."""
    return write_nets_course(tmp_path_factory.mktemp("nets") / "course")


@pytest.fixture(scope="module")
def engine(course: Path) -> Iterator[Engine]:
    """Grades in that course."""
    with Engine(read_course(course), weak=True) as engine:
        yield engine


def graded(engine: Engine, folder: Path, files: dict[str, str]) -> Grade:
    """The grade of one student with these files in their folder."""
    for name, text in files.items():
        place = folder / "class" / "ana" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    (submitted,), _notes = read_class(folder / "class", ["nets"], {"nets": read_scaffold(engine.course.assignment("nets"))})
    return engine.grade(submitted.read()).grade


def points(grade: Grade) -> dict[str, float]:
    """The points of each exercise."""
    return {exercise.name: exercise.score for exercise in grade.exercises}


ALL = {"relu": 1, "step": 1, "both": 1}
PLACES = {
    "the topic's folder": ("nets/layers.py", "nets/train.py"),
    "a folder of their own": ("nets/homework/src/layers.py", "nets/homework/src/train.py"),
    "the student's folder": ("layers.py", "train.py"),
}


@pytest.mark.parametrize("places", PLACES)
def test_both_files_are_graded(engine: Engine, tmp_path: Path, places: str) -> None:
    """Wherever in the submission they lie, the modules are found by their names."""
    layers, train = PLACES[places]
    grade = graded(engine, tmp_path, {layers: LAYERS, train: TRAIN})
    assert (points(grade), grade.file, grade.choice) == (ALL, "layers.py, train.py", "")


def test_each_file_has_its_own_names(engine: Engine, tmp_path: Path) -> None:
    """Helpers of the same name in two files do not disturb each other."""
    layers = LAYERS.replace("np.maximum(x, 0)", "_help(x)") + "\n\ndef _help(x):\n    return np.maximum(x, 0)\n"
    train = TRAIN.replace("w - rate * dw", "_help(w, rate * dw)") + "\n\ndef _help(a, b):\n    return a - b\n"
    assert points(graded(engine, tmp_path, {"nets/layers.py": layers, "nets/train.py": train})) == ALL


def test_the_order_of_imports_does_not_matter(engine: Engine, tmp_path: Path) -> None:
    """The first module may import the second one."""
    layers = "from train import larger as relu\n"
    train = TRAIN.replace("from layers import relu", "relu = None") + "\n\ndef larger(x):\n    return np.maximum(x, 0)\n"
    assert points(graded(engine, tmp_path, {"nets/layers.py": layers, "nets/train.py": train}))["relu"] == 1


def test_a_missing_file_costs_its_own_exercises(engine: Engine, tmp_path: Path) -> None:
    """What is in the other file is graded, and what is missing is said."""
    grade = graded(engine, tmp_path, {"nets/layers.py": LAYERS})
    assert points(grade) == {"relu": 1, "step": 0, "both": 0}
    assert grade.choice == "train.py was not handed in; the exercises in it are missing"
    assert "`step` is not defined in train.py" in grade.exercises[1].checks[0].message


def test_a_file_that_is_no_python(engine: Engine, tmp_path: Path) -> None:
    """Its file and line are told; the other file is graded, and who imports it reads why that fails."""
    grade = graded(engine, tmp_path, {"nets/layers.py": f"{LAYERS}def broken(:\n", "nets/train.py": TRAIN})
    assert points(grade) == {"relu": 0, "step": 1, "both": 0}
    assert "layers.py cannot be run: SyntaxError in line 9" in grade.message
    assert "(train.py, line 3: SyntaxError: invalid syntax)" in grade.exercises[2].checks[0].message


def test_a_statement_that_fails_ends_nothing_else(engine: Engine, tmp_path: Path) -> None:
    """As in a single file, the functions around it are there."""
    grade = graded(engine, tmp_path, {"nets/layers.py": f"print(undefined)\n{LAYERS}", "nets/train.py": TRAIN})
    assert points(grade) == ALL
    assert grade.message.startswith("layers.py, line 1: ")


def test_a_single_file_with_everything(engine: Engine, tmp_path: Path) -> None:
    """Who puts all functions into one file called like the topic is graded all the same."""
    everything = LAYERS + TRAIN.replace("from layers import relu", "")
    assert points(graded(engine, tmp_path, {"nets/nets.py": everything})) == ALL


def test_a_notebook_with_everything(engine: Engine, tmp_path: Path) -> None:
    """A notebook has all of it as cells."""
    texts = [LAYERS, TRAIN.replace("from layers import relu", "")]
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": [], "execution_count": None} for text in texts]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert points(graded(engine, tmp_path, {"nets/nets.ipynb": text})) == ALL


def test_own_file_brings_the_others(engine: Engine, course: Path) -> None:
    """A student who checks one of the files checks the assignment: the others of its folder belong to it."""
    assignment = engine.course.assignment("nets")
    files = own_file(course / "solutions" / "nets" / "train.py", "nets", read_scaffold(assignment))
    assert points(engine.grade(files.read()).grade) == ALL


def test_students_get_each_stub(course: Path) -> None:
    """The public course has both files with their holes, and says that there are two."""
    found = read_course(course)
    files = {str(path): content.decode() for path, content in public_files(found, found.assignments).items() if path.suffix != ".msgpack"}
    assert 'raise NotImplementedError("relu: The larger of x and 0.")' in files["assignments/nets/layers.py"]
    assert "from layers import relu" in files["assignments/nets/train.py"]
    assert 'files = ["layers.py", "train.py"]' in files["assignments/course.toml"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ('["nets.py"]', "files of [assignments.nets] names 'nets.py', and nets is the assignment itself"),
        ('["random.py"]', "names 'random.py', and random is another module\n  → give it another name"),
        ('["layers"]', "names 'layers'\n  → write the names of modules"),
        ('["a/b.py"]', "names 'a/b.py'\n  → write the names of modules"),
        ('["a.py", "a.py"]', "names 'a.py' twice"),
        ('"layers.py"', "files of [assignments.nets] is 'layers.py'\n  → write a list"),
    ],
)
def test_slips_in_the_settings(tmp_path: Path, files: str, said: str) -> None:
    """What cannot be the modules of one submission is refused."""
    root = write_nets_course(tmp_path / "course")
    (root / "assignments" / "course.toml").write_text(f"[assignments.nets]\nfiles = {files}\n")
    with pytest.raises(RubricError) as error:
        read_course(root)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("def f(): ...", "b.py: line 1: a.py defines f, too\n  → rename one"),
        ("import a", "b.py: line 1: it imports a as a whole\n  → write `from a import …`"),
        ("def g(:", "b.py: line 1: invalid syntax"),
    ],
)
def test_slips_in_the_solution(second: str, said: str) -> None:
    """Mistakes are edits of all modules as one, so names are unique and modules import names."""
    with pytest.raises(RubricError) as error:
        in_one([(Path("a.py"), "def f(): ...\n"), (Path("b.py"), second)])
    assert said in str(error.value)


def test_in_one_keeps_lines_and_names() -> None:
    """Imports between the modules are gone, their new names are kept."""
    text = in_one([(Path("a.py"), "'''A.'''\ndef f(): return 1\n"), (Path("b.py"), "'''B.'''\nfrom a import f as g\ny = g()\n")])
    namespace: dict[str, object] = {}
    exec(text, namespace)
    assert namespace["y"] == 1 and namespace["__doc__"] == "A." and "B." not in text
