"""What the wire carries arrives as it was; what it does not carry is refused, whoever sends it."""

import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.values import (
    MAX_ALIKE,
    MAX_BITS,
    MAX_DEPTH,
    MAX_KEYS,
    Array,
    Items,
    LargeInteger,
    Mapping,
    Ref,
    Value,
    WireError,
    check,
    decode,
    encode,
)

DTYPES = [np.dtype(code) for code in "?bBhHiIlLqQefdFD"]
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
WORDS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 200), 1 << 200)
    | st.floats()
    | st.text(st.characters(exclude_categories=["Cs"]))
)
KEYS = PLAIN | st.tuples(PLAIN, st.tuples(PLAIN, PLAIN)) | st.frozensets(PLAIN, max_size=3)
NESTED = st.recursive(
    PLAIN | st.sets(KEYS, max_size=3) | st.frozensets(KEYS, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(KEYS, inner, max_size=3),
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
    """Lists, tuples, dicts and sets of any keys, numbers and text arrive equal and of the same types, however they are packed."""
    wire = encode(value)
    check(wire)
    packed = msgspec.msgpack.decode(msgspec.msgpack.encode(wire), type=Value)
    assert shown(decode(packed)) == shown(value)


def shown(value: Any) -> str:
    """A value as text, its sets in order: NaN is not equal to itself."""
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__} {sorted(map(shown, value))}"
    if isinstance(value, list | tuple):
        return f"{type(value).__name__} {list(map(shown, value))}"
    if isinstance(value, dict):
        return f"dict {[(shown(key), shown(item)) for key, item in value.items()]}"
    return repr(value)


@given(hnp.arrays(np.dtype("U4"), hnp.array_shapes(max_dims=3, max_side=3), elements=st.text(WORDS, max_size=4)))
def test_arrays_of_texts_round_trip(array: Any) -> None:
    """Arrays of texts arrive with every letter, whether numpy or Python keeps them."""
    for made in (array, array.astype(object), np.asfortranarray(array), array.astype(">U4")):
        wire = encode(made)
        check(wire)
        np.testing.assert_array_equal(decode(wire), array)


@pytest.mark.parametrize(
    "value",
    [
        np.array(["", "x" * 2_000_000] * 20, dtype=object),
        np.array([""] * 100_001),
        np.array(["\ud800"]),
    ],
    ids=["all as long as the longest", "many", "surrogate"],
)
def test_texts_that_are_not_carried(value: Any) -> None:
    """Texts of which one makes all long, too many of them, and half a letter are refused before they take room."""
    with pytest.raises(WireError):
        encode(value)


def test_empty_texts() -> None:
    """Texts of no letter have a price too."""
    assert decode(encode(np.zeros(3, "U0"))).tolist() == [""] * 3


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        ({np.int64(1): 2, np.float64(0.5): 3, np.str_("a"): 4, np.bool_(True): 5}, {1: 5, 0.5: 3, "a": 4}),
        ({np.int64(1), (np.int64(2), np.str_("b"))}, {1, (2, "b")}),
        (np.str_("text"), "text"),
        (np.array("text"), "text"),
    ],
)
def test_keys_of_numpy(value: Any, arrives: Any) -> None:
    """What counts with numpy has numpy's numbers as keys; they are the numbers that they equal."""
    assert shown(decode(encode(value))) == shown(arrives)


def test_a_set_is_the_same_in_every_process() -> None:
    """The order of a set on the wire does not depend on that in memory."""
    words = [f"word {n}" for n in range(50)]
    assert encode(set(words)) == encode({*words[::-1]})


@pytest.mark.parametrize(
    "value",
    [
        Items("set", (Items("list", ()),)),
        Items("set", (encode(np.ones(2)),)),
        Items("frozenset", (Mapping(()),)),
        Mapping(((Items("set", ()), 1),)),
        Mapping(((Items("tuple", (Items("list", ()),)), 1),)),
        Mapping(((Ref("x"), 1),)),
    ],
    ids=repr,
)
def test_what_is_no_key(value: Any) -> None:
    """A key that Python could not look up is found before it is tried."""
    with pytest.raises(WireError, match="key"):
        check(value)


@pytest.mark.parametrize("value", [{1: {(1, object()): 2}}, {b"bytes": 1}, {1 + 2j}, {(1, b"bytes")}])
def test_keys_that_are_not_carried(value: Any) -> None:
    """Keys of other types are refused with a reason for the student."""
    with pytest.raises(WireError, match=r"dict_key|set_item"):
        encode(value)


def _colliding(count: int) -> list[int]:
    """Numbers that Python looks up in the same places of a table."""
    return [key << 44 for key in range(count)]


@pytest.mark.parametrize("make", [dict.fromkeys, set, frozenset], ids=["dict", "set", "frozenset"])
def test_keys_that_collide(make: Any) -> None:
    """So many numbers as keys that looking them up could take the square of their number are refused on both sides."""
    with pytest.raises(WireError, match="many_keys"):
        encode(make(_colliding(MAX_KEYS + 1)))
    with pytest.raises(WireError, match="looked up"):
        check(Mapping(tuple((key, None) for key in _colliding(MAX_KEYS + 1))))
    with pytest.raises(WireError, match="looked up"):
        check(Items("set", tuple(_colliding(MAX_KEYS + 1))))
    assert decode(encode(make(_colliding(MAX_KEYS)))) == make(_colliding(MAX_KEYS))


def test_keys_of_one_hash() -> None:
    """Many keys with one hash are refused wherever they are: each look-up would compare with all of them."""
    prime = (1 << 61) - 1  # Python's hash of a number is its remainder
    alike = tuple(encode(factor * prime) for factor in range(1, MAX_ALIKE + 2))
    assert len({hash(decode(key)) for key in alike}) == 1
    for value in (Items("set", alike), Mapping(((Items("frozenset", alike), None),)), encode(dict.fromkeys(map(decode, alike)))):
        with pytest.raises(WireError, match="hash"):
            check(value)
    check(Items("set", alike[1:]))


def test_a_grid_of_places() -> None:
    """Pairs with -1 and -2 in them have few hashes, and can be sent."""
    grid = {(row, column) for row in range(-20, 20) for column in range(-20, 20)}
    check(encode(grid))
    assert decode(encode(grid)) == grid


@pytest.mark.parametrize("number", [1 << 64, -(1 << 63) - 1, math.factorial(1000), -(3**8000), (1 << MAX_BITS) - 1])
def test_large_integers(number: int) -> None:
    """Integers that 64 bits do not hold arrive with every digit."""
    wire = encode(number)
    check(wire)
    assert isinstance(wire, LargeInteger) and decode(wire) == number


@pytest.mark.parametrize("data", [b"", b"\x01", bytes(9), b"\xff" * 20, b"\x01" * (MAX_BITS // 8 + 2)], ids=len)
def test_large_integers_that_are_small(data: bytes) -> None:
    """What is called large and is not, or is longer than can be written, is refused."""
    with pytest.raises(WireError, match="an integer"):
        check(LargeInteger(data))


@pytest.mark.parametrize("key", ["{}", ("{}", "x")], ids=["words", "pairs of words"])
def test_many_words(key: Any) -> None:
    """A vocabulary may be as long as a list: nobody can choose the hashes of words."""
    made = {eval(repr(key).format(n)): n for n in range(MAX_KEYS + 1)}
    assert decode(encode(made)) == made
    check(encode(made))


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
        Array("<U2", (1,), b"1234"),
        Array("<U1", (1,), b"\x00\xd8\x00\x00"),
        Array("<U0", (1 << 40,), b""),
        Array("<U", (1 << 40,), b""),
        Array("<U1", (200_000,), bytes(800_000)),
        Array("<U99999999", (0,), b""),
        Array(">U1", (1,), b"\x00\x00\x00a"),
        Array("<M8[7s]", (1,), b"12345678"),
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
    "value",
    [
        1 << MAX_BITS,
        -(1 << MAX_BITS),
        b"bytes",
        object(),
        np.array([1, "a"], dtype=object),
        np.array([b"a"]),
        np.zeros(1, "i4,i4"),
        range(3),
    ],
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
