"""Bad input is refused with the right exception."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.raises import raises
from grader.checks.uses import Use, call, new
from grader.course.misconceptions import Misconception


def root(x: Any) -> Any:
    """The reference."""
    if np.any(x < 0):
        raise ValueError("negative")
    return np.sqrt(x)


READY = prepared(
    exercise_of(
        "root", raises(ValueError, "bad", args=dict(x=np.array([-1.0]))), agrees("good", cases=one_case(x=np.array([4.0, 9.0])))
    ),
    functions={"root": root},
)


class NegativeError(ValueError):
    """A more exact exception."""


def refusing(error: type[BaseException] | BaseException) -> Any:
    """A right function that refuses bad input with `error`."""

    def student(x: Any) -> Any:
        if x.min() < 0:
            raise error
        return np.sqrt(x)

    return student


def asserting(x: Any) -> Any:
    """A right function that refuses bad input with an assertion."""
    assert x.min() >= 0
    return np.sqrt(x)


@pytest.mark.parametrize(
    ("student", "outcome"),
    [
        pytest.param(root, "passed", id="right"),
        pytest.param(refusing(ValueError()), "passed", id="without-a-message"),
        pytest.param(refusing(NegativeError("no")), "passed", id="subclass"),
        pytest.param(refusing(UnicodeError("no")), "passed", id="built-in-subclass"),
        pytest.param(refusing(Exception("no")), "failed", id="base-class"),
        pytest.param(refusing(TypeError("no")), "failed", id="another"),
        pytest.param(refusing(SystemExit(1)), "failed", id="exit"),
        pytest.param(asserting, "failed", id="assertion"),
        pytest.param(lambda x: np.sqrt(np.abs(x)), "failed", id="returns"),
        pytest.param(lambda x: ValueError("no"), "failed", id="exception-returned"),
        pytest.param(refusing(NotImplementedError("root")), "skipped", id="hole"),
    ],
)
def test_exception(student: Any, outcome: str) -> None:
    """The exception or a subclass of it passes, everything else does not."""
    assert verdict(READY, {"root": student}).verdict == outcome


def always(x: Any) -> Any:
    """A function that always refuses."""
    raise ValueError("no")


def test_always_raising_earns_nothing() -> None:
    """A function that refuses everything earns nothing for refusing bad input."""
    assert verdict(READY, {"root": always}, "bad").score == 0


@pytest.mark.parametrize(
    ("student", "message"),
    [
        pytest.param(
            lambda x: np.sqrt(np.abs(x)), "it should raise ValueError, but it returned an array of shape (1,)", id="returned"
        ),
        pytest.param(refusing(TypeError("no")), "it should raise ValueError; raised TypeError: no", id="another"),
        pytest.param(lambda x: object(), "it should raise ValueError, but it raised nothing", id="something-that-cannot-be-sent"),
    ],
)
def test_message(student: Any, message: str) -> None:
    """The student reads what should have come and what came."""
    assert verdict(READY, {"root": student}).message == message


class Counter:
    """The reference: counts down, and refuses to go below zero."""

    def __init__(self, start: int) -> None:
        self.left = start

    def take(self, n: int) -> int:
        """What is left after taking n."""
        if n > self.left:
            raise ValueError("not so many are left")
        self.left -= n
        return self.left


class Endless(Counter):
    """Refuses nothing."""

    def take(self, n: int) -> int:
        """What is left, perhaps less than nothing."""
        self.left -= n
        return self.left


class Stingy(Counter):
    """Refuses everything, also what the steps before need."""

    def take(self, n: int) -> int:
        """Nothing is given."""
        raise ValueError("no")


EMPTY = [new("Counter", 3, save="counter"), call("counter.take", 2), call("counter.take", 2)]


def counting(rng: np.random.Generator) -> Iterable[list[Use]]:
    """A counter of any size."""
    start = int(rng.integers(5, 100))
    yield [new("Counter", start, save="counter"), call("counter.take", 2), call("counter.take", 1)]


COUNTER = prepared(
    exercise_of("Counter", raises(ValueError, "empty", steps=EMPTY), agrees("counts", cases=counting)),
    functions={"Counter": Counter},
)


@pytest.mark.parametrize(("student", "outcome"), [(Counter, "passed"), (Endless, "failed"), (Stingy, "failed")])
def test_a_method_refuses_in_a_state(student: type[Counter], outcome: str) -> None:
    """The steps before bring the object into the state, and must not be refused themselves."""
    assert verdict(COUNTER, {"Counter": student}, "empty").verdict == outcome


def test_the_state_is_shown_with_the_call() -> None:
    """All steps that it takes to see it, and what came in place of the exception."""
    found = verdict(COUNTER, {"Counter": Endless}, "empty")
    assert found.call == "counter = Counter(start=3)\ncounter.take(2)\ncounter.take(2)"
    assert found.message == "it should raise ValueError, but it returned the int -1"


def test_a_mistake_about_refusing_in_a_state_is_named() -> None:
    """What the steps before return is not part of the mistake."""
    endless = Misconception(
        "never_refuses", "Counter", "It refuses nothing.", "What is left of 3 after taking 5?", lambda: Endless
    )
    ready = prepared(
        *(planned.exercise for planned in COUNTER.plan.exercises), functions={"Counter": Counter}, misconceptions=[endless]
    )
    assert verdict(ready, {"Counter": Endless}, "empty").misconception == "never_refuses"


@pytest.mark.parametrize("options", [dict(), dict(args={}, steps=EMPTY), dict(steps=["counter.take(2)"])])
def test_either_arguments_or_steps(options: dict[str, Any]) -> None:
    """Both, none, or steps that are none are the author's mistake."""
    with pytest.raises(TypeError, match="steps="):
        raises(ValueError, "empty", **options)
