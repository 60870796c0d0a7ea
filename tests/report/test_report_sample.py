"""The pages of the sample class: every score is the sum of what stands below it."""

import pytest
from classroom import REPO, grader

from grader.course.folder import read_course
from grader.feedback.view_types import ExerciseView
from grader.gradebook.lateness import course_policy
from grader.gradebook.open_store import open_store
from grader.gradebook.term import Term
from grader.report.student import Work, work_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> list[Work]:
    """What a report says of everybody of the sample class, in one assignment."""
    out = tmp_path_factory.mktemp("sample") / "out"
    done = grader("grade", REPO / "examples" / "class", "-t", "conv", "--out", out, cwd=REPO)
    assert done.returncode == 0, done.stderr
    course = read_course(REPO)
    policy = course_policy(course)
    with open_store(out, write=False) as store:
        return [work_of(store, policy, entry, "Convolution") for entry in Term(store, policy).entries(["conv"])]


def points(text: str) -> float:
    """What is earned, of "0.21 of 2" or of "2"."""
    return float(text.split()[0])


def rounding(exercise: ExerciseView) -> float:
    """How far a sum of rounded points may be from the rounded sum."""
    return 0.005 * (len(exercise.checks) + 1) + 1e-9


def test_the_checks_of_every_exercise_add_up_to_it(works: list[Work]) -> None:
    """Passed ones, failed ones, those that pass in part."""
    assert len(works) == 14
    for work in works:
        for exercise in work.view.exercises:
            earned = sum(points(check.score) for check in exercise.checks)
            assert earned == pytest.approx(points(exercise.score.brief), abs=rounding(exercise)), (work, exercise.name)


def test_the_exercises_add_up_to_the_score(works: list[Work]) -> None:
    """The table above the checks is a sum, of points and of what there is to earn."""
    for work in works:
        for column in ("points", "most"):
            parts = sum(float(getattr(part, column)) for part in work.parts if not part.note)  # optional ones count for nothing
            assert parts == pytest.approx(float(getattr(work.sums[0], column)), abs=0.005 * (len(work.parts) + 1))
