"""Finding a course, reading it, and its secret."""

import stat
from pathlib import Path

import numpy as np
import pytest
from toys import write_course

from grader.course.config import COURSE_FILE, AssignmentConfig
from grader.course.folder import SECRET_FILE, Course, find_course, generator
from grader.errors import RubricError, UsageError


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course with one assignment."""
    write_course(tmp_path, settings='title = "Toys"\n[assignments.work]\ntitle = "Work one"\n')
    return find_course(tmp_path)


@pytest.mark.parametrize("place", [".", "assignments", "assignments/work", "results/ana/work"])
def test_found_upwards(course: Course, place: str) -> None:
    """A course is found from every folder in it."""
    (course.root / place).mkdir(parents=True, exist_ok=True)
    assert find_course(course.root / place).root == course.root.resolve()


def test_nearest_wins(course: Course) -> None:
    """Of two courses, one in the other, the nearest is taken."""
    inner = course.root / "inner"
    write_course(inner)
    assert find_course(inner / "assignments").root == inner.resolve()


def test_given_course(course: Course, tmp_path: Path) -> None:
    """A course that is named is taken, wherever one stands."""
    assert find_course(Path("/"), course.root).title == "Toys"


def test_none_found(tmp_path: Path) -> None:
    """Without a course, the error says what was looked for and what to do."""
    with pytest.raises(UsageError, match=r"no course at or above .*course\.toml.*--course"):
        find_course(tmp_path)


def test_given_is_not_searched(course: Course) -> None:
    """A folder that is named must be the course itself."""
    with pytest.raises(UsageError, match=r"is not a course: .*--course takes the folder that holds assignments/"):
        find_course(course.root, course.root / "assignments")


def test_order_and_titles(tmp_path: Path) -> None:
    """Assignments come in the order of the file, the others after them by name; a title defaults to the name."""
    for name in ("c", "a", "b"):
        (tmp_path / "assignments" / name).mkdir(parents=True)
        (tmp_path / "assignments" / name / "checks.py").touch()
    (tmp_path / COURSE_FILE).write_text('order = ["c"]\n[assignments.a]\ntitle = "First"\n', encoding="utf-8")
    found = find_course(tmp_path)
    assert [(item.name, item.title) for item in found.assignments] == [("c", "c"), ("a", "First"), ("b", "b")]
    assert (found.title, found.assignment("a").config) == (tmp_path.name, AssignmentConfig(title="First"))
    assert [item.name for item in found.select(["a", "c", "a"])] == ["c", "a"]  # however they were asked for


def test_select(course: Course) -> None:
    """No name selects all."""
    assert [item.name for item in course.select([])] == [item.name for item in course.select(["work"])] == ["work"]


def test_unknown_assignment(course: Course) -> None:
    """An unknown name is answered with the one that was meant."""
    with pytest.raises(UsageError, match=r"no assignment is called 'wrok'. Did you mean 'work'"):
        course.select(["wrok"])


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        pytest.param("title = \n", "not valid TOML", id="toml"),
        pytest.param('order = ["wrok"]\n', "order names 'wrok', but assignments/wrok/checks.py does not exist", id="order"),
        pytest.param("[assignments.wrok]\n", "[assignments.wrok] does not belong to an assignment", id="settings"),
    ],
)
def test_bad_settings(tmp_path: Path, settings: str, problem: str) -> None:
    """A mistake in course.toml names the file."""
    write_course(tmp_path, settings=settings)
    with pytest.raises(RubricError) as found:
        find_course(tmp_path)
    assert found.value.file == tmp_path / COURSE_FILE
    assert problem in str(found.value)


def test_not_utf8(tmp_path: Path) -> None:
    """A course.toml that is not UTF-8 is told, not a crash."""
    write_course(tmp_path)
    (tmp_path / COURSE_FILE).write_bytes(b'title = "\xff"\n')
    with pytest.raises(RubricError, match="not valid TOML"):
        find_course(tmp_path)


# --- the secret ------------------------------------------------------------------------------------------------------------------------


def test_secret_is_made_once(course: Course) -> None:
    """The secret is made on first use and stays the same, also for another process."""
    first = course.secret()
    assert (course.secret(), find_course(course.root).secret()) == (first, first)
    assert len(bytes.fromhex(first)) == 32


def test_secret_is_for_its_owner(course: Course) -> None:
    """The secret's file can be read by its owner only, and lies outside of assignments/."""
    course.secret()
    assert stat.S_IMODE((course.root / SECRET_FILE).stat().st_mode) == 0o600


def test_secrets_differ(tmp_path: Path) -> None:
    """Two courses have two secrets."""
    secrets = []
    for name in ("a", "b"):
        write_course(tmp_path / name)
        secrets.append(find_course(tmp_path / name).secret())
    assert secrets[0] != secrets[1]


def test_secret_of_ones_own(course: Course) -> None:
    """A secret that is there already is kept."""
    (course.root / SECRET_FILE).write_text("mine\n", encoding="ascii")
    assert course.secret() == "mine"


def test_empty_secret(course: Course) -> None:
    """An empty secret is refused: inputs of a class must not be guessable."""
    (course.root / SECRET_FILE).touch()
    with pytest.raises(UsageError, match="is empty"):
        course.secret()


def test_reading_makes_no_secret(course: Course) -> None:
    """A course that is only read gets no secret."""
    assert not (course.root / SECRET_FILE).exists()


# --- generators ------------------------------------------------------------------------------------------------------------------------


def test_generator_is_determined_by_its_names() -> None:
    """The same seed and names draw the same numbers."""
    assert generator("s", "a", "b").normal() == generator("s", "a", "b").normal()


@pytest.mark.parametrize("other", [("t", "a", "b"), ("s", "b", "a"), ("s", "a"), ("s", "ab"), ("sa", "b")], ids="-".join)
def test_generators_differ(other: tuple[str, ...]) -> None:
    """Any other seed or names draw other numbers."""
    assert not np.array_equal(generator("s", "a", "b").normal(size=4), generator(*other).normal(size=4))
