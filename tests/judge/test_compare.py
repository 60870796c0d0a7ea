"""Comparing results: type → shape → dtype → finite → values."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.checks.compare import agree, compare
from grader.checks.difference import Difference
from grader.checks.tolerance import Rules, Tolerance
from grader.checks.words import kind_of, number

LAW = settings(max_examples=40, derandomize=True, deadline=None)
FINITE = hnp.arrays(
    np.float64, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6, allow_nan=False, allow_infinity=False)
)


def different(expected: Any, got: Any, **options: Any) -> Difference:
    """The difference, which must be there."""
    found = compare(expected, got, options.pop("names", ()), Rules(**options))
    assert found is not None
    return found


def stage(expected: Any, got: Any, **options: Any) -> str:
    """The stage that fails, or «equal»."""
    found = compare(expected, got, options.pop("names", ()), Rules(**options))
    return found.stage if found else "equal"


# --- order of the stages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("got", "first"),
    [
        pytest.param([1, 2], "type", id="a-list-of-the-wrong-length"),
        pytest.param(np.array([1, 2]), "shape", id="wrong-shape-and-dtype"),
        pytest.param(np.array([np.nan, 1.0]), "shape", id="wrong-shape-and-nan"),
        pytest.param(np.array([1, 2, 3], np.float16), "dtype", id="wrong-dtype-and-values"),
        pytest.param(np.array([7.0, np.nan, 3.0]), "finite", id="nan-and-wrong-values"),
        pytest.param(np.array([7.0, 1.0, 3.0]), "values", id="wrong-values"),
    ],
)
def test_first_stage_wins(got: Any, first: str) -> None:
    """The first stage that fails is the difference."""
    assert stage(np.zeros(3), got) == first


# --- shape -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "have"),
    [
        ((3,), (3, 1)),
        ((3, 1), (3,)),
        ((3,), (1, 3)),
        ((2, 3), (3,)),
        ((3,), (1,)),
        ((1,), ()),
        ((), (1,)),
        ((), (1, 1)),
        ((0,), (0, 1)),
    ],
    ids=str,
)
def test_no_broadcasting(want: tuple[int, ...], have: tuple[int, ...]) -> None:
    """Shapes that broadcast are still different shapes."""
    assert stage(np.ones(want), np.ones(have)) == "shape"


def test_shape_names_both() -> None:
    """A difference of shape says which were expected and got."""
    found = different(np.zeros((2, 3)), np.zeros((3, 2)))
    assert (found.expected, found.got) == ("(2, 3)", "(3, 2)")


# --- finite ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "have", "outcome"),
    [
        pytest.param(np.nan, np.nan, "values", id="nan-nan"),
        pytest.param(np.nan, 1.0, "values", id="nan-1"),
        pytest.param(np.inf, np.inf, "equal", id="inf-inf"),
        pytest.param(-np.inf, -np.inf, "equal", id="minus-inf-minus-inf"),
        pytest.param(np.inf, -np.inf, "values", id="inf-minus-inf"),
        pytest.param(np.inf, np.nan, "values", id="inf-nan"),
        pytest.param(np.inf, 1e308, "values", id="inf-large"),
        pytest.param(1.0, np.inf, "finite", id="1-inf"),
        pytest.param(1.0, np.nan, "finite", id="1-nan"),
    ],
)
@pytest.mark.parametrize("wrap", [float, lambda v: np.array([0.5, v])], ids=["scalar", "array"])
def test_not_finite(want: float, have: float, outcome: str, wrap: Any) -> None:
    """NaN equals nothing, infinity only the one of its sign."""
    assert stage(wrap(want), wrap(have)) == outcome


def test_infinity_expected_leaves_the_others_checked() -> None:
    """An expected infinity does not loosen the tolerance of the other elements."""
    assert stage(np.array([np.inf, 1.0]), np.array([np.inf, 1.001])) == "values"


# --- tolerance -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-7, 1e-3, 1.0, 1e6], ids=str)
@pytest.mark.parametrize(
    ("factor", "outcome"), [(2.0, "values"), (1 + 1e-5, "values"), (1 + 1e-8, "equal"), (0.0, "values")], ids=str
)
def test_relative_to_scale(scale: float, factor: float, outcome: str) -> None:
    """Wrong by a factor is wrong at any scale, rounding is right at any scale."""
    want = np.array([1.0, -0.5, 0.25]) * scale
    assert stage(want, want * factor) == outcome


@pytest.mark.parametrize("noise", [1e-15, 1e-13, -1e-13], ids=str)
def test_noise_around_zero(noise: float) -> None:
    """Where zeros are expected, rounding noise is accepted."""
    assert stage(np.zeros(3), np.array([0.0, noise, 0.0])) == "equal"


def test_small_element_of_a_large_array() -> None:
    """The scale is the array's: cancellation next to a large element is accepted."""
    assert stage(np.array([1e6, 0.0]), np.array([1e6, 1e-3])) == "equal"


def test_more_than_noise_around_zero() -> None:
    """Where zeros are expected, 1e-9 is wrong."""
    assert stage(np.zeros(3), np.array([0.0, 1e-9, 0.0])) == "values"


@pytest.mark.parametrize(
    ("itemsize", "dtype", "outcome"),
    [(8, np.float32, "values"), (4, np.float64, "equal"), (4, np.float32, "equal"), (8, np.float64, "values")],
    ids=["float32-result", "float32-inputs", "float32-both", "float64"],
)
def test_single_precision(itemsize: int, dtype: Any, outcome: str) -> None:
    """An error of 1e-5 is accepted where the inputs are of single precision: a needless cast of the result widens nothing."""
    want = np.array([1.0, 2.0])
    assert stage(want, (want * (1 + 1e-5)).astype(dtype), tolerance=Tolerance(itemsize)) == outcome


def test_single_precision_has_a_limit() -> None:
    """An error of 0.1 % is wrong in single precision too."""
    want = np.array([1.0, 2.0])
    assert stage(want, (want * 1.001).astype(np.float32), tolerance=Tolerance(4)) == "values"


def test_rtol_is_never_finer_than_single_precision() -> None:
    """A rubric's fine `rtol` does not ask more of float32 than it can hold."""
    assert stage(np.array([1 / 3]), np.array([1 / 3], np.float32), tolerance=Tolerance(4, rtol=1e-12)) == "equal"


def test_atol_replaces_rtol() -> None:
    """A printed precision is absolute: 0.12 stands for all that rounds to it, however small the scale."""
    tolerance = Tolerance(atol=0.005)
    assert stage(np.array([0.12]), np.array([0.1249]), tolerance=tolerance) == "equal"
    assert stage(np.array([0.12]), np.array([0.1252]), tolerance=tolerance) == "values"


# --- dtype -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("want", "have", "options", "outcome"),
    [
        pytest.param(np.ones(2), np.ones(2, np.float16), {}, "dtype", id="float16"),
        pytest.param(np.array(1.0), np.array(1, np.float16), {}, "dtype", id="float16-scalar"),
        pytest.param(np.ones(2) / 2, np.zeros(2, int), {}, "dtype", id="truncated-integers-of-float-inputs"),
        pytest.param(np.ones(2), np.ones(2, int), {}, "equal", id="whole-numbers-that-are-right"),
        pytest.param(np.ones(2), np.ones(2, int), {"integer_inputs": True}, "equal", id="integers-of-integer-inputs"),
        pytest.param(np.ones(2) / 2, np.zeros(2, int), {"integer_inputs": True}, "values", id="truncated-integers"),
        pytest.param(1.0, 1, {}, "equal", id="an-int-where-a-float-is-expected"),
        pytest.param(1.0, True, {}, "dtype", id="a-bool-where-a-float-is-expected"),
        pytest.param(np.ones(2), np.ones(2, bool), {"integer_inputs": True}, "dtype", id="bools-where-floats-are-expected"),
        pytest.param(np.ones(2), np.ones(2, complex), {}, "dtype", id="complex-where-floats-are-expected"),
        pytest.param(np.ones(2, complex), np.ones(2), {}, "dtype", id="floats-where-complex-is-expected"),
        pytest.param(np.array([1j]), np.array([1j]), {}, "equal", id="complex"),
        pytest.param(np.array([1j]), np.array([-1j]), {}, "values", id="conjugate"),
        pytest.param(1j, 1j, {}, "equal", id="complex-scalar"),
        pytest.param(np.array([True]), np.array([True]), {}, "equal", id="bool"),
        pytest.param(np.array([True, True]), np.array([True, False]), {}, "values", id="wrong-bool"),
        pytest.param(np.array([True]), np.array([1]), {}, "dtype", id="1-for-true"),
        pytest.param(True, False, {}, "values", id="wrong-bool-scalar"),
        pytest.param(np.array([1, 2]), np.array([1, 2], np.uint8), {}, "equal", id="another-integer-type"),
        pytest.param(np.array([1, 2]), np.array([1.0, 2.0]), {}, "equal", id="whole-floats-for-integers"),
        pytest.param(np.array([1, 2]), np.array([1.0, 2.5]), {}, "dtype", id="fractions-for-integers"),
    ],
)
def test_dtype(want: Any, have: Any, options: dict[str, bool], outcome: str) -> None:
    """Kinds of numbers are told apart; integers pass for floats where the inputs were integers, or where each is exactly right."""
    assert stage(want, have, **options) == outcome


@pytest.mark.parametrize("wrap", [int, lambda v: np.array([v, 3])], ids=["scalar", "array"])
@pytest.mark.parametrize("itemsize", [8, 4])
def test_integers_are_exact(wrap: Any, itemsize: int) -> None:
    """A count that is off by one is wrong, however large it is."""
    assert stage(wrap(20_000_000), wrap(20_000_001), tolerance=Tolerance(itemsize)) == "values"


def test_unsigned_results_do_not_wrap() -> None:
    """A difference of unsigned integers does not wrap around."""
    assert stage(np.array([0], np.uint8), np.array([255], np.uint8)) == "values"


# --- scalars, lists, tuples, dicts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("want", [2.5, np.array(2.5)], ids=["float", "0-d"])
@pytest.mark.parametrize(
    ("have", "outcome"),
    [
        pytest.param(2.5, "equal", id="float"),
        pytest.param(np.array(2.5), "equal", id="0-d"),
        pytest.param(2.6, "values", id="another-float"),
        pytest.param(np.array(2.6), "values", id="another-0-d"),
        pytest.param(np.array([2.5]), "shape", id="shape-1"),
        pytest.param([2.5], "type", id="list"),
        pytest.param((2.5,), "type", id="tuple"),
        pytest.param("2.5", "type", id="string"),
        pytest.param(None, "type", id="none"),
    ],
)
def test_scalars(want: Any, have: Any, outcome: str) -> None:
    """A number may be a float or a 0-d array, nothing else."""
    assert stage(want, have) == outcome


@pytest.mark.parametrize(
    ("have", "strict", "lenient"),
    [
        pytest.param([1.0, 2.0], "type", "equal", id="list"),
        pytest.param((1.0, 2.0), "type", "equal", id="tuple"),
        pytest.param([1, 2], "type", "equal", id="integers"),
        pytest.param([[1.0, 2.0]], "type", "shape", id="nested"),
        pytest.param([1.0, [2.0]], "type", "type", id="ragged"),
        pytest.param(["1", "2"], "type", "dtype", id="strings"),
        pytest.param([1.0, None], "type", "type", id="with-none"),
        pytest.param([1.0, float("nan")], "type", "finite", id="nan"),
    ],
)
def test_lists_for_arrays(have: Any, strict: str, lenient: str) -> None:
    """A list of numbers stands for an array only where the exercise says so."""
    want = np.array([1.0, 2.0])
    assert (stage(want, have), stage(want, have, array_like=True)) == (strict, lenient)


@pytest.mark.parametrize(
    ("have", "outcome", "path"),
    [
        pytest.param((np.ones(2), np.zeros(3)), "equal", "", id="right"),
        pytest.param([np.ones(2), np.zeros(3)], "equal", "", id="a-list-of-results"),
        pytest.param((np.ones(2),), "shape", "", id="one-missing"),
        pytest.param((np.ones(2), np.zeros(3), np.zeros(3)), "shape", "", id="one-too-many"),
        pytest.param((np.zeros(3), np.ones(2)), "shape", "dx", id="swapped"),
        pytest.param((np.ones(2), np.ones(3)), "values", "dw", id="second-wrong"),
        pytest.param(np.ones(2), "type", "", id="first-only"),
        pytest.param(None, "type", "", id="none"),
    ],
)
def test_tuples(have: Any, outcome: str, path: str) -> None:
    """Several results are compared one by one, by name."""
    found = compare((np.ones(2), np.zeros(3)), have, ("dx", "dw"))
    assert (found.stage if found else "equal", found.path if found else "") == (outcome, path)


def test_results_without_names_are_numbered() -> None:
    """A result without a name is called by its place."""
    assert different((1.0, 2.0), (1.0, 3.0)).path == "[1]"


@pytest.mark.parametrize(
    ("have", "outcome", "path"),
    [
        pytest.param({"b": 2.0, "a": 1.0}, "equal", "", id="another-order"),
        pytest.param({"a": 1.0}, "shape", "", id="key-missing"),
        pytest.param({"a": 1.0, "b": 2.0, "c": 3.0}, "shape", "", id="key-too-many"),
        pytest.param({"a": 1.0, "b": 3.0}, "values", "['b']", id="wrong-value"),
        pytest.param([1.0, 2.0], "type", "", id="list"),
    ],
)
def test_dicts(have: Any, outcome: str, path: str) -> None:
    """Dicts are compared key by key."""
    found = compare({"a": 1.0, "b": 2.0}, have)
    assert (found.stage if found else "equal", found.path if found else "") == (outcome, path)


@pytest.mark.parametrize(
    ("want", "have", "outcome"),
    [
        pytest.param("relu", "relu", "equal", id="same-string"),
        pytest.param("relu", "tanh", "values", id="another-string"),
        pytest.param("relu", 1.0, "type", id="number-for-a-string"),
        pytest.param(None, None, "equal", id="none"),
        pytest.param(None, np.ones(2), "type", id="array-for-none"),
        pytest.param([1.0, 2.0], [1.0, 2.0], "equal", id="list-for-a-list"),
        pytest.param([1.0, 2.0], (1.0, 2.0), "type", id="tuple-for-a-list"),
        pytest.param([1.0, 2.0], np.array([1.0, 2.0]), "equal", id="array-for-a-vector"),
        pytest.param([], [], "equal", id="empty-lists"),
        pytest.param(((1.0,), 2.0), ((1.0,), 2.5), "values", id="nested-tuples"),
    ],
)
def test_other_values(want: Any, have: Any, outcome: str) -> None:
    """Strings, None and nested results are compared by type and value."""
    assert stage(want, have) == outcome


# --- where it is wrong -----------------------------------------------------------------------------------------------------------------


@LAW
@given(st.data())
def test_first_worst_and_count(data: st.DataObject) -> None:
    """The difference names exactly the first and the worst of the wrong elements, and counts them."""
    shape = data.draw(hnp.array_shapes(max_dims=3, max_side=4))
    size = int(np.prod(shape))
    places = data.draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True))
    want = np.linspace(1.0, 2.0, size).reshape(shape)
    got = want.copy()
    for rank, place in enumerate(places, start=1):
        got.flat[place] += rank
    found = different(want, got)
    first, worst = (tuple(map(int, np.unravel_index(place, shape))) for place in (min(places), places[-1]))
    assert (found.first, found.worst, found.wrong, found.size) == (first, worst, len(places), size)
    assert (found.first_expected, found.first_got) == (number(want[first]), number(got[first]))
    assert (found.expected, found.got) == (number(want[worst]), number(got[worst]))


def test_worst_is_a_wrong_one() -> None:
    """The worst element is one of the wrong ones, also where floats cannot tell the integers apart."""
    found = different(np.array([5, 2**60]), np.array([5, 2**60 + 1]))
    assert (found.first, found.worst, found.wrong) == ((1,), (1,), 1)


def test_texts_tell_the_two_apart() -> None:
    """Two numbers that differ in the ninth digit do not read the same."""
    found = different(np.array([1.0]), np.array([1.0000005]))
    assert (found.first_expected, found.first_got) == ("1", "1.0000005")


# --- laws ------------------------------------------------------------------------------------------------------------------------------


@LAW
@given(FINITE)
def test_reflexive(x: Any) -> None:
    """Every finite array equals itself."""
    assert compare(x, x.copy()) is None


@LAW
@given(FINITE)
def test_memory_order_does_not_matter(x: Any) -> None:
    """Fortran order and a strided view equal C order."""
    assert compare(x, np.asfortranarray(x)) is None
    assert compare(x, np.repeat(x, 2, axis=-1)[..., ::2]) is None


@LAW
@given(FINITE, FINITE)
def test_shapes_must_match(x: Any, y: Any) -> None:
    """Arrays of different shapes never agree."""
    assert (x.shape == y.shape) or stage(x, y) == "shape"


@LAW
@given(FINITE, st.integers(0, 10**6))
def test_one_wrong_element_is_found(x: Any, place: int) -> None:
    """One element that is off by the scale of the array is always found."""
    got = x.copy()
    got.flat[place % x.size] += max(1.0, float(np.abs(x).max()))
    assert different(x, got).wrong == 1


# --- words -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (-0.5, "-0.5"),
        (1 / 3, "0.333333"),
        (1e7, "1e+07"),
        (np.float64(2), "2"),
        (True, "True"),
        (7, "7"),
        (np.nan, "nan"),
    ],
    ids=str,
)
def test_number(value: Any, text: str) -> None:
    """A number is written with six digits at most, a whole one without a point."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        (np.array(1.0), "a number"),
        ([1, 2], "a list of 2 items"),
        ((1,), "a tuple of 1 item"),
        ("x" * 100, f"the string '{'x' * 40}'"),
        ({"a": 1}, "a dict with 1 key"),
        ({1, 2}, "a set of 2 items"),
        (3, "the int 3"),
    ],
    ids=["none", "array", "0-d", "list", "tuple", "long-string", "dict", "set", "int"],
)
def test_kind_of(value: Any, text: str) -> None:
    """What came is described in a few words."""
    assert kind_of(value) == text


@pytest.mark.parametrize("lost", [np.nan, np.inf, -np.inf], ids=str)
def test_not_finite_where_every_value_would_do(lost: float) -> None:
    """A tolerance without end still refuses NaN and infinity."""
    difference = compare(np.ones(3), np.array([1.0, lost, 7.0]), rules=Rules(Tolerance(atol=np.inf)))
    assert difference is not None
    assert (difference.stage, difference.first) == ("finite", (1,))


_ALL = [
    *(0.0, 2.0, 2.0 + 1e-9, 2.1, -2.0, 2, True, None, "2.0", 2j, float("nan"), float("inf"), -float("inf")),
    *(np.array(number) for number in (2.0, 2, np.nan, np.inf, True)),
    *(np.float32(2.0), np.ones(1, np.float32), np.ones(2), np.ones(2) + 1e-9, np.ones((1, 2)), np.array([1.0, np.nan])),
    *(np.array([np.nan, 1.0]), np.array([1.0, np.inf]), np.array([1, 1]), np.array([1.0, 1e-7]), np.zeros((0, 2)), np.zeros(0)),
    *([1.0, 1.0], [1.0, 1e-7], (1.0, 1.0), [np.ones(2), 1.0], (np.ones(2), 1.0), (np.ones(2), np.array(1.0)), [[1.0, 1.0]]),
    *((np.ones(2), None), {"a": 2.0}, {"a": np.array(2.0)}, [], ()),
]


@pytest.mark.parametrize("allowed", [Tolerance(), Tolerance(4), Tolerance(atol=0.5), Tolerance(atol=np.inf), Tolerance(rtol=0.1)])
@pytest.mark.parametrize("array_like", [True, False])
def test_agreeing_is_having_no_difference(allowed: Tolerance, array_like: bool) -> None:
    """What is seen at once is what the whole comparison would say."""
    pairs = [(want, have) for want in _ALL for have in _ALL]
    rules = Rules(allowed, array_like, integer_inputs=True)
    seen = [agree(want, have, rules) for want, have in pairs]
    said = [compare(want, have, (), rules) is None for want, have in pairs]
    assert [pair for pair, one, other in zip(pairs, seen, said, strict=True) if one is not other] == []
