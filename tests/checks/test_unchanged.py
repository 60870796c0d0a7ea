"""The inputs are left as they were."""

from typing import Any

import numpy as np
import pytest
from toys import exercise_of, one_case, prepared, verdict

from grader.checks.unchanged import unchanged
from grader.engine.prepare import Prepared


def total(x: Any, y: Any) -> Any:
    """The reference."""
    return x + y


def ready(x: Any, y: Any) -> Prepared:
    """The check planned for these arguments."""
    return prepared(exercise_of("total", unchanged("left alone", cases=one_case(x=x, y=y))), functions={"total": total})


def spoiling(change: Any) -> Any:
    """A function that changes its arguments and returns something that depends on them."""

    def student(x: Any, y: Any) -> Any:
        change(x, y)
        return np.arange(3.0)

    return student


X, Y = np.array([1.5, 2.0]), np.array([3.0, 4.0])


def set_item(place: str, index: Any, value: Any) -> Any:
    """A change of one element."""
    return lambda x, y: (x if place == "x" else y).__setitem__(index, value)


@pytest.mark.parametrize(
    ("x", "y", "change", "message"),
    [
        pytest.param(
            X, Y, set_item("y", 1, 9.0), "`y` was changed by the call: at [1] it was 4 and is 9; work on a copy", id="one-element"
        ),
        pytest.param(
            X,
            Y,
            lambda x, y: x.sort() or x.__imul__(2),
            "`x` was changed by the call: at [0] it was 1.5 and is 3; work on a copy",
            id="whole-array",
        ),
        pytest.param(
            X, Y, set_item("x", 0, np.nan), "`x` was changed by the call: at [0] it was 1.5 and is nan; work on a copy", id="nan"
        ),
        pytest.param(
            X,
            Y,
            set_item("x", 0, 1.5 + 1e-9),
            "`x` was changed by the call: at [0] it was 1.5 and is 1.500000001; work on a copy",
            id="in-the-last-digits",
        ),
        pytest.param(
            X > 1.8,
            Y,
            set_item("x", 0, True),
            "`x` was changed by the call: at [0] it was False and is True; work on a copy",
            id="bools",
        ),
        pytest.param(
            X * 1j,
            Y,
            set_item("x", 0, 0j),
            "`x` was changed by the call: at [0] it was 1.5j and is 0j; work on a copy",
            id="complex",
        ),
        pytest.param(
            np.array([1, 2]),
            Y,
            set_item("x", 1, 3),
            "`x` was changed by the call: at [1] it was 2 and is 3; work on a copy",
            id="integers",
        ),
        pytest.param([1, 2], Y, lambda x, y: x.append(3), "`x` was changed by the call; work on a copy", id="list"),
        pytest.param(X, Y, lambda x, y: x.resize(3, refcheck=False), "`x` was changed by the call; work on a copy", id="resized"),
    ],
)
def test_change_is_found(x: Any, y: Any, change: Any, message: str) -> None:
    """A change in place is found, and the first changed element named."""
    found = verdict(ready(x, y), {"total": spoiling(change)})
    assert (found.verdict, found.message) == ("failed", message)


def shadowing(x: Any, y: Any) -> Any:
    """Arguments are given other values, but not changed."""
    x = x + 1
    x += y
    return x - 1


def restoring(x: Any, y: Any) -> Any:
    """An argument is changed and restored."""
    x += y
    out = x.copy()
    x -= y
    return out


@pytest.mark.parametrize("student", [total, shadowing, restoring], ids=["right", "shadowing", "restoring"])
def test_no_change(student: Any) -> None:
    """Arguments that are, after the call, what they were before pass."""
    assert verdict(ready(X, Y), {"total": student}).verdict == "passed"


@pytest.mark.parametrize(
    ("x", "student"),
    [
        pytest.param(np.array([-0.0, 1.0]), lambda x, y: x.__iadd__(0.0) + y, id="minus-zero"),
        pytest.param(np.array([np.nan, 1.0]), lambda x, y: y + x[1], id="nan-that-stays"),
    ],
)
def test_equal_is_unchanged(x: Any, student: Any) -> None:
    """0.0 in the place of -0.0 is no change, and NaN that stays is none."""
    assert verdict(ready(x, Y), {"total": student}).verdict == "passed"


def test_constant_earns_nothing() -> None:
    """A function that returns one constant earns nothing for leaving its arguments alone."""
    assert verdict(ready(X, Y), {"total": lambda x, y: np.zeros(2)}).verdict == "failed"


def test_raising_earns_nothing() -> None:
    """A function that raises earns nothing for leaving its arguments alone."""
    assert verdict(ready(X, Y), {"total": lambda x, y: 1 / 0}).verdict == "failed"
