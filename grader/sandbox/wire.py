"""The messages that cross the trust line, and how they are checked.

    supervisor ──► Load | Step ──► child          length-prefixed msgpack frames over a byte stream,
    supervisor ◄── Reply ◄──────── child          numbered: a reply carries the number of its request

A frame is at most `MAX_FRAME` bytes and holds at most `MAX_VALUES` values: those of a reply are counted before any is decoded, because one
byte can decode to forty bytes of memory. Decoding validates: a frame that does not fit the typed records below, or holds an array whose
byte count is not shape × itemsize, raises `WireError` and no other error.
"""

import struct
from typing import Any, Literal

import msgspec

from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.outcome import ChildOutcome, Returned
from grader.sandbox.values import UnsendableError, Value, WireError, check, size_text

MAX_FRAME = 64 << 20
MAX_VALUES = 1_000_000  # numbers, strings, arrays and lists in one reply
MAX_QUOTE = 200
HEADER = struct.Struct("<I")
LOAD_SEQ = 0xFFFF_FFFF  # the number of a Load; steps are numbered from 0 by their position in the plan


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Execute `modules[main]`, which can import the other modules by their names; none may use what `rules` forbid."""

    seq: int
    main: str
    modules: dict[str, str]
    rules: Rules | None = None


class Step(msgspec.Struct, frozen=True, tag="step"):
    """One use of the student's code.

    Attributes:
        seq: position in the plan.
        case: steps of one case share their handles; a new number starts without any.
        op: `call` a function or method, `new` an object, `get` an attribute.
        target: `function`, `Class`, `handle.method` or `handle.attribute`.
        args, kwargs: the arguments of the call.
        save: the handle under which the result stays in the child ("" for none).
        reply: whether the result is sent back (a `new` object stays where it is).
        after: whether the arguments are sent back as they are after the call.
        quiet: whether `print` does nothing, because the time counts: a line in every round costs more than the round.
    """

    seq: int
    case: int
    op: Literal["call", "new", "get"]
    target: str
    args: tuple[Value, ...] = ()
    kwargs: tuple[tuple[str, Value], ...] = ()
    save: str = ""
    reply: bool = True
    after: bool = False
    quiet: bool = False


class Reply(msgspec.Struct, frozen=True):
    """The outcome of request `seq`."""

    seq: int
    outcome: ChildOutcome


_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Load | Step)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


def frame(record: Load | Step | Reply) -> bytes:
    """`record` as one frame: 4 bytes of length, then msgpack.

    Raises:
        UnsendableError: the frame would be larger than `MAX_FRAME`, or a reply would hold more than `MAX_VALUES`.
    """
    body = _encoder.encode(record)
    if len(body) > MAX_FRAME:
        raise UnsendableError("large_message", size_text(len(body)), size_text(MAX_FRAME))
    if isinstance(record, Reply) and count_values(body) > MAX_VALUES:
        raise UnsendableError("many_items", "result", f"more than {MAX_VALUES}")
    return HEADER.pack(len(body)) + body


def body_length(header: bytes | bytearray) -> int:
    """The length in bytes that a frame's header announces; `WireError` above `MAX_FRAME`."""
    (length,) = HEADER.unpack(header)
    if length > MAX_FRAME:
        raise WireError(f"a message of {size_text(length)} was announced; at most {size_text(MAX_FRAME)} is read")
    return int(length)


def decode_request(body: bytes) -> Load | Step:
    """The inverse of `frame` in the child."""
    request: Load | Step = _decode(_request_decoder, body)
    return request


def decode_reply(body: bytes | bytearray) -> Reply:
    """The inverse of `frame` in the supervisor: every value in the reply has been checked."""
    if count_values(body) > MAX_VALUES:
        raise WireError(f"a message of more than {MAX_VALUES} values")
    reply: Reply = _decode(_reply_decoder, body)
    if isinstance(reply.outcome, Returned):
        for value in (reply.outcome.value, *reply.outcome.after):
            check(value)
    return reply


def count_values(body: bytes | bytearray) -> int:
    """How many msgpack values `body` announces, at least as many as a decoder makes; its length if that is below `MAX_VALUES`.

    Counting stops above `MAX_VALUES`. Whether `body` is valid msgpack is for the decoder to check.
    """
    place, left, count, end = 0, 1, 1, len(body)
    if end <= MAX_VALUES:
        return end
    while left and place < end and count <= MAX_VALUES:
        token = body[place]
        left -= 1
        if step := _WIDTHS[token]:
            place += step
            continue
        start, items = place, 0
        if token <= 0x9F:  # a short map or list
            place, items = start + 1, (token & 15) << (token < 0x90)
        elif token in _SIZED:  # bytes, text or an extension behind its size
            width, more = _SIZED[token]
            place = start + 1 + width + more + int.from_bytes(body[start + 1 : start + 1 + width], "big")
        else:  # a long list or map
            width = 2 << (token & 1)
            place = start + 1 + width
            items = int.from_bytes(body[start + 1 : place], "big") << (token >= 0xDE)
        count += items
        left += items
    return count


# The length of a value that begins with this byte; 0 if a size or other values follow.
_WIDTHS = tuple(
    [1] * 0x80  # small integers
    + [0] * 0x20  # short maps and lists
    + [1 + size for size in range(0x20)]  # short text
    + [1, 1, 1, 1]  # nil, unused, false, true
    + [0] * 6  # bytes and extensions
    + [5, 9]  # floats
    + [2, 3, 5, 9] * 2  # integers
    + [3, 4, 6, 10, 18]  # short extensions
    + [0] * 7  # text, lists, maps
    + [1] * 0x20  # small negative integers
)
# For bytes, extensions and text: the width of the size that follows, and the bytes between it and the data.
_SIZED = {
    0xC4: (1, 0), 0xC5: (2, 0), 0xC6: (4, 0),
    0xC7: (1, 1), 0xC8: (2, 1), 0xC9: (4, 1),
    0xD9: (1, 0), 0xDA: (2, 0), 0xDB: (4, 0),
}  # fmt: skip


def _decode(decoder: "msgspec.msgpack.Decoder[Any]", body: bytes | bytearray) -> Any:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        # the error quotes what it read, whatever its length
        raise WireError(f"not a message of this protocol: {str(error)[:MAX_QUOTE]}") from None
