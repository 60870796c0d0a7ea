"""A budget of late days for a term: which submissions the days go to. Pure arithmetic.

"in order": by due date, each submission takes the fewest days that leave it the most points, out of the days that are left.
"best": the days go where all submissions together keep the most points; of equal ways the one with the fewest days, spent earliest.

No day is spent where it changes no points.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import assert_never

import msgspec

from grader.course.config import Spent

Gains = Sequence[Fraction]  # what 0, 1, … late days bring to a submission; never less for one more


class LateDays(msgspec.Struct, frozen=True):
    """A student's budget for the term: its `days`, and those `spent` by assignment."""

    days: int
    spent: Mapping[str, int]

    @property
    def used(self) -> int:
        """How many are spent."""
        return sum(self.spent.values())


def spend(submissions: Sequence[Gains], days: int, how: Spent) -> list[int]:
    """The days for each submission; these are in the order of their due dates."""
    match how:
        case "in order":
            found: list[int] = []
            for gains in submissions:
                within = gains[: days - sum(found) + 1]
                found.append(within.index(max(within)))
            return found
        case "best":
            return _best(submissions, days)
    assert_never(how)


def _best(submissions: Sequence[Gains], days: int) -> list[int]:
    """By dynamic programming, from the last submission to the first: for each number of days, the best way to spend them from there on."""
    ways: list[tuple[Fraction, int, tuple[int, ...]]] = [(Fraction(), 0, ())] * (
        days + 1
    )  # the gain, minus the days, and the days of each
    for gains in reversed(submissions):
        ways = [
            max(
                (gains[mine] + gain, minus - mine, (mine, *later))
                for mine in range(min(len(gains) - 1, most) + 1)
                for gain, minus, later in [ways[most - mine]]
            )
            for most in range(days + 1)
        ]
    return list(ways[days][2])
