"""Where the late days of a term go: never too many, never in vain, and with "best" to the most points of all."""

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from grader.course.config import Spent
from grader.gradebook.late_days import spend

BOTH: tuple[Spent, ...] = ("in order", "best")
STEPS = st.lists(st.integers(0, 3), max_size=4)  # what one more day brings, few values so that many ways are equal
CLASSES = st.lists(STEPS.map(lambda steps: [Fraction(sum(steps[:n])) for n in range(len(steps) + 1)]), max_size=4)
DAYS = st.integers(0, 8)


def gain(submissions: list[list[Fraction]], days: list[int]) -> Fraction:
    """What the days bring altogether."""
    return sum((gains[mine] for gains, mine in zip(submissions, days, strict=True)), Fraction())


@given(CLASSES, DAYS, st.sampled_from(BOTH))
def test_never_more_than_there_are(submissions: list[list[Fraction]], days: int, how: Spent) -> None:
    """The budget is kept, and no submission gets more days than it is late."""
    found = spend(submissions, days, how)
    assert sum(found) <= days
    assert all(0 <= mine < len(gains) for gains, mine in zip(submissions, found, strict=True))


@given(CLASSES, DAYS, st.sampled_from(BOTH))
def test_no_day_in_vain(submissions: list[list[Fraction]], days: int, how: Spent) -> None:
    """One day fewer on any submission brings less."""
    for gains, mine in zip(submissions, spend(submissions, days, how), strict=True):
        assert mine == 0 or gains[mine] > gains[mine - 1]


@given(CLASSES, DAYS)
def test_best_is_the_best_of_all_ways(submissions: list[list[Fraction]], days: int) -> None:
    """No way to spend the days brings more; of equal ways, the one with the fewest days counts, and then the earliest."""
    ways = [way for way in product(*(range(len(gains)) for gains in submissions)) if sum(way) <= days]
    assert spend(submissions, days, "best") == list(max(ways, key=lambda way: (gain(submissions, [*way]), -sum(way), way)))


@given(CLASSES, DAYS)
def test_best_is_never_worse_than_in_order(submissions: list[list[Fraction]], days: int) -> None:
    """Spending in order is one of the ways."""
    assert gain(submissions, spend(submissions, days, "best")) >= gain(submissions, spend(submissions, days, "in order"))


@given(CLASSES, DAYS)
def test_in_order_takes_what_is_left(submissions: list[list[Fraction]], days: int) -> None:
    """Each submission has what the days that are left can bring it, whatever follows."""
    left = days
    for gains, mine in zip(submissions, spend(submissions, days, "in order"), strict=True):
        assert gains[mine] == max(gains[: left + 1])
        left -= mine
