"""Slips: right values in a wrong form cost a quarter, and nothing else is one."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toys import exercise_of, prepared, verdict

from grader.checks.agrees import agrees
from grader.checks.gradient import gradient
from grader.checks.slips import Compared, compared
from grader.checks.tolerance import Rules, Tolerance
from grader.engine.prepare import Prepared
from grader.judge.verdicts import Verdict

Change = Callable[[Any], Any]
TABLE = np.array([[0.125346, -1.5, 2.718281], [3.141592, 0.577215, -0.693147]])
SQUARE = np.array([[0.5, 1.25, -3.0], [2.0, 0.75, 1.0], [1.5, -0.25, 4.0]])
BOTH = ("dx", "dw")


def only(expected: Any, got: Any, tolerance: Tolerance = Tolerance()) -> Compared:  # noqa: B008 - frozen
    """The one result compared."""
    (found,) = compared(expected, got, ("y",), Rules(tolerance, array_like=False, integer_inputs=False))
    return found


def slips(expected: tuple[Any, ...], got: Any, names: tuple[str, ...] = BOTH) -> list[str]:
    """What becomes of each result: "right", its slip or "wrong"."""
    found = compared(expected, got, names, Rules(Tolerance(), array_like=False, integer_inputs=False))
    return ["wrong" if item.difference else item.slip or "right" for item in found]


# --- each slip, and what is not one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "got", "slip", "text"),
    [
        (TABLE, TABLE[None], "axis", "y has the right values, but the shape (1, 2, 3) instead of (2, 3)"),
        (TABLE[:1], TABLE[0], "axis", "y has the right values, but the shape (3,) instead of (1, 3)"),
        (TABLE[:1], TABLE[:1].T, "axis", "y has the right values, but the shape (3, 1) instead of (1, 3)"),
        (0.7, np.array([[0.7]]), "axis", "y has the right values, but the shape (1, 1) instead of ()"),
        (TABLE, TABLE.tolist(), "list", "y has the right values, but is a list of 2 items; return an array of shape (2, 3)"),
        (TABLE[0], tuple(TABLE[0]), "list", "y has the right values, but is a tuple of 3 items; return an array of shape (3,)"),
        (0.7, (0.7,), "list", "y has the right values, but is a tuple of 1 item; return a number"),
        (np.array([True, False]), np.array([1, 0]), "dtype", "y has the right values, but the dtype int64 instead of bool"),
        (np.array([1.0, 2.0]), np.array([1, 2], np.float16), "dtype", "y has the right values, but the dtype float16 instead of float64"),
        (TABLE, np.round(TABLE, 4), "rounded", "y is right, but rounded; return all digits"),
        (12.345678912, 12.346, "rounded", "y is right, but rounded; return all digits"),
        (TABLE, TABLE.T, "transposed", "y has the right values, but is transposed"),
        (SQUARE, SQUARE.T, "transposed", "y has the right values, but is transposed"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)  # fmt: skip
def test_slip(expected: Any, got: Any, slip: str, text: str) -> None:
    """Right values in a wrong form are a slip, which says what to change."""
    found = only(expected, got)
    assert (found.slip, found.difference, found.text()) == (slip, None, text)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        pytest.param(TABLE, TABLE.ravel(), id="flat-is-no-axis"),
        pytest.param(TABLE, TABLE.reshape(3, 2), id="reshaped-is-not-transposed"),
        pytest.param(TABLE[0], TABLE[:1] * 1.001, id="axis-and-wrong"),
        pytest.param(TABLE, (2 * TABLE).tolist(), id="list-and-wrong"),
        pytest.param(TABLE[0], [*TABLE[0], 0.0], id="list-too-long"),
        pytest.param(TABLE[0], ["a", "b", "c"], id="list-of-strings"),
        pytest.param(TABLE, [list(TABLE[0]), [1.0]], id="ragged-list"),
        pytest.param(np.array([1.5, 2.0]), np.array([1, 2]), id="cut-off-is-no-dtype"),
        pytest.param(np.array([True, False]), np.array([2, 0]), id="two-is-not-true"),
        pytest.param(TABLE, TABLE.astype(np.float16), id="three-digits"),
        pytest.param(TABLE, np.round(TABLE, 1), id="one-decimal-is-not-rounded"),
        pytest.param(TABLE, np.round(TABLE, 4) + 1e-4, id="one-unit-beside"),
        pytest.param(TABLE, TABLE + 4e-5, id="near-but-not-rounded"),
        pytest.param(np.array([2e-4, -3e-4]), np.array([0.0, 0.0]), id="rounded-to-nothing"),
        pytest.param(SQUARE, SQUARE[::-1], id="upside-down-is-not-transposed"),
        pytest.param(SQUARE, -SQUARE.T, id="transposed-and-wrong"),
        pytest.param(TABLE, np.full_like(TABLE, np.nan), id="nan"),
        pytest.param(0.7, None, id="none"),
        pytest.param(0.7, "0.7", id="string"),
        pytest.param("same", ["same"], id="string-in-a-list"),
        pytest.param(None, np.zeros(1), id="array-for-none"),
    ],
)
def test_no_slip(expected: Any, got: Any) -> None:
    """What only looks like a slip is wrong."""
    assert only(expected, got).difference is not None


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        pytest.param(np.zeros((2, 3)), np.zeros((2, 3)), id="zeros"),
        pytest.param(np.zeros((3, 3)), np.zeros((3, 3)).T, id="zeros-transposed"),
        pytest.param(np.ones((1, 1)), np.ones((1, 1)), id="one-by-one"),
        pytest.param(np.array([0.5, np.inf]), np.array([0.5, np.inf]), id="infinity"),
        pytest.param(np.float64(2.0), 2, id="whole-number"),
        pytest.param([1.0, 2.5], [1.0, 2.5], id="list-for-a-list"),
        pytest.param(np.round(TABLE, 4), np.round(TABLE, 4), id="few-digits-expected"),
    ],
)
def test_nothing_is_wrong(expected: Any, got: Any) -> None:
    """What is right has no slip."""
    assert (only(expected, got).slip, only(expected, got).difference) == (None, None)


# --- several results -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "got", "outcome"),
    [
        pytest.param((TABLE, SQUARE), (SQUARE, TABLE), ["order", "order"], id="exchanged"),
        pytest.param((TABLE, SQUARE), [TABLE, SQUARE], ["right", "right"], id="list-of-results"),
        pytest.param((TABLE, SQUARE), (TABLE, None), ["right", "wrong"], id="none-for-one"),
        pytest.param((TABLE, SQUARE), (TABLE, SQUARE, SQUARE), ["wrong"], id="one-too-many"),
        pytest.param((TABLE, SQUARE), (TABLE,), ["wrong"], id="one-too-few"),
        pytest.param((TABLE, SQUARE), TABLE, ["wrong"], id="no-tuple"),
        pytest.param((TABLE, SQUARE), (TABLE, TABLE), ["right", "wrong"], id="one-of-them-twice"),
        pytest.param((TABLE, 2 * TABLE), (2 * TABLE, TABLE), ["order", "order"], id="exchanged-of-one-shape"),
        pytest.param((TABLE, TABLE), (TABLE, TABLE), ["right", "right"], id="equal-results"),
        pytest.param((TABLE, SQUARE), (SQUARE, 2 * TABLE), ["wrong", "wrong"], id="exchanged-and-one-wrong"),
        pytest.param((TABLE, SQUARE), (SQUARE[None], TABLE), ["order", "order"], id="two-slips-cost-one"),
        pytest.param((TABLE[:, :2], TABLE[:, 1:].T), (TABLE[:, 1:].T, TABLE[:, :2]), ["order", "order"], id="not-transposed"),
        pytest.param(([TABLE, SQUARE], 0.5), ([TABLE, SQUARE.T], 0.5), ["transposed", "right"], id="in-a-list-of-arrays"),
        pytest.param(([TABLE, SQUARE], 0.5), ([TABLE], 0.5), ["wrong", "right"], id="list-too-short"),
        pytest.param(([TABLE, SQUARE], 0.5), (0.5, [TABLE, SQUARE]), ["order", "order"], id="list-and-number-exchanged"),
    ],
)
def test_results(expected: tuple[Any, ...], got: Any, outcome: list[str]) -> None:
    """Each result is compared by itself; those in each other's places are told."""
    assert slips(expected, got) == outcome


RESULTS = tuple(np.random.default_rng(seed).normal(size=(2, 3)) for seed in range(5))


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.permutations(range(5)))
def test_permutation_is_only_order(places: list[int]) -> None:
    """However distinct results are permuted, those that moved have the slip of order, and the others are right."""
    found = slips(RESULTS, tuple(RESULTS[place] for place in places), ("a", "b", "c", "d", "e"))
    assert found == ["right" if place == here else "order" for here, place in enumerate(places)]


# --- what they cost --------------------------------------------------------------------------------------------------------------------


def pair(x: Any) -> Any:
    """The reference: two results."""
    return x * 2.0, (x**2).sum(axis=0)


def tables(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
    """Three tables."""
    for rows in (2, 3, 4):
        yield dict(x=rng.normal(size=(rows, 3)))


def ready(weights: dict[str, float] | None = None, slip: float = 0.25) -> Prepared:
    """The exercise planned, with these weights of its results."""
    exercise = exercise_of("pair", agrees("random", cases=tables), returns=("y", "z"), weights=weights or {}, slip=slip)
    return prepared(exercise, functions={"pair": pair})


def judged(change: Callable[[Any, Any], Any], using: Prepared | None = None) -> Verdict:
    """The verdict on a student whose right results are changed so."""
    return verdict(using or ready(), {"pair": lambda x: change(*pair(x))})


FORMS: dict[str, Change] = {
    "axis": lambda value: value[None],
    "list": lambda value: value.tolist(),
    "rounded": lambda value: np.round(value, 6),
    "list of an axis": lambda value: [value.tolist()],
}


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.integers(0, 2**32 - 1))
def test_any_form_costs_one_slip(form: str, seed: int) -> None:
    """A right result in any of the forms, whatever its numbers, earns what a slip leaves of it."""
    want = np.random.default_rng(seed).normal(size=(2, 3))
    found = only(want, FORMS[form](want))
    assert (found.difference, bool(found.slip)) == (None, True)


@pytest.mark.parametrize(
    ("change", "score"),
    [
        pytest.param(lambda y, z: (y, z), 1.0, id="right"),
        pytest.param(lambda y, z: (y, z[None]), 0.875, id="a-slip-in-one"),
        pytest.param(lambda y, z: (y, [z.tolist()]), 0.875, id="two-slips-in-one"),
        pytest.param(lambda y, z: (y[None], z[None]), 0.75, id="a-slip-in-each"),
        pytest.param(lambda y, z: (z, y), 0.75, id="exchanged"),
        pytest.param(lambda y, z: (y[None], 2 * z), 0.375, id="a-slip-and-a-wrong-one"),
        pytest.param(lambda y, z: (y, 2 * z[None]), 0.5, id="a-slip-of-wrong-values"),
        pytest.param(lambda y, z: (y if len(y) < 4 else -y, z), 0.5, id="wrong-in-the-last-case"),
        pytest.param(lambda y, z: (y if len(y) < 4 else y[None], z), 0.875, id="a-slip-in-the-last-case"),
        pytest.param(lambda y, z: (y, z) if len(y) < 4 else (y,), 0.5, id="one-too-few-in-the-last-case"),
        pytest.param(lambda y, z: (-y, -z), 0.0, id="both-wrong"),
    ],
)
def test_score(change: Callable[[Any, Any], Any], score: float) -> None:
    """Each result earns its half, less a quarter of it for slips, if it is right in every case; what is right in some earns half."""
    found = judged(change)
    assert (found.score, sum(result.earned for result in found.results or ())) == (score, score if found.results else 0.0)


def test_weights() -> None:
    """Results that weigh more earn more."""
    using = ready({"y": 3.0})
    assert [judged(change, using).score for change in (lambda y, z: (y, -z), lambda y, z: (-y, z))] == [0.75, 0.25]


@pytest.mark.parametrize(("slip", "score"), [(0.0, 1.0), (0.5, 0.5), (1.0, 0.0)])
def test_price_of_a_slip(slip: float, score: float) -> None:
    """An exercise says what a slip costs."""
    assert judged(lambda y, z: (y[None], z[None]), ready(slip=slip)).score == score


def test_right_results_are_told() -> None:
    """The report has each result with its own verdict, points and message."""
    found = judged(lambda y, z: (-y, z[None]))
    assert [(item.name, item.verdict, item.points, item.earned, item.slip) for item in found.results] == [
        ("y", "failed", 0.5, 0.0, None),
        ("z", "partly", 0.5, 0.375, "axis"),
    ]


def test_two_of_three_gradients() -> None:
    """A wrong dx with right dw and db earns two thirds of a gradient check."""

    def forward(x: Any, w: Any, b: Any) -> Any:
        return x @ w + b

    def backward(dout: Any, x: Any, w: Any, b: Any) -> Any:
        return dout @ w.T, x.T @ dout, dout.sum(axis=0)

    def layers(rng: np.random.Generator) -> Iterable[dict[str, Any]]:
        yield dict(dout=rng.normal(size=(4, 2)), x=rng.normal(size=(4, 3)), w=rng.normal(size=(3, 2)), b=rng.normal(size=2))

    functions = {"forward": forward, "backward": backward}
    check = gradient(of="forward", cases=layers)
    using = prepared(exercise_of("backward", check, returns=("dx", "dw", "db")), functions=functions)
    found = verdict(using, {**functions, "backward": lambda *args: (2 * backward(*args)[0], *backward(*args)[1:])})
    assert found.score == pytest.approx(2 / 3)


def test_without_words_a_comparison_finds_the_same() -> None:
    """Whether a result is right, and which slip it has, does not depend on whether the difference is put into words."""
    want = (np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]))
    others = [
        want,
        (want[0].T, want[1]),
        (want[1], want[0]),
        (want[0] + 1, want[1][:, None]),
        (want[0] * np.nan, want[1].tolist()),
        (want[0].astype(np.float32) / 3 * 3, want[1].astype(int)),
    ]
    rules = Rules(Tolerance(), array_like=False, integer_inputs=False)
    for got in others:
        full, rough = (compared(want, got, ("a", "b"), one) for one in (rules, rules.unworded))
        assert [(one.slip, one.difference is None) for one in full] == [(one.slip, one.difference is None) for one in rough]
