"""Frames: what is well formed arrives, everything else raises WireError and nothing else."""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.outcome import BadReturn, OutOfMemory, Raised, Returned, Unimplemented
from grader.sandbox.price import EACH, LETTER, MAX_PRICE, price
from grader.sandbox.values import MAX_BYTES, Array, Complex, Items, Mapping, UnsendableError, WireError, encode
from grader.sandbox.wire import (
    HEADER,
    MAX_FRAME,
    Load,
    Reply,
    Step,
    _Decoded,
    _decoded,
    body_length,
    decode_reply,
    decode_request,
    frame,
)

REQUESTS = (
    Load(1, "work", {"work": "x = 1"}),
    Step(2, 0, "call", "f", (encode(np.eye(2)), 1, None), (("k", "v"),), "h", False, True),
)
OUTCOMES = (
    Returned(encode([np.eye(2), 1j, "ä"]), (encode(np.zeros(0)),), ("w",)),
    Raised("E", ("E",), "m"),
    Unimplemented("u", True),
    BadReturn("type", ("set",), changed=True),
    OutOfMemory(1),
)


@pytest.mark.parametrize("request_", REQUESTS)
def test_requests_round_trip(request_: Any) -> None:
    """A request is what it was."""
    data = frame(request_)
    assert body_length(data[:4], MAX_FRAME) == len(data) - 4
    assert decode_request(data[4:]) == request_


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_replies_round_trip(outcome: Any) -> None:
    """A reply is what it was."""
    assert decode_reply(frame(Reply(3, outcome))[4:])[0] == Reply(3, outcome)


@given(st.binary(max_size=200))
def test_garbage(data: bytes) -> None:
    """Random bytes are a reply or a WireError."""
    for decoder in (decode_reply, decode_request):
        try:
            decoder(data)
        except WireError:
            continue


@given(st.sampled_from(OUTCOMES), st.data())
def test_damaged_replies(outcome: Any, data: st.DataObject) -> None:
    """A reply with some bytes changed or cut off is a reply or a WireError."""
    body = bytearray(frame(Reply(0, outcome))[4:])
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode_reply(bytes(body[: data.draw(st.integers(0, len(body)))]))
    except WireError:
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(max_size=5) | st.binary(max_size=9),
        lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text(max_size=5), x, max_size=4),
    )
)
def test_well_formed_nonsense(thing: Any) -> None:
    """msgpack of the wrong shape is refused, whatever it holds."""
    with pytest.raises(WireError):
        decode_reply(msgspec.msgpack.encode(thing))[0]


def test_deep_nesting() -> None:
    """Nesting that would exhaust the stack is refused."""
    body = frame(Reply(0, Returned(7)))[4:]
    deep = b"\x93\xa5items\xa4list\x91" * 100_000 + b"\x07"
    with pytest.raises(WireError):
        decode_reply(body.replace(b"\x07", deep, 1))[0]


@pytest.mark.parametrize("length", [MAX_PRICE + 1, 0xFFFF_FFFF])
def test_announced_length(length: int) -> None:
    """A length above the limit is refused before anything is read."""
    with pytest.raises(WireError):
        body_length(HEADER.pack(length))


def test_too_large_to_send() -> None:
    """A frame above the limit is not made."""
    with pytest.raises(WireError):
        frame(Reply(0, Returned(Array("|u1", (MAX_FRAME,), bytes(MAX_FRAME)))))


def test_a_lying_array_in_the_arguments() -> None:
    """Arrays are checked wherever they are in a reply."""
    lie = Array("<f8", (9,), b"12345678")
    for outcome in (Returned(lie), Returned(None, (lie,))):
        with pytest.raises(WireError):
            decode_reply(frame(Reply(0, outcome))[4:])[0]
    assert decode_reply(frame(Reply(0, Returned(Complex(1, 2))))[4:])[0] == Reply(0, Returned(Complex(1, 2)))


@pytest.mark.parametrize(
    "outcome",
    [
        Raised("E" * 400, (), ""),
        Raised("E", ("B",) * 11, ""),
        Raised("E", ("B" * 400,), ""),
        Raised("E", (), "m" * 2001),
        Raised("E", (), "", "f" * 400),
        Raised("E", (), "", "f", 1, "t" * 400),
        Unimplemented("m" * 2001),
        BadReturn("type", ("r" * 301,)),
        Returned(None, (), ("w" * 400,)),
        Returned(None, (), ("w",) * 11),
    ],
    ids=lambda outcome: repr(outcome)[:40],
)
def test_long_text_is_no_message(outcome: Any) -> None:
    """Text that a child should have cut is refused when it is decoded: whoever speaks for the child may be the student's code."""
    with pytest.raises(WireError):
        decode_reply(frame(Reply(0, outcome))[4:])[0]


SIZED = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats()
    | st.text(max_size=40)
    | st.binary(max_size=40)
)
SIZES = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]  # on both sides of each limit of msgpack's short forms


def worth(thing: Any) -> int:
    """What `thing` costs, itself included."""
    if isinstance(thing, dict):
        return EACH + sum(worth(key) + worth(value) for key, value in thing.items())
    if isinstance(thing, list):
        return EACH + sum(map(worth, thing))
    return EACH + (LETTER * len(thing.encode()) if isinstance(thing, str) else len(thing) if isinstance(thing, bytes) else 0)


@given(st.recursive(SIZED, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=5), inner, max_size=20)))
@settings(max_examples=50)
def test_values_are_priced_without_making_them(thing: Any) -> None:
    """Everything that a decoder would make has a price, that of an empty list too."""
    assert price(msgspec.msgpack.encode(thing)) == worth(thing)


@pytest.mark.parametrize("size", SIZES)
def test_values_of_every_length_are_priced(size: int) -> None:
    """Lists, maps, texts, bytes and extensions are priced right, whichever form of msgpack their length needs."""
    things = [
        [None] * size,
        {str(key): None for key in range(size)},
        "x" * size,
        bytes(size),
        msgspec.msgpack.Ext(1, bytes(size)),
    ]
    prices = [
        EACH * (1 + size),
        EACH * (1 + 2 * size) + LETTER * sum(len(str(key)) for key in range(size)),
        EACH + LETTER * size,
        EACH + size,
        EACH + (0 if size in (1, 2, 4, 8, 16) else size),  # a short one is no more than a number
    ]
    assert [price(msgspec.msgpack.encode(thing)) for thing in things] == prices


@pytest.mark.parametrize("size", [b"\xdc\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff"])
def test_what_is_announced_is_paid(size: bytes) -> None:
    """A list costs what it says that it holds, although nothing follows."""
    assert price(size) >= EACH * 0xFFFF


BOMBS: dict[str, Any] = {
    "empty lists": Items("list", (Items("list", ()),) * 99_999),
    "empty dicts": Items("list", (Mapping(()),) * 99_999),
    "empty arrays": Items("list", (encode(np.zeros(0)),) * 99_999),
    "keys": Mapping((("k", None),) * 99_999),
    "empty sets": Items("list", (Items("set", ()),) * 99_999),
    "empty tuples as keys": Mapping(((Items("tuple", ()), None),) * 99_999),
    "numbers": Items("list", (Items("list", (0.0,) * 99_999),) * 6),
    "a text": "x" * 9_000_000,
}


@pytest.mark.parametrize("kind", BOMBS)
def test_too_much_to_send(kind: str) -> None:
    """A reply that costs more memory than may be read is not made, whatever it is made of."""
    with pytest.raises(UnsendableError, match="large_message"):
        frame(Reply(0, Returned(Items("list", (BOMBS[kind],) * 3))))


def test_two_large_arrays_are_not_one() -> None:
    """An array of the largest size can be sent, and two of them cannot."""
    array = Array("|u1", (MAX_BYTES,), bytes(MAX_BYTES))
    assert body_length(frame(Reply(0, Returned(array)))[:4]) < MAX_PRICE
    with pytest.raises(UnsendableError):
        frame(Reply(0, Returned(array, (array,))))


def test_what_was_decoded_before_needs_room_again() -> None:
    """A reply that others have sent, too, is the same reply, and counts against each one's room."""
    body = frame(Reply(3, Returned(encode([1.0, 2.0]))))[4:]
    first, cost = decode_reply(body)
    assert decode_reply(bytearray(body)) == (first, cost) and cost > 1
    assert decode_reply(body, room=cost - 1) == (None, cost)


def test_what_is_remembered_of_replies_is_bounded() -> None:
    """Cheap bytes that are dear once they are decoded do not fill the memory."""
    most = decode_reply(frame(Reply(0, Returned(encode([0] * 10_000))))[4:])[1]
    for seq in range(2 * _Decoded.ROOM // most):
        decode_reply(frame(Reply(seq, Returned(encode([0] * 10_000))))[4:])
        assert sum(cost for _, cost in _decoded._found.values()) <= _Decoded.ROOM
