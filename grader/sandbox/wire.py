"""What crosses the trust line, and how it is checked.

    supervisor ──► Load | Step ──► child          length-prefixed msgpack frames over a byte stream,
    supervisor ◄── Reply ◄──────── child          numbered: a reply carries the number of its request

A frame is at most `MAX_FRAME` bytes. Decoding is the validation: a frame that does not fit the typed records below, or holds an array
whose byte count is not shape × itemsize, raises `WireError`, and nothing else.
"""

import struct
from typing import Any, Literal

import msgspec

from grader.sandbox.outcome import ChildOutcome, Returned
from grader.sandbox.values import UnsendableError, Value, WireError, check, size_text

MAX_FRAME = 64 << 20
HEADER = struct.Struct("<I")
LOAD_SEQ = 0xFFFF_FFFF  # the number of a Load; steps are numbered from 0 by their place in the plan


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Execute `modules[main]`; the other modules can be imported by it under their names."""

    seq: int
    main: str
    modules: dict[str, str]


class Step(msgspec.Struct, frozen=True, tag="step"):
    """One use of the student's code.

    Attributes:
        seq: place in the plan.
        case: steps of one case share their handles; a new number starts with none.
        op: `call` a function or method, `new` an object, `get` an attribute.
        target: `function`, `Class`, `handle.method` or `handle.attribute`.
        args, kwargs: what it is called with.
        save: the handle under which the result stays in the child ("" for none).
        reply: whether the result is sent back (a `new` object stays where it is).
        after: whether the arguments are sent back as they are after the call.
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


class Reply(msgspec.Struct, frozen=True):
    """What came of request `seq`."""

    seq: int
    outcome: ChildOutcome


_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Load | Step)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


def frame(record: Load | Step | Reply) -> bytes:
    """`record` as one frame: 4 bytes of length, then msgpack.

    Raises:
        UnsendableError: the frame would be larger than `MAX_FRAME`.
    """
    body = _encoder.encode(record)
    if len(body) > MAX_FRAME:
        raise UnsendableError("large_message", size_text(len(body)), size_text(MAX_FRAME))
    return HEADER.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """The length that a frame's 4-byte header announces; `WireError` above `MAX_FRAME`."""
    (length,) = HEADER.unpack(header)
    if length > MAX_FRAME:
        raise WireError(f"a message of {size_text(length)} was announced; at most {size_text(MAX_FRAME)} is read")
    return int(length)


def decode_request(body: bytes) -> Load | Step:
    """The child's side of `frame`."""
    request: Load | Step = _decode(_request_decoder, body)
    return request


def decode_reply(body: bytes) -> Reply:
    """The supervisor's side of `frame`: every array in the reply has been checked."""
    reply: Reply = _decode(_reply_decoder, body)
    if isinstance(reply.outcome, Returned):
        for value in (reply.outcome.value, *reply.outcome.after):
            check(value)
    return reply


def _decode(decoder: "msgspec.msgpack.Decoder[Any]", body: bytes) -> Any:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        raise WireError(f"not a message of this protocol: {error}") from None
