"""The messages that cross the trust line, and how they are checked.

    supervisor ──► Load | Step ──► child          length-prefixed msgpack frames over a byte stream,
    supervisor ◄── Reply ◄──────── child          numbered: a reply carries the number of its request

A request is at most `MAX_FRAME` bytes, and a reply costs at most `MAX_PRICE` bytes of memory, which is known before it is decoded (see
`price`). Decoding validates: a frame that does not fit the typed records below, or holds an array whose byte count is not
shape × itemsize, raises `WireError` and no other error.
"""

from typing import Any, Literal

import msgspec

from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.limits import HEADER as HEADER
from grader.sandbox.outcome import ChildOutcome, Returned
from grader.sandbox.price import CHEAP, MAX_PRICE, price
from grader.sandbox.values import UnsendableError, Value, WireError, check, size_text

MAX_FRAME = 64 << 20
MAX_QUOTE = 200
LOAD_SEQ = 0xFFFF_FFFF  # the number of a Load; steps are numbered from 0 by their position in the plan


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Execute `modules[main]`, which can import the other modules and `helpers` by their names; none may use what `rules` forbid.

    `data`: files by the names under which they can be opened. `parts`: modules to execute in place of `main`.
    """

    seq: int
    main: str
    modules: dict[str, str]
    rules: Rules | None = None
    helpers: dict[str, str] = {}
    data: dict[str, bytes] = {}
    parts: tuple[str, ...] = ()


Sent = Literal[
    "result", "printed", "axes", "titles", "labels", "legends", "lines", "points", "bars", "images", "scales", "limits",
    "has titles", "has labels", "has legends",
]  # fmt: skip
Loosely = Literal["rows in any order", "any index"]


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
        first: how many items of the iterator that comes are sent back, as a list; None: what comes is sent as it is.
        item: of the several results that come, the one that is sent back: the others may be anything, and stay; None: all of them.
        quiet: whether `print` does nothing, because the time counts: a line in every round costs more than the round.
        sends: what is sent back in place of the result: what was printed, or properties of the figures; several are a tuple.
        loosely: what of a table does not count, and is the same in every one that is sent.
        attributes: where the method is an exercise: what its object has after the call, sent in place of the result (none: the result).
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
    first: int | None = None
    item: int | None = None
    sends: tuple[Sent, ...] | msgspec.UnsetType = (
        msgspec.UNSET
    )  # left out of the frame of any other step, so that its bytes stay what they were
    loosely: tuple[Loosely, ...] | msgspec.UnsetType = msgspec.UNSET
    attributes: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def is_of_method(self) -> bool:
        """Whether it calls the method that its exercise is."""
        return not isinstance(self.attributes, msgspec.UnsetType)

    @property
    def part(self) -> str:
        """The method or attribute that it uses, which is a result of that name; "" where what it calls is the exercise itself."""
        return "" if self.is_of_method else self.target.partition(".")[2]

    @property
    def sent(self) -> tuple[Sent, ...]:
        """What is sent back, by name; nothing for an ordinary result."""
        return () if isinstance(self.sends, msgspec.UnsetType) else self.sends


class Reply(msgspec.Struct, frozen=True):
    """The outcome of request `seq`."""

    seq: int
    outcome: ChildOutcome


_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Load | Step)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


class _Decoded:
    """Replies by their bytes, up to a total price: then it begins anew. Threads share it."""

    LARGEST, ROOM = 1 << 14, 32 << 20

    def __init__(self) -> None:
        self._found: dict[bytes, tuple[Reply, int]] = {}
        self._total = 0

    def get(self, body: bytes) -> tuple[Reply, int] | None:
        return self._found.get(body)

    def keep(self, body: bytes, reply: Reply, cost: int) -> None:
        self._total += cost + len(body)
        if self._total > self.ROOM:
            self._found, self._total = {}, cost
        self._found[body] = reply, cost


_decoded = _Decoded()


def frame(record: Load | Step | Reply) -> bytes:
    """`record` as one frame: 4 bytes of length, then msgpack.

    Raises:
        UnsendableError: a request would be larger than `MAX_FRAME`, or a reply cost more than `MAX_PRICE`.
    """
    body = _encoder.encode(record)
    if isinstance(record, Reply):
        size, most = (price(body) if len(body) > CHEAP else 0), MAX_PRICE
    else:
        size, most = len(body), MAX_FRAME
    if size > most:
        raise UnsendableError("large_message", size_text(most))
    return HEADER.pack(len(body)) + body


def body_length(header: bytes | bytearray, most: int = MAX_PRICE) -> int:
    """The length in bytes that a frame's header announces; `WireError` above `most`."""
    (length,) = HEADER.unpack(header)
    if length > most:
        raise WireError(f"a message of {size_text(length)} was announced; at most {size_text(most)} is read")
    return int(length)


def decode_request(body: bytes | memoryview) -> Load | Step:
    """The inverse of `frame` in the child."""
    request: Load | Step = _decode(_request_decoder, body)
    return request


def decode_reply(body: bytes | bytearray, room: int = MAX_PRICE) -> tuple[Reply | None, int]:
    """The inverse of `frame` in the supervisor: the reply, every value of which has been checked, and its price; no reply above `room`.

    What many children of a class say is decoded once: those who are right say the same to the bit.

    Raises:
        WireError: it is invalid, or above `MAX_PRICE`: a child's own code does not send such a reply.
    """
    key = bytes(body) if len(body) <= _Decoded.LARGEST else b""
    if (known := _decoded.get(key)) is not None and known[1] <= room:
        return known
    cost = price(body)
    if cost > MAX_PRICE:
        raise WireError(f"a message that takes more than {size_text(MAX_PRICE)}")
    if cost > room:
        return None, cost
    reply: Reply = _decode(_reply_decoder, body)
    if isinstance(reply.outcome, Returned):
        for value in (reply.outcome.value, *reply.outcome.after):
            check(value)
    if key:
        _decoded.keep(key, reply, cost)
    return reply, cost


def _decode(decoder: "msgspec.msgpack.Decoder[Any]", body: bytes | bytearray | memoryview) -> Any:
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        # the error quotes what it read, whatever its length
        raise WireError(f"not a message of this protocol: {str(error)[:MAX_QUOTE]}") from None
