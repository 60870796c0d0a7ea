"""Adjustments: which stand, which count, and what they make of a score."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from grader.gradebook.adjustments import Adjustment, adjusted, standing, that_count

WHEN = datetime(2027, 5, 3, tzinfo=UTC)


def change(number: int, points: float = 0.0, undoes: int = 0, attempt: int = 1, excused: bool = False) -> Adjustment:
    """An adjustment of ana's mark in conv."""
    return Adjustment(
        student="ana", assignment="conv", because="why", by="marta", at=WHEN + timedelta(hours=number),
        number=number, points=points, undoes=undoes, attempt=attempt, excused=excused,
    )  # fmt: skip


def numbers(history: list[Adjustment]) -> list[int]:
    """The numbers of those that stand."""
    return [one.number for one in standing(history)]


def test_what_is_taken_back_does_not_stand() -> None:
    """An adjustment that a later one undoes does not stand, and the one that undoes it is none itself."""
    assert numbers([change(1, 1), change(2, 2), change(3, undoes=1)]) == [2]


def test_taking_back_can_be_taken_back() -> None:
    """When the one that undoes is undone, the first stands again; and so on."""
    twice = [change(1, 1), change(2, undoes=1), change(3, undoes=2)]
    assert numbers(twice) == [1]
    assert numbers([*twice, change(4, undoes=3)]) == []


def test_the_course_says_whether_a_change_outlives_a_new_attempt() -> None:
    """With "attempt", only what was said about the attempt that counts; with "assignment" all; being excused is never about an attempt."""
    history = [change(1, 1, attempt=1), change(2, 2, attempt=2), change(3, excused=True, attempt=1)]
    assert [one.number for one in that_count(history, "attempt", 2)] == [2, 3]
    assert [one.number for one in that_count(history, "assignment", 2)] == [1, 2, 3]


def test_no_score_falls_below_zero_and_none_stays_none() -> None:
    """A score is never negative; where nothing was graded there is nothing to change."""
    assert adjusted(1.0, [change(1, -3)]) == 0.0
    assert adjusted(None, [change(1, 5)]) is None


POINTS = st.floats(-10, 10).map(lambda value: round(value, 2))


@given(st.floats(0, 10), st.lists(POINTS, max_size=6))
def test_everything_taken_back_is_as_if_nothing_was(score: float, points: list[float]) -> None:
    """After each adjustment was undone, the score is the computed one."""
    made = [change(number, value) for number, value in enumerate(points, 1)]
    undone = [change(len(made) + one.number, undoes=one.number) for one in made]
    assert adjusted(score, standing([*made, *undone])) == round(score, 4)
