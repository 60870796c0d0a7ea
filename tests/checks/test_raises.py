"""Bad input is refused with the right exception."""

from typing import Any

import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.raises import raises


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
