"""`grader new`: what it writes holds as it stands, what is there stays, and what cannot be written is told."""

from pathlib import Path
from typing import get_args

import pytest
from classroom import COURSE, grader, lines, scores

from grader.course.create import FIRST, Like, create_course, create_topic
from grader.course.extend import add_example, add_misconception
from grader.course.folder import read_course
from grader.course.rubric import read_misconceptions, read_rubric
from grader.errors import UsageError
from grader.prove.validate import IN_VAIN

pytestmark = pytest.mark.slow

KINDS = get_args(Like)


def files(folder: Path) -> dict[Path, bytes]:
    """Every file below a folder, by its place in it."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A new course with the topic `softmax`."""
    create_course(tmp_path / "fresh")
    return tmp_path / "fresh"


@pytest.mark.parametrize("like", KINDS)
def test_new_course_is_proved(tmp_path: Path, like: str) -> None:
    """A new course validates at once: the misconceptions are named, and there are mutants of the reference, each of them rejected."""
    made = grader("new", "course", "first", "--like", like, cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert "Next: cd first && grader validate && grader grade class\n" in made.stdout
    done = grader("validate", "--json", cwd=tmp_path / "first")
    (proof,) = lines(done)
    assert (done.returncode, proof["problems"], proof["advice"]) == (0, [], [])
    assert proof["named"] == proof["misconceptions"] == 3
    assert proof["killed"] == proof["mutants"] > 0


@pytest.mark.parametrize("like", KINDS)
def test_new_course_grades_its_toy_class(tmp_path: Path, like: Like) -> None:
    """Of the toy class one is right, one makes a mistake that has a name, one has not begun."""
    create_course(tmp_path / "first", like)
    topic = FIRST[like][0]
    done = grader("grade", "class", "--json", cwd=tmp_path / "first")
    found = scores(done)
    full = {line["max_score"] for line in lines(done)}
    assert found["ana", topic] in full
    assert found["carla", topic] == 0 < (found["bruno", topic] or 0) < max(full)
    (bruno,) = [line for line in lines(done) if line["student"] == "bruno"]
    named = {check["misconception"] for exercise in bruno["exercises"] for check in exercise["checks"]} - {None}
    assert len(named) == 1


def test_new_course_releases(tmp_path: Path) -> None:
    """Its stub and statement are up to date, and students can be given it."""
    grader("new", "course", "first", "--like", "conv", cwd=tmp_path)
    assert grader("release", "--check", cwd=tmp_path / "first").returncode == 0
    assert grader("release", "--bundle", "../students", cwd=tmp_path / "first").returncode == 0
    stub = (tmp_path / "students" / "assignments" / "conv1d" / "conv1d.py").read_text()
    assert "raise NotImplementedError" in stub
    assert not (tmp_path / "students" / "solutions").exists()


def test_new_topic_joins_a_course(fresh: Path) -> None:
    """A topic is added to the course above the working directory: its files, its title, its submissions; what was there stays."""
    before = files(fresh)
    done = grader("new", "topic", "filters", "--like", "conv", cwd=fresh / "solutions")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("Next: grader validate filters && grader grade ../class -t filters\n")
    after = files(fresh)
    toml = Path("assignments/course.toml")
    assert {path: text for path, text in before.items() if path != toml}.items() <= after.items()
    assert after[toml].startswith(before[toml])
    assert [topic.title for topic in read_course(fresh).assignments] == ["Softmax", "Filters"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("softmax", "assignments/softmax exists already, and nothing is overwritten"),
        ("two words", "'two words' cannot be the name of a topic. It is the name of a folder and of a Python module"),
        ("class", "'class' cannot be the name of a topic"),
        ("../up", "'../up' cannot be the name of a topic"),
        ("json", "'json' cannot be the name of a topic: `import json` means another module"),
        ("numpy", "'numpy' cannot be the name of a topic: `import numpy` means another module"),
    ],
)
def test_name_that_cannot_be_a_topic(fresh: Path, name: str, told: str) -> None:
    """A name that is taken, or that is not a module's, is refused, and nothing is written."""
    before = files(fresh)
    with pytest.raises(UsageError) as error:
        create_topic(fresh, name)
    assert told in str(error.value)
    assert files(fresh) == before


def test_folder_that_holds_something(fresh: Path) -> None:
    """A course is not begun in a folder that holds anything, nor in a file's place."""
    before = files(fresh)
    for place in (fresh, fresh / "README.md"):
        with pytest.raises(UsageError, match="Give a folder that is empty or not there yet"):
            create_course(place)
    assert files(fresh) == before


def test_submission_that_is_there_stays(fresh: Path) -> None:
    """A topic whose toy submission would take the place of a file is not written at all."""
    own = fresh / "class" / "bruno" / "filters" / "filters.py"
    own.parent.mkdir(parents=True)
    own.write_text("# mine\n")
    before = files(fresh)
    with pytest.raises(UsageError, match=r"filters\.py exists already"):
        create_topic(fresh, "filters")
    assert files(fresh) == before


def test_topic_that_course_toml_names_already(fresh: Path) -> None:
    """An author who wrote the settings first is told to write the topic, and how; the settings stay as they are."""
    toml = fresh / "assignments" / "course.toml"
    toml.write_text(toml.read_text().replace('["softmax"]', '["softmax", "filters"]') + '\n[assignments.filters]\ntitle = "F"\n')
    told = grader("list", cwd=fresh)
    assert (told.returncode, "remove it, or write it: grader new topic filters" in told.stderr) == (2, True)
    before = toml.read_bytes()
    assert grader("new", "topic", "filters", "--like", "conv", cwd=fresh).returncode == 0
    assert toml.read_bytes() == before
    assert [topic.title for topic in read_course(fresh).assignments] == ["Softmax", "F"]


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_new_misconception_is_appended(fresh: Path, end: str) -> None:
    """A misconception comes after all that is there, byte for byte; its edit can be made, and changes nothing yet."""
    topic = read_course(fresh).assignment("softmax")
    topic.misconceptions.write_text(topic.misconceptions.read_text().rstrip("\n") + end)
    before = topic.misconceptions.read_bytes()
    done = grader("new", "misconception", "softmax", "max_forgotten", cwd=fresh)
    assert (done.returncode, done.stdout.splitlines()[1]) == (0, "Next: grader validate softmax --no-mutants")
    assert topic.misconceptions.read_bytes().startswith(before)
    added = read_misconceptions(topic)[-1]
    assert (added.name, added.of, added.title) == ("max_forgotten", "softmax", "Max forgotten")
    proof = lines(grader("validate", "softmax", "--no-mutants", "--json", cwd=fresh))[0]
    assert proof["problems"] == [f"misconception max_forgotten of softmax is not rejected: {IN_VAIN}"]


def test_new_misconception_of_a_class(tmp_path: Path) -> None:
    """In a class, the edit is of a method."""
    topic = create_course(tmp_path / "first", "class")
    add_misconception(read_course(tmp_path / "first").assignment(topic.name), "forgets")
    assert '"MovingAverage.update" = "return self.average → return self.average"' in topic.misconceptions.read_text()
    assert read_misconceptions(topic)[-1].name == "forgets"


def test_new_misconception_of_a_chosen_exercise(tmp_path: Path) -> None:
    """`--exercise` says in which exercise the mistake is made; an unknown one is refused with those that there are."""
    create_course(tmp_path / "first", "conv")
    topic = read_course(tmp_path / "first").assignment("conv1d")
    add_misconception(topic, "exchanged", "conv1d_backward")
    assert 'conv1d_backward = "return dx, dw → return dx, dw"' in topic.misconceptions.read_text()
    with pytest.raises(UsageError, match=r"conv1d has no exercise 'conv2d'\. It has: conv1d, conv1d_backward"):
        add_misconception(topic, "other", "conv2d")


def test_lines_end_as_those_of_the_file(fresh: Path) -> None:
    """In a file from Windows, the new lines end as the old ones do."""
    topic = read_course(fresh).assignment("softmax")
    topic.misconceptions.write_bytes(topic.misconceptions.read_bytes().replace(b"\n", b"\r\n"))
    add_misconception(topic, "another")
    text = topic.misconceptions.read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n")
    assert read_misconceptions(topic)[-1].name == "another"


def test_new_example_holds(fresh: Path) -> None:
    """An example is a copy of the last one of its exercise, with the numbers to be changed; the file before it stays."""
    topic = read_course(fresh).assignment("softmax")
    before = topic.examples.read_bytes()
    done = grader("new", "example", "softmax", "by-hand", cwd=fresh)
    assert done.stdout.endswith("Next: grader release softmax && grader validate softmax --no-mutants\n")
    assert topic.examples.read_bytes().startswith(before)
    examples = read_rubric(topic).examples
    old, new = examples["two-classes"], examples["by-hand"]
    assert (new.exercise, new.slide, new.atol) == (old.exercise, "By hand", old.atol)
    assert new.expected.tolist() == old.expected.tolist()
    assert grader("validate", "softmax", "--no-mutants", cwd=fresh).returncode == 0


def test_example_of_an_exercise_without_any(tmp_path: Path) -> None:
    """Where the exercise has no example yet, its parameters are there with numbers to replace."""
    create_course(tmp_path / "first", "conv")
    topic = read_course(tmp_path / "first").assignment("conv1d")
    add_example(topic, "backwards", "conv1d_backward")
    text = topic.examples.read_text()
    assert "inputs.dout = [1, 2]\ninputs.x = [1, 2]\ninputs.w = [1, 2]\n" in text
    assert text.endswith("expected.dx = [0, 0]\nexpected.dw = [0, 0]\n")


def test_class_has_no_worked_example(tmp_path: Path) -> None:
    """A worked example is one call of a function; of a class it is refused, with what to write instead."""
    create_course(tmp_path / "first", "class")
    before = files(tmp_path)
    with pytest.raises(UsageError, match=r"MovingAverage is a class.*write a case of `new` and `call`"):
        add_example(read_course(tmp_path / "first").assignment("moving_average"), "by-hand")
    assert files(tmp_path) == before


@pytest.mark.parametrize(
    ("what", "name", "told"),
    [
        ("misconception", "unstable", "has 'unstable' already, and nothing is overwritten. It has: sum_of_everything, unstable"),
        ("example", "two-classes", "has 'two-classes' already, and nothing is overwritten. It has: two-classes"),
        ("misconception", "a.b", "'a.b' cannot be a name in softmax.toml. Write letters, digits, - and _"),
        ("example", "a]\nb", "cannot be a name in examples.toml"),
    ],
)
def test_name_that_cannot_be_added(fresh: Path, what: str, name: str, told: str) -> None:
    """A name that the file has, or that TOML would read otherwise, is refused, and nothing is written."""
    before = files(fresh)
    done = grader("new", what, "softmax", name, cwd=fresh)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert files(fresh) == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["course", "a", "b"], "grader new course takes one name"),
        (["misconception", "vectors"], "grader new misconception TOPIC NAME"),
        (["example", "vectors", "x", "--like", "conv"], "--like is about a new course or topic"),
        (["topic", "x", "--exercise", "scale"], "--exercise is about a new misconception or example"),
        (["course", "x", "--course", "."], "grader new course DIR"),
        (["misconception", "vector", "x"], "no assignment is called 'vector'"),
    ],
)
def test_wrong_use(tmp_path: Path, arguments: list[str], told: str) -> None:
    """Arguments that do not go together are refused with how it is meant."""
    place = [] if "--course" in arguments or arguments[0] == "course" else ["--course", COURSE]
    done = grader("new", *arguments, *place, cwd=tmp_path)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
    assert not any(tmp_path.iterdir())
