"""The values that cross the trust line: numbers, strings, arrays of plain numbers, and lists, tuples, dicts and sets of them.

There is no pickle and there are no object arrays: only what is listed here can be sent, and what arrives is checked before use.
"""

import math
import re
from collections.abc import Collection, Iterable, Sequence
from operator import eq
from typing import Annotated, Any, Literal, Union

import msgspec
import numpy as np

MAX_DEPTH = 16
MAX_DIMENSIONS = 32
MAX_BYTES = 32 << 20  # of one array
MAX_ITEMS = 100_000  # of one list, tuple, dict or set: they are judged item by item
MAX_KEYS = 2_000  # of one dict or set whose hashes a student can choose: n of them may take n² steps to look up
MAX_ALIKE = 50  # of them with one hash, where each step compares two keys; -1 and -2 have the same
MAX_BITS = 14_000  # of an integer: Python writes and reads 4,300 digits

_TEXT = re.compile(r"<U[1-9]\d{0,5}")  # the dtype of an array of texts
_DTYPES = {np.dtype(code).str for code in "?bBhHiIlLqQefdFD"}


class WireError(Exception):
    """An invalid value or frame; the message says which part is wrong."""


Unsendable = Literal[
    "nested", "large_integer", "many_items", "many_keys", "dict_key", "set_item", "type", "object_array", "dtype", "large_array",
    "large_message", "all_together", "one_result", "unknown",
]  # fmt: skip


class UnsendableError(WireError):
    """A value cannot be sent: a reason and its details, which `judge.messages` words."""

    def __init__(self, reason: Unsendable, *values: object) -> None:
        super().__init__(f"{reason} ({', '.join(map(str, values))})" if values else reason)
        self.reason = reason
        self.values = tuple(str(value)[:250].encode("utf-8", "backslashreplace").decode()[:300] for value in values)


class Array(msgspec.Struct, frozen=True, tag="array", array_like=True):
    """An n-dimensional array as raw bytes in C order (a numpy scalar has shape `()`)."""

    dtype: Annotated[str, msgspec.Meta(max_length=8)]  # checked when it is decoded: an error that quotes it stays short
    shape: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_DIMENSIONS)]
    data: bytes


class Complex(msgspec.Struct, frozen=True, tag="complex", array_like=True):
    """A Python complex number."""

    real: float
    imag: float


class LargeInteger(msgspec.Struct, frozen=True, tag="integer", array_like=True):
    """An integer that 64 bits do not hold: two's complement, the lowest byte first."""

    data: Annotated[bytes, msgspec.Meta(max_length=MAX_BITS // 8 + 1)]


Kind = Literal["list", "tuple", "set", "frozenset"]


class Items(msgspec.Struct, frozen=True, tag="items", array_like=True):
    """A list, a tuple or a set; the items of a set are keys (see `_check_keys`), in an order that depends on nothing but them."""

    kind: Kind
    items: "tuple[Value, ...]"

    @property
    def is_set(self) -> bool:
        """Whether the order of the items means nothing."""
        return self.kind in ("set", "frozenset")


class Mapping(msgspec.Struct, frozen=True, tag="mapping", array_like=True):
    """A dict, in insertion order; its keys are strings, numbers, None, and tuples and frozensets of them."""

    items: "tuple[tuple[Value, Value], ...]"


class Ref(msgspec.Struct, frozen=True, tag="ref", array_like=True):
    """An earlier result that stays in the child: the handle's name and the index of one of its items (`None`: all of it)."""

    handle: str
    item: int | None = None


Value = Union[None, bool, int, float, str, Array, Complex, LargeInteger, Items, Mapping, Ref]  # noqa: UP007 - msgspec resolves the forward references


def check(value: Value, depth: int = 0) -> None:
    """Raise `WireError` unless `value` is within the limits and its arrays are consistent."""
    if depth > MAX_DEPTH:
        raise WireError(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, Array):
        text = _TEXT.fullmatch(value.dtype) is not None
        if value.dtype not in _DTYPES and not text:
            raise WireError(f"dtype {value.dtype!r:.40} is not a plain number")
        if len(value.shape) > MAX_DIMENSIONS or any(n < 0 for n in value.shape):
            raise WireError(f"impossible shape {value.shape!r:.80}")
        size = np.dtype(value.dtype).itemsize
        if math.prod(value.shape) * size != len(value.data):
            raise WireError(f"{len(value.data)} bytes for shape {value.shape} of {value.dtype}")
        if math.prod(n or 1 for n in value.shape) * size > MAX_BYTES:  # numpy refuses (0, 2**62) too
            raise WireError(f"impossible shape {value.shape!r:.80}")
        if value.dtype == "|b1" and value.data.strip(b"\0\1"):
            raise WireError("a boolean that is neither true nor false")
        if text and (math.prod(value.shape) > MAX_ITEMS or not _is_unicode(value.data)):
            raise WireError(f"{math.prod(value.shape)} texts, or one that is not Unicode")
    elif isinstance(value, LargeInteger):
        if len(value.data) * 8 > MAX_BITS + 8 or is_short(_integer(value)):
            raise WireError(f"an integer of {len(value.data)} bytes")
    elif isinstance(value, Items | Mapping):
        if len(value.items) > MAX_ITEMS:
            raise WireError(f"a list of {len(value.items)} items")
        if isinstance(value, Mapping):
            _check_keys([key for key, _item in value.items], depth + 1)
        elif value.is_set:
            _check_keys(value.items, depth + 1)
            return
        for item in value.items if isinstance(value, Items) else (item for _, item in value.items):
            check(item, depth + 1)
    elif isinstance(value, Ref):
        raise WireError("a reference where a value belongs")


def _check_keys(keys: Sequence[Value], depth: int) -> None:
    """Raise `WireError` unless the values may be the keys of a dict or the items of a set, and are looked up in linear time."""
    for key in keys:
        if isinstance(key, Items) and key.kind in ("tuple", "frozenset") and depth <= MAX_DEPTH:
            _check_keys(key.items, depth + 1)
        elif isinstance(key, LargeInteger):
            check(key)
        elif not (key is None or isinstance(key, bool | int | float | str)):
            raise WireError(f"a {type(key).__name__} as a key, or one that is nested deeper than {MAX_DEPTH} levels")
    foreseeable = _foreseeable(keys)
    if foreseeable > MAX_KEYS:
        raise WireError(f"{foreseeable} keys that may be looked up in one place")
    if foreseeable > MAX_ALIKE:
        hashes = sorted(hash(decode(key)) for key in keys)
        if any(map(eq, hashes, hashes[MAX_ALIKE:])):
            raise WireError(f"more than {MAX_ALIKE} keys with one hash")


def _foreseeable(keys: Iterable[Value]) -> int:
    """How many of the keys have a hash that anybody can compute: all but texts, whose hashes differ in every process."""
    return sum(not _is_hidden(key) for key in keys)


def _is_hidden(key: Value) -> bool:
    if isinstance(key, Items):
        return key.kind == "tuple" and bool(key.items) and all(map(_is_hidden, key.items))
    return isinstance(key, str) and bool(key)


def encode(obj: Any, depth: int = 0) -> Value:
    """`obj` as a wire value. An `ndarray` subclass becomes a plain array, a numpy scalar an array of shape `()`.

    Raises:
        UnsendableError: `obj` is or contains something that cannot be sent.
    """
    if obj is None or type(obj) in (bool, float, str):
        return obj  # type: ignore[no-any-return]
    if type(obj) is int:
        if is_short(obj):
            return obj
        if obj.bit_length() > MAX_BITS:
            raise UnsendableError("large_integer", obj.bit_length(), MAX_BITS)
        return LargeInteger(obj.to_bytes(obj.bit_length() // 8 + 1, "little", signed=True))
    if type(obj) is complex:
        return Complex(obj.real, obj.imag)
    if isinstance(obj, np.str_):
        return str(obj)
    if isinstance(obj, np.ndarray | np.generic):
        return _encode_array(np.asarray(obj))
    if isinstance(obj, Ref):
        return obj
    if isinstance(obj, list | tuple | dict | set | frozenset) and len(obj) > MAX_ITEMS:
        raise UnsendableError("many_items", type(obj).__name__, len(obj))
    if depth >= MAX_DEPTH:
        raise UnsendableError("nested", MAX_DEPTH)
    if isinstance(obj, list | tuple):
        return Items("tuple" if isinstance(obj, tuple) else "list", tuple(encode(item, depth + 1) for item in obj))
    if isinstance(obj, dict):
        keys = _encode_keys(obj, "dict_key", depth + 1)
        return Mapping(tuple((key, encode(item, depth + 1)) for key, item in zip(keys, obj.values(), strict=True)))
    if isinstance(obj, set | frozenset):
        items = _encode_keys(obj, "set_item", depth + 1)
        return Items("set" if isinstance(obj, set) else "frozenset", tuple(sorted(items, key=_place)))
    raise UnsendableError("type", type(obj).__name__)


def _place(key: Value) -> tuple[str, str]:
    """What sorts the items of a set, which Python keeps in another order in every process."""
    return type(key).__name__, repr(key)


def _encode_keys(objs: Collection[Any], reason: Unsendable, depth: int) -> list[Value]:
    keys = [_encode_key(obj, reason, depth) for obj in objs]
    if _foreseeable(keys) > MAX_KEYS:
        raise UnsendableError("many_keys", type(objs).__name__, len(keys), MAX_KEYS)
    return keys


def _encode_key(obj: Any, reason: Unsendable, depth: int) -> Value:
    """A key of a dict or an item of a set; a numpy scalar becomes the plain number or text that it is equal to."""
    if isinstance(obj, np.generic):
        obj = obj.item()
    if isinstance(obj, tuple | frozenset):
        if depth > MAX_DEPTH:
            raise UnsendableError("nested", MAX_DEPTH)
        items = [_encode_key(item, reason, depth + 1) for item in obj]
        return Items("tuple", tuple(items)) if isinstance(obj, tuple) else Items("frozenset", tuple(sorted(items, key=_place)))
    if obj is None or type(obj) in (bool, int, float, str):
        return encode(obj, depth)
    raise UnsendableError(reason, type(obj).__name__)


def _encode_array(array: np.ndarray[Any, Any]) -> Array | str:
    if array.dtype.kind in "OT":
        array = _texts(array)
    if array.dtype.kind == "U":
        if not array.ndim:
            return str(array)
        if array.size > MAX_ITEMS:
            raise UnsendableError("many_items", "array of strings", array.size)
        if not array.dtype.itemsize:  # nothing but empty texts
            array = array.astype("U1")
    if array.dtype in (np.dtype(np.longdouble), np.dtype(np.clongdouble)) and array.dtype.str not in _DTYPES:
        array = array.astype(np.complex128 if array.dtype.kind == "c" else np.float64)
    if array.dtype.newbyteorder("=").str not in _DTYPES and array.dtype.kind != "U":
        raise UnsendableError("dtype", str(array.dtype)[:60])
    if array.nbytes > MAX_BYTES:
        raise UnsendableError("large_array", array.shape, size_text(array.nbytes), size_text(MAX_BYTES))
    native = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
    data = native.tobytes()
    if native.dtype.kind == "U" and not _is_unicode(data):
        raise UnsendableError("unknown", "surrogates")
    return Array(native.dtype.str, native.shape, data)


def _texts(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """An array of Python's strings, as one of numpy's; every text takes as much room as the longest."""
    items = array.ravel().tolist()
    if not items or not all(isinstance(item, str) for item in items):
        raise UnsendableError("object_array")
    size = len(items) * 4 * max(map(len, items))
    if size > MAX_BYTES:
        raise UnsendableError("large_array", array.shape, size_text(size), size_text(MAX_BYTES))
    return np.array(items, dtype=np.str_).reshape(array.shape)


def _is_unicode(data: bytes) -> bool:
    """Whether these are letters of four bytes each, none of them a surrogate, which cannot be written."""
    letters = np.frombuffer(data, "<u4")
    return bool(np.all((letters < 0xD800) | ((letters > 0xDFFF) & (letters <= 0x10FFFF))))


def decode(value: Value, writable: bool = False) -> Any:
    """The Python object encoded as `value`; arrays are read-only views unless `writable`. A `Ref` is returned as it is."""
    if isinstance(value, Array):
        array = np.frombuffer(value.data, np.dtype(value.dtype)).reshape(value.shape)
        return array.copy() if writable else array
    if isinstance(value, Complex):
        return complex(value.real, value.imag)
    if isinstance(value, LargeInteger):
        return _integer(value)
    if isinstance(value, Items):
        return collected(value.kind, (decode(item, writable) for item in value.items))
    if isinstance(value, Mapping):
        return {decode(key): decode(item, writable) for key, item in value.items}
    return value


def is_short(number: int) -> bool:
    """Whether numpy has an integer type that holds the number."""
    return -(1 << 63) <= number < 1 << 64


def _integer(value: LargeInteger) -> int:
    return int.from_bytes(value.data, "little", signed=True)


def collected(kind: Kind, items: Iterable[Any]) -> Any:
    """A list, a tuple or a set of these items."""
    return {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset}[kind](items)


def size_text(count: float) -> str:
    """`count` bytes in words: "4.2 MB"."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:,.0f} TB"
