"""Frames: what is well formed arrives, everything else raises WireError and nothing else."""

from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.sandbox.outcome import BadReturn, OutOfMemory, Raised, Returned, Unimplemented
from grader.sandbox.values import Array, Complex, Items, UnsendableError, WireError, encode
from grader.sandbox.wire import (
    HEADER,
    MAX_FRAME,
    MAX_VALUES,
    Load,
    Reply,
    Step,
    body_length,
    count_values,
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
    assert body_length(data[:4]) == len(data) - 4
    assert decode_request(data[4:]) == request_


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_replies_round_trip(outcome: Any) -> None:
    """A reply is what it was."""
    assert decode_reply(frame(Reply(3, outcome))[4:]) == Reply(3, outcome)


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
        decode_reply(msgspec.msgpack.encode(thing))


def test_deep_nesting() -> None:
    """Nesting that would exhaust the stack is refused."""
    body = frame(Reply(0, Returned(7)))[4:]
    deep = b"\x93\xa5items\xa4list\x91" * 100_000 + b"\x07"
    with pytest.raises(WireError):
        decode_reply(body.replace(b"\x07", deep, 1))


@pytest.mark.parametrize("length", [MAX_FRAME + 1, 0xFFFF_FFFF])
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
            decode_reply(frame(Reply(0, outcome))[4:])
    assert decode_reply(frame(Reply(0, Returned(Complex(1, 2))))[4:]).outcome == Returned(Complex(1, 2))


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
        decode_reply(frame(Reply(0, outcome))[4:])


SIZED = (
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63), (1 << 64) - 1)
    | st.floats()
    | st.text(max_size=40)
    | st.binary(max_size=40)
)
SIZES = [0, 1, 15, 16, 31, 32, 255, 256, 65_535, 65_536]  # on both sides of each limit of msgpack's short forms


def values(thing: Any) -> int:
    """How many values there are in `thing`, itself included."""
    if isinstance(thing, dict):
        return 1 + sum(values(key) + values(value) for key, value in thing.items())
    return 1 + sum(map(values, thing)) if isinstance(thing, list) else 1


def counted(thing: Any) -> int:
    """How many of them `count_values` finds, in a message that is long enough to be counted."""
    return count_values(msgspec.msgpack.encode([bytes(MAX_VALUES), thing])) - 2


@given(st.recursive(SIZED, lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=5), inner, max_size=20)))
@settings(max_examples=50)
def test_values_are_counted_without_making_them(thing: Any) -> None:
    """As many values are counted as a decoder would make."""
    assert counted(thing) == values(thing)


@pytest.mark.parametrize("size", SIZES)
def test_values_of_every_length_are_counted(size: int) -> None:
    """Lists, maps, texts, bytes and extensions are counted right, whichever form of msgpack their length needs."""
    things = [
        [None] * size,
        {str(key): None for key in range(size)},
        "x" * size,
        bytes(size),
        msgspec.msgpack.Ext(1, bytes(size)),
    ]
    assert [counted(thing) for thing in things] == [1 + size, 1 + 2 * size, 1, 1, 1]


def test_too_many_values_to_send() -> None:
    """A reply of more values than may be read is not made."""
    many = Items("list", (Items("list", (None,) * 99_999),) * 11)
    with pytest.raises(UnsendableError, match="many_items"):
        frame(Reply(0, Returned(many)))


def test_too_many_values_to_read() -> None:
    """A reply of more values than may be read is refused before any of them is made."""
    with pytest.raises(WireError, match=f"more than {MAX_VALUES} values"):
        decode_reply(msgspec.msgpack.encode([[None] * 600_000, [None] * 600_000]))
