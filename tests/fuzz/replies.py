"""Replies for the fuzzer: every kind that there is, replies grown at random, damaged ones, and the largest that fit into a frame."""

import datetime as dt
import math
import random
import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from grader.sandbox.outcome import BadReturn, ChildOutcome, OutOfMemory, Raised, Returned, Unimplemented
from grader.sandbox.tables import Column
from grader.sandbox.values import Array, Complex, Function, Moment, Ref, Table, encode
from grader.sandbox.wire import HEADER, LOAD_SEQ, MAX_FRAME, Reply, frame

MAX_LENGTH = 4096  # bytes of a damaged reply

_COLUMN = Column("int64", Array("<i8", (2,), bytes(16)))
_WORDS_COLUMN = Column("str", Array("<U1", (2,), b"a\0\0\0\0\0\0\0"), Array("|b1", (2,), b"\0\1"))
TABLE = Table("frame", (("a",), (None, 1)), (_COLUMN, _WORDS_COLUMN), ("k", None), (_COLUMN, _WORDS_COLUMN))
SERIES = Table("series", ((Moment("date", "2024-02-29"),),), (_COLUMN,), (None,), (_COLUMN,))

OUTCOMES: tuple[ChildOutcome, ...] = (
    Returned(),
    Returned(encode(np.eye(2))),
    Returned(
        encode([np.float32(1.5), 1, -1, 1 << 63, 2.5, float("nan"), -0.0, True, None, "ä\x1b[31m"]), (encode(np.zeros((0, 3))),)
    ),
    Returned(encode({"a": (1, 2j), "b": {"c": [[[]]]}, "": np.array([True, False])}), (1, "x"), ("UserWarning: w",)),
    Returned(encode(np.arange(6, dtype="<i2").reshape(2, 3)), (encode(np.complex64(1j)), Complex(1.0, float("inf")))),
    Returned(encode([("conv2d", "numpy.convolve", "conv.py", 3, "np.convolve(x, w)")])),
    Returned(Array("<f8", (9,), b"12345678")),
    Returned(Ref("handle", 1)),
    Returned(Function("numpy.sin")),
    Returned(
        encode([dt.date(2024, 2, 29), dt.datetime(2024, 1, 2, 3, tzinfo=dt.UTC), dt.time(1), dt.timedelta(-1, 2, 3)]),
        aside="12 3",
    ),
    Returned(encode({dt.date(2024, 2, 29): np.array(["2024-01-01", "NaT"], "M8[D]"), "d": np.arange(2).astype("m8[ns]")})),
    Returned(TABLE, (SERIES,)),
    Raised("ValueError", ("ValueError", "Exception"), "m", "conv.py", 3, "x = 1"),
    Unimplemented("todo", True, "conv2d"),
    BadReturn("type", ("generator",), True),
    OutOfMemory(7),
)
_pack = msgspec.msgpack.encode


def seeds() -> list[bytes]:
    """Replies of every kind, and what is nearly one."""
    whole = [_body(Reply(seq, outcome)) for outcome in OUTCOMES for seq in (0, LOAD_SEQ)]
    value = whole[0].index(b"value") + 5
    deep = [
        whole[0][:value] + head * times + b"\x07"
        for head in (b"\x93\xa5items\xa4list\x91", b"\x91", b"\x81\xa1a")
        for times in (9, 300)
    ]
    lies = [whole[0][:value] + head + b"\xff" * 4 + b"\x07" for head in (b"\xdd", b"\xdf", b"\xdb", b"\xc6", b"\xc9\x01")]
    twice = [b"\x83\xa3seq\x00\xa3seq\x01" + whole[1][whole[1].index(b"\xa7outcome") :]]
    tags = ("died", "timed_out", "not_run", "load", "", "\x1b" * 40, 7, None)
    wrong = [_pack({"seq": 0, "outcome": {"type": tag}}) for tag in tags]
    short = [b"", b"\xc1", _pack([0, 1]), _pack({"seq": -1}), _pack({"seq": 2**64 - 1, "outcome": {}})]
    return whole + deep + lies + twice + wrong + short


# --- replies grown at random ------------------------------------------------------------------------------------------------------------

_TEXTS = ("", "x", "conv.py", "ä", "\x1b[2J", "\u202e", "<b>", "=1+1", "{0.__class__}", "%s", "n" * 300)
_LONG = ("n" * 301, "n" * 2001)
_NUMBERS = (0, 1, -1, 7, 1 << 31, 1 << 62, -(1 << 63))
_NO_NUMBERS = ((1 << 64) - 1, 0.5, None, "1")
_FLOATS = (0.5, -0.0, 1e308, float("nan"), float("inf"))
_DTYPES = ("<f8", "<f4", "|b1", "|u1", "<i8", "<u2", "<c16", "<U1", "<M8[D]", "<m8[ns]")
_NO_DTYPES = ("<f2", ">f8", "|O", "<U4", "<M8", "<M8[7s]", "<m8[x]", "|V8", "|S1", "=f8", "f8", "", "<f16")
_MOMENTS = (
    *(
        ("date", "2024-02-29"),
        ("datetime", "2024-01-02T03:04:05+02:00"),
        ("datetime", "0001-01-01T00:00:00"),
        ("time", "01:02:03"),
    ),
    *(("timedelta", "-5"), ("timedelta", "86399999999999999999"), ("datetime", "9999-12-31T23:59:59.999999-23:59")),
)
_NO_MOMENTS = (
    ("date", "2024-02-30"),
    ("timedelta", "9" * 30),
    ("time", "01:02+99:00"),
    ("week", "2024-W01"),
    ("date", ""),
    ("datetime", "x" * 50),
)
_COLUMNS = ("int64", "float64", "str", "object", "Int64", "boolean", "category", "datetime64[D, Europe/Madrid]", "S500000000")


def grown(rng: random.Random) -> bytes:
    """A reply with the right fields; every second one holds things that do not belong there."""
    return _pack(_Grower(rng, rng.choice((0.0, 0.1))).reply())[:MAX_LENGTH]


class _Grower:
    """Grows one reply, whose parts are wrong with the probability `lies`."""

    def __init__(self, rng: random.Random, lies: float) -> None:
        self._rng, self._lies = rng, lies

    def reply(self) -> Any:
        """All of it, as it stands on the wire."""
        several = self._pick(range(5), (10, 11))
        kind = self._pick(("returned",) * 4 + ("raised", "not_implemented", "bad_return", "out_of_memory"), ("died", "", 0))
        fields: dict[str, Any] = {
            "value": self._value(0),
            "after": [self._value(0) for _ in range(self._rng.choice((0, 0, 1, 3)))],
            "warnings": [self._text() for _ in range(several)],
        }
        if self._rng.random() < 0.2:
            fields["aside"] = self._text()
        if kind != "returned":
            fields = {
                "name": self._text(),
                "bases": [self._text()] * several,
                "message": self._text(),
                "line": self._number(),
                "missing": self._pick((True, False), (None, 0)),
                "near": self._text(),
                "limit": self._number(),
                "reason": self._pick(("type", "dtype", "unknown"), ("", 0)),
                "values": [self._text()] * several,
            }
        return {"seq": self._pick((0, LOAD_SEQ), _NO_NUMBERS), "outcome": {"type": kind, **fields}}

    def _pick(self, right: Sequence[Any], wrong: Sequence[Any]) -> Any:
        return self._rng.choice(wrong if self._rng.random() < self._lies else right)

    def _text(self) -> Any:
        return self._pick(_TEXTS, (*_LONG, *_NO_NUMBERS))

    def _number(self) -> Any:
        return self._pick(_NUMBERS, (*_NO_NUMBERS, "x"))

    def _value(self, depth: int) -> Any:
        if self._rng.random() < 0.15:
            return self._moment() if self._rng.random() < 0.5 else self._table()
        kind = self._rng.randrange(10 if depth < 15 or (self._lies and depth < 20) else 4)
        if kind == 0:
            return self._pick((None, True, False), ([], {}, b""))
        if kind == 1:
            return self._pick((*_NUMBERS, *_FLOATS), ({"type": "array"}, ["ref", "h", 0]))
        if kind == 2:
            return self._text()
        if kind == 3:
            return ["complex", self._pick(_FLOATS, ("1", None)), 1.0]
        if kind in (4, 5):
            return self._array()
        if kind == 6:
            return ["items", self._pick(("list", "tuple"), ("set", "")), self._several(depth)]
        if kind == 7:
            return ["mapping", [[self._text(), item] for item in self._several(depth)]]
        if kind == 8:  # what an answer to a Load may hold
            uses = [["items", "tuple", [self._text(), self._text(), self._text(), self._number(), self._text()]]]
            return ["items", "list", uses * self._rng.randrange(3)]
        return ["items", "list", [self._value(depth + 1)]]

    def _moment(self) -> Any:
        kind, text = self._pick(_MOMENTS, _NO_MOMENTS)
        return ["moment", kind, text, self._pick(("", "Europe/Madrid"), ("../../etc/passwd", "x" * 65, None))]

    def _table(self) -> Any:
        rows, count = self._rng.choice((0, 1, 2, 3)), self._rng.choice((0, 1, 2))
        kind = "series" if count == 1 and self._rng.random() < 0.5 else "frame"
        labels = [[self._label() for _ in range(self._pick((1, 2), (0, 9)))] for _ in range(count)]
        levels = self._pick((1, 2), (0,))
        names = [self._label() for _ in range(levels + self._pick((0,), (1,)))]
        columns = [self._column(rows) for _ in range(count + self._pick((0,), (1,)))]
        return ["table", self._pick((kind,), ("index", 0)), labels, columns, names, [self._column(rows) for _ in range(levels)]]

    def _label(self) -> Any:
        return (
            self._pick(("a", "b", None, 1, 0.5, True, float("nan")), ([], {}, b""))
            if self._rng.random() < 0.8
            else self._moment()
        )

    def _column(self, rows: int) -> Any:
        rows = self._pick((rows,), (rows + 1,))
        dtype = self._rng.choice(_DTYPES)
        size = rows * np.dtype(dtype).itemsize
        data = self._rng.choice(
            (bytes(size), (b"\1\0\0\0" * size)[:size], np.full(rows, np.nan).tobytes()[:size].ljust(size, b"\0"))
        )
        missing = (
            ["array", "|b1", [rows], bytes(self._rng.choice((0, 1)) for _ in range(rows))] if self._rng.random() < 0.3 else None
        )
        own = "str" if dtype == "<U1" else np.dtype(dtype).name
        return [self._pick((own, own, *_COLUMNS), ("", "\x1b[31m", "x" * 61)), ["array", dtype, [rows], data], missing]

    def _several(self, depth: int) -> list[Any]:
        return [self._value(depth + 1) for _ in range(self._rng.choice((0, 1, 1, 2, 4)))]

    def _array(self) -> Any:
        dtype = self._pick(_DTYPES, _NO_DTYPES)
        shape = [self._pick((0, 1, 2, 3, 5), (-1, 1 << 40, 1 << 62)) for _ in range(self._pick((0, 1, 2, 3), (33,)))]
        size = math.prod(shape) * (int(dtype[2:]) if dtype[2:].isdigit() else 1) + self._pick((0,), (-1, 1))
        return ["array", dtype, shape, self._pick((b"\0", b"\1"), (b"\xff",)) * min(max(size, 0), 512)]


# --- damage -----------------------------------------------------------------------------------------------------------------------------

_WORDS = (
    *(
        "seq",
        "outcome",
        "type",
        "value",
        "after",
        "warnings",
        "returned",
        "raised",
        "not_implemented",
        "bad_return",
        "out_of_memory",
    ),
    *("array", "items", "mapping", "complex", "ref", "list", "tuple", "<f8", "|b1", "<i8", "|O", "<U4", "name", "bases"),
    *("moment", "table", "function", "date", "timedelta", "frame", "series", "aside", "<M8[D]", "<m8[ns]", "int64", "str"),
)
_NESTS = (b"\x93\xa5items\xa4list\x91", b"\x92\xa7mapping\x91\x92\xa1k", b"\x91")
_TOKENS = (
    *(bytes([0xA0 + len(word)]) + word.encode() for word in _WORDS),
    *(bytes([byte]) for byte in b"\xc0\xc1\xc2\xc3\x00\xff\x80\x81\x90\x91"),
    *(b"\xcb" + start + bytes(6) for start in (b"\x7f\xf0", b"\x7f\xf8", b"\x80\x00")),
    *(b"\xc4\x00", b"\xc4\x08" + bytes(8), b"\xcf" + b"\xff" * 8, b"\xd3\x80" + bytes(7), b"\xa2\xc3\x28", b"\xd4\xff\x00"),
    *(head + b"\xff" * 4 for head in (b"\xdd", b"\xdf", b"\xc6", b"\xdb")),
    b"\xdc\xff\xff",
    *(_pack(encode(value)) for value in (np.ones(2), [1, (2,)], {"k": 1j})),
)


def damaged(data: bytes, rng: random.Random) -> bytes:
    """`data` with one thing changed, as somebody would who knows the format."""
    body, place = bytearray(data), rng.randrange(len(data) + 1)
    kind = rng.randrange(8)
    if kind == 0 and body:  # a bit
        body[place % len(body)] ^= 1 << rng.randrange(8)
    elif kind == 1:  # cut off
        del body[place:]
    elif kind == 2:  # longer
        body += rng.choice(_TOKENS) * rng.randrange(1, 9)
    elif kind == 3:  # a token put in
        body[place:place] = rng.choice(_TOKENS)
    elif kind == 4:  # a token in place of another
        token = rng.choice(_TOKENS)
        body[place : place + rng.choice((1, len(token), rng.randrange(9)))] = token
    elif kind == 5 and len(body) > 2:  # a piece moved, or doubled
        start = rng.randrange(len(body))
        piece = body[start : start + rng.randrange(1, 40)]
        if rng.random() < 0.5:
            del body[start : start + len(piece)]
        body[place:place] = piece
    elif kind == 6:  # nested
        body[place:place] = rng.choice(_NESTS) * rng.choice((1, 15, 17, 200))
    elif body:  # a size one more or less, or any other
        at = place % len(body)
        body[at] = rng.choice((body[at] + 1 & 255, body[at] - 1 & 255, rng.randrange(256)))
    return bytes(body[:MAX_LENGTH])


# --- frames as large as they may be -----------------------------------------------------------------------------------------------------


def huge(size: int = MAX_FRAME) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Names of the worst bodies of `size` bytes, and what makes each."""
    reply = _body(Reply(0, Returned()))
    value = reply.index(b"value") + 5
    before, after = reply[:value], reply[value + 1 :]
    rows, text = b"\x93\xa5items\xa4list\xdd", b"\xdb" + struct.pack(">I", size - 300)
    half = struct.pack(">I", size // 2)

    def fill(piece: bytes, head: bytes = rows) -> Callable[[], bytes]:
        count = (size - 300) // len(piece)
        announced = struct.pack(">I", count) if head else b""
        return lambda: before + head + announced + piece * count + after

    def lists() -> bytes:
        inner = rows + struct.pack(">I", 100_000) + b"\xe0" * 100_000
        return before + rows + struct.pack(">I", size // 110_000) + inner * (size // 110_000) + after

    yield "numbers of one byte", fill(b"\xe0")
    yield "texts of two letters", fill(b"\xa2xy")
    yield "numbers", fill(b"\xcb" + bytes(7) + b"\x01")
    yield "empty lists", fill(b"\x93\xa5items\xa4list\x90")
    yield "numbers without an axis", fill(b"\x94\xa5array\xa3|u1\x90\xc4\x01x")
    yield "lists of 100,000", lists
    yield "lists that announce 100,000 each", lambda: before + (rows + struct.pack(">I", 100_000)) * (size // 50) + after
    yield "lists in lists", fill(b"\x93\xa5items\xa4list\x91", b"")
    count = struct.pack(">I", size - 300)
    yield "arguments after the call", lambda: reply.replace(b"after\x90", b"after\xdd" + count + b"\xe0" * (size - 300))
    yield "one text, wide by one letter", lambda: before + text + "\U0001f600".encode() + b"x" * (size - 304) + after
    yield "a word of the protocol", lambda: reply.replace(b"\xa8returned", text + b"\x1b" * (size - 300))
    yield "a dtype", lambda: before + b"\x94\xa5array" + text + b"\x01" * (size - 300) + b"\x90\xc4\x00" + after
    yield "a shape", fill(b"\x01", b"\x94\xa5array\xa3<f8\xdd")
    yield "one array", lambda: before + b"\x94\xa5array\xa3|u1\x91\xce" + half + b"\xc6" + half + bytes(size // 2) + after
    # as many values as a frame may hold, each as large as a value gets
    many = struct.pack(">I", 99_000)
    lone = b"\x94\xa5array\xa3|u1\x91\x01\xc4\x01x"
    yield "99,000 arrays", lambda: before + rows + many + lone * 99_000 + after
    pairs = b"\x92\xa3key\x93\xa7complex\xcb" + bytes(8) + b"\xcb" + bytes(8)
    yield "a mapping of 99,000", lambda: before + b"\x92\xa7mapping\xdd" + many + pairs * 99_000 + after


def _body(reply: Reply) -> bytes:
    return frame(reply)[HEADER.size :]
