"""What the wire carries arrives as it was; what it does not carry is refused, whoever sends it."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.values import MAX_DEPTH, Array, Items, Ref, WireError, check, decode, encode

DTYPES = [np.dtype(code) for code in "?bBhHiIlLqQefdFD"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
)
NESTED = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
)


@given(ARRAYS)
def test_arrays_round_trip(array: np.ndarray[Any, Any]) -> None:
    """Every array of plain numbers arrives with its dtype, its shape and its very bytes."""
    wire = encode(array)
    check(wire)
    got = decode(wire)
    assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())
    assert not got.flags.writeable
    assert decode(wire, writable=True).flags.writeable


@given(NESTED)
def test_nested_values_round_trip(value: Any) -> None:
    """Lists, tuples, dicts, numbers and text arrive equal and of the same types."""
    wire = encode(value)
    check(wire)
    assert repr(decode(wire)) == repr(value)


@pytest.mark.parametrize(
    "make", [lambda a: a[::-1], lambda a: a.T, np.asfortranarray, lambda a: a.astype(">f8"), lambda a: a[:, :0]]
)
def test_any_memory_layout(make: Any) -> None:
    """Views, transposes and foreign byte orders arrive equal."""
    array = make(np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(decode(encode(array)), array)


@pytest.mark.parametrize(
    "array",
    [
        Array("<f8", (2,), b"12345678"),
        Array("<f8", (-1, -1), b"12345678"),
        Array("<f8", (-1,), b""),
        Array("<f8", (0, 1 << 62), b""),
        Array("<f8", (0, 1 << 62, 1 << 62), b""),
        Array("<f8", (1,) * 33, b"12345678"),
        Array("|O", (1,), b"12345678"),
        Array("|V8", (1,), b"12345678"),
        Array("<U2", (1,), b"12345678"),
        Array("<M8[s]", (1,), b"12345678"),
        Array(">f8", (1,), b"12345678"),
        Array("f8,f8", (1,), b"1234567812345678"),
        Array("nonsense", (1,), b"12345678"),
        Array("|b1", (2,), b"\x01\x02"),
    ],
)
def test_inconsistent_arrays_are_refused(array: Array) -> None:
    """A byte count, a shape or a dtype that cannot be is found before numpy sees it."""
    with pytest.raises(WireError):
        check(array)


def test_references_are_no_answer() -> None:
    """A child cannot answer with a reference."""
    with pytest.raises(WireError, match="reference"):
        check(Items("list", (Ref("x"),)))


def test_depth_is_bounded() -> None:
    """What is nested too deep is refused on both sides."""
    value: Any = []
    wire: Any = Items("list", ())
    for _ in range(MAX_DEPTH + 1):
        value, wire = [value], Items("list", (wire,))
    with pytest.raises(WireError):
        encode(value)
    with pytest.raises(WireError):
        check(wire)


@pytest.mark.parametrize(
    "value", [1 << 64, -(1 << 63) - 1, b"bytes", {1: 2}, object(), {1, 2}, np.array(["a"]), np.zeros(1, "i4,i4"), range(3)]
)
def test_what_is_not_carried(value: Any) -> None:
    """Anything else is refused with a reason for the student."""
    with pytest.raises(WireError):
        encode(value)


def test_long_lists() -> None:
    """A list of more items than are judged one by one is refused on both sides."""
    with pytest.raises(WireError, match="many_items"):
        encode([0.5] * 100_001)
    with pytest.raises(WireError):
        check(Items("list", (0.5,) * 100_001))
