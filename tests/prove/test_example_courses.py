"""The example courses, by other authors than the sample one, are proved: the grader knows no topic."""

from pathlib import Path

import pytest
from classroom import REPO, grader, lines

pytestmark = pytest.mark.slow

COURSES = sorted(path.parents[1] for path in (REPO / "examples" / "courses").glob("*/assignments/course.toml"))


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_course_is_proved(course: Path, tmp_path: Path) -> None:
    """Every known mistake is rejected and named. `grader validate` proves the mutants, too, which takes minutes."""
    done = grader("validate", "--no-mutants", "--course", course, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_what_students_get_is_what_the_course_gives(course: Path, tmp_path: Path) -> None:
    """Stubs are cut from the solutions, and statements drawn from the examples, as they are today."""
    done = grader("release", "--check", "--course", course, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.name)
def test_toy_class(course: Path, tmp_path: Path) -> None:
    """The first student of the toy class has everything right that checks decide, and somebody has not."""
    done = grader("grade", course / "class", "--course", course, "--out", tmp_path / "results", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    graded = lines(done)
    right = {(one["student"], one["assignment"]): one["score"] + one["open"] == one["max_score"] for one in graded}
    first = min(student for student, _ in right)
    assert all(full for (student, _), full in right.items() if student == first)
    assert not all(right.values())
