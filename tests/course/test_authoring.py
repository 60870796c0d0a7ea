"""What authors import."""

from typing import Any

import pytest

from grader import spec
from grader.course import authoring


def test_the_short_name_has_the_same_names() -> None:
    """`from grader.spec import …` is the authoring language."""
    assert spec.__all__ == authoring.__all__
    assert all(getattr(spec, name) is getattr(authoring, name) for name in spec.__all__)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(dict(name="a.b.c"), "'Class.method'", id="no name"),
        pytest.param(dict(name="C fit"), "'Class.method'", id="a blank"),
        pytest.param(dict(attributes=("x",)), "name='Class.method'", id="attributes of a function"),
        pytest.param(dict(name="C.fit", attributes=("x",), returns=("y",)), "none of returns=", id="attributes and results"),
        pytest.param(dict(name="C.fit", attributes="coef_"), r"attributes=\('coef_',\)", id="a text"),
    ],
)
def test_a_method_that_is_not_said_rightly(options: dict[str, Any], said: str) -> None:
    """An exercise is named as its method, and only a method leaves attributes."""
    with pytest.raises((ValueError, TypeError), match=said):
        authoring.exercise(points=1, **options)


def test_attributes_are_named_results() -> None:
    """They weigh what is said, like results."""

    @authoring.exercise(points=1, name="C.fit", attributes={"w": 2, "b": 1})
    def fit() -> Any:
        """Fit."""

    assert (fit.name, fit.returns, fit.weights, fit.attributes) == ("C.fit", ("w", "b"), {"w": 2, "b": 1}, True)
