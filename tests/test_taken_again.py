"""A step with a budget of its own that came late is taken again: the same work costs twice as much on a busy machine."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, prepared

from grader.checks.agrees import agrees
from grader.run import TRIES, Run, run
from grader.sandbox.backend import Backend, Limits, Session, Source, Usage
from grader.sandbox.choose import best_backend
from grader.sandbox.outcome import Outcome, Returned, TimedOut, word
from grader.sandbox.values import decode

pytestmark = pytest.mark.slow

LIMITS = Limits(wall_factor=60.0, wall_floor=60.0)
SECONDS = 0.5


class _Hindered(Session):
    """A child that is said to have used far more CPU time than it did."""

    def __init__(self, session: Session) -> None:
        self._session, self._said = session, 0.0
        self.idle = 0.0

    @property
    def loaded(self) -> Outcome:
        return self._session.loaded

    @property
    def alive(self) -> bool:
        return self._session.alive

    def call(self, seq: int, frame: bytes, seconds: float, then: Iterable[bytes] = ()) -> Outcome:
        return self._session.call(seq, frame, seconds, then)

    def cpu(self) -> float | None:
        self._said += 10 * SECONDS
        return self._said

    def wall(self) -> float:
        return self._session.wall()

    def close(self) -> Usage:
        return self._session.close()


class Busy(Backend):
    """A machine on which the first few children are hindered."""

    name = "busy"

    def __init__(self, backend: Backend, hindered: int) -> None:
        self._backend, self._left = backend, hindered

    def open(self, source: Source, limits: Limits) -> Session:
        """A child, hindered or not."""
        self._left -= 1
        session = self._backend.open(source, limits)
        return _Hindered(session) if self._left >= 0 else session


@pytest.fixture(scope="module")
def backend() -> Iterator[Backend]:
    """The best sandbox of this machine."""
    with best_backend(weak=True) as found:
        yield found


def two(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Two numbers."""
    yield {"x": 1.0}
    yield {"x": 2.0}


PLAN = prepared(
    exercise_of("f", agrees("two", cases=two), seconds=60.0),
    exercise_of("g", agrees("two", cases=two), seconds=60.0),
    functions={"f": lambda x: 2 * x, "g": lambda x: 3 * x},
).plan
RIGHT = "def f(x): return 2 * x\ndef g(x): return 3 * x\n"


def ran(backend: Backend, text: str = RIGHT, steps: Iterable[int] = (0,)) -> Run:
    """The outcomes, if these steps have a budget, by default the first call of f."""
    return run(PLAN, Source("work", {"work": text}), backend, LIMITS, budgets=dict.fromkeys(steps, SECONDS))


def words(found: Run) -> list[str]:
    """The result of each step, in a word."""
    return [word(outcome) for outcome in found.outcomes]


@pytest.mark.parametrize("hindered", range(TRIES))
def test_who_is_quick_enough_once_is_quick_enough(backend: Backend, hindered: int) -> None:
    """As long as one of the tries is not hindered, the result counts, and so does everything after it."""
    assert words(ran(Busy(backend, hindered))) == ["returned"] * len(PLAN.steps)


def test_who_never_is_quick_enough_is_too_slow(backend: Backend) -> None:
    """After so many tries the step is too slow; the other steps are judged as ever."""
    found = ran(Busy(backend, TRIES))
    assert found.outcomes[0] == TimedOut(SECONDS, "cpu")
    assert words(found)[1:] == ["returned"] * (len(PLAN.steps) - 1)


def test_a_result_that_was_kept_from_the_first_try_is_of_no_use(backend: Backend) -> None:
    """Each try is a child of its own, which knows nothing of the one before."""
    text = "kept = []\ndef f(x):\n    while not kept:\n        pass\n    return 2 * x\ndef g(x):\n    kept.append(x)\n    return 3 * x\n"
    of_f = [seq for seq, name in enumerate(PLAN.targets) if name == "f"]
    assert words(ran(backend, text, of_f))[0] == "timed_out"


def test_the_results_of_late_tries_are_not_held_against_the_others(backend: Backend) -> None:
    """A submission may return so much in all: what came late is not kept, and does not count."""
    text = "import numpy as np\ndef f(x):\n    return np.zeros(1 << 20)\ndef g(x):\n    return np.zeros(1 << 20)\n"
    alone, late = ran(backend, text), ran(Busy(backend, TRIES - 1), text)
    assert words(alone) == words(late)


def test_its_case_is_taken_from_the_start(backend: Backend) -> None:
    """What the steps before it left in the child is there again."""
    text = "calls = []\ndef f(x):\n    calls.append(x)\n    return float(len(calls))\ndef g(x): return 3 * x\n"
    steps = [seq for seq, step in enumerate(PLAN.steps) if step.case == PLAN.steps[0].case]
    found = run(PLAN, Source("work", {"work": text}), Busy(backend, 1), LIMITS, budgets={steps[-1]: SECONDS})
    last = found.outcomes[steps[-1]]
    assert isinstance(last, Returned) and decode(last.value) == float(len(steps))


def test_a_budget_is_measured_for_who_needs_more_than_the_least(backend: Backend) -> None:
    """And not for whoever needs no more."""
    asked: list[int] = []

    def measure(seq: int) -> float:
        asked.append(seq)
        return 2 * SECONDS

    for hindered in (0, 1):
        found = run(PLAN, Source("work", {"work": RIGHT}), Busy(backend, hindered), LIMITS, {0: SECONDS}, measure)
        assert (words(found)[0], asked) == ("returned", [0] * hindered)
