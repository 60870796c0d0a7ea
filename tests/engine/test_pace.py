"""How the time of a class is shared."""

from grader.engine import pace
from grader.sandbox.backend import Limits


def test_a_first_try_has_what_the_solution_needs_ten_times() -> None:
    """A first try has ten times the solution's CPU time, at least half a second, at most what there is."""
    assert [pace.trial(Limits(), seconds).budget_seconds for seconds in (0.0, 0.3, 30.0)] == [0.5, 3.0, 60.0]


def test_few_slow_ones_get_everything() -> None:
    """Up to sixty that compute without end have the limits of one alone, in a class of any size."""
    assert [pace.shared(Limits(), size, 60) for size in (60, 500, 5000)] == [Limits()] * 3


def test_many_slow_ones_share_the_time() -> None:
    """The time of a class is what all that compute may use together; a call gets half of a part, so that other exercises have some."""
    given = pace.shared(Limits(), 2000, 2000)
    assert (given.budget_seconds, given.call_seconds) == (5.0, 2.5)


def test_two_thousand_that_sleep_wait_for_seconds() -> None:
    """Two thousand that sleep, side by side, wait less than half a minute for all of their first calls."""
    given = pace.waiting(Limits(), 2000)
    assert given.idle_seconds * 2000 / pace.MOST_WAITING < 30


def test_what_is_shared_is_told() -> None:
    """An instructor reads how much each got, and what to do."""
    text = pace.told(Limits(), pace.shared(Limits(), 2000, 2000), 2000)
    assert text.startswith("2000 slow submissions shared the class's time, each with 5 s of CPU time in place of 60 s")
    assert "graded alone gets all of it" in text
