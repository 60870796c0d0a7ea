"""The values that cross the trust line: numbers, strings, dates, arrays and tables of them, and lists, tuples, dicts and sets of those.

There is no pickle and there are no object arrays: only what is listed here can be sent, and what arrives is checked before use.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from operator import eq
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Annotated, Any, Literal, Union

import msgspec
import numpy as np

from grader.sandbox.arrays import Array as Array
from grader.sandbox.arrays import check_array, decode_array, encode_array
from grader.sandbox.limits import MAX_BYTES as MAX_BYTES
from grader.sandbox.limits import MAX_DEPTH as MAX_DEPTH
from grader.sandbox.limits import MAX_DIMENSIONS as MAX_DIMENSIONS
from grader.sandbox.limits import MAX_ITEMS as MAX_ITEMS
from grader.sandbox.limits import Unsendable as Unsendable
from grader.sandbox.limits import UnsendableError as UnsendableError
from grader.sandbox.limits import WireError as WireError
from grader.sandbox.limits import size_text as size_text
from grader.sandbox.moments import Moment as Moment
from grader.sandbox.moments import check_moment, decode_moment, encode_moment
from grader.sandbox.tables import Table as Table
from grader.sandbox.tables import check_table, encode_table, is_table

MAX_KEYS = 2_000  # of one dict or set whose hashes a student can choose: n of them may take n² steps to look up
MAX_ALIKE = 50  # of them with one hash, where each step compares two keys; -1 and -2 have the same
MAX_BITS = 14_000  # of an integer: Python writes and reads 4,300 digits
_PLAIN = frozenset({bool, float, str, type(None)})  # which are sent as they are: most items of long lists are among them
_DECODED = _PLAIN | {int}


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


class Seeded(msgspec.Struct, frozen=True, tag="seeded", array_like=True):
    """A new `np.random.Generator` with this seed: an argument only, which never comes back."""

    seed: int


class Function(msgspec.Struct, frozen=True, tag="function", array_like=True):
    """A function of the course, or of a library, as an argument: by its name ("numpy.sin"), which the child looks up."""

    name: str


Value = Union[  # noqa: UP007 - msgspec resolves the forward references
    None, bool, int, float, str, Array, Complex, LargeInteger, Moment, Items, Mapping, Table, Ref, Seeded, Function
]


def refers(value: object) -> bool:
    """Whether a value is, or holds, an earlier result."""
    items = value.items if isinstance(value, Items | Mapping) else value if isinstance(value, tuple) else ()
    return isinstance(value, Ref) or any(map(refers, items))


def check(value: Value, depth: int = 0) -> None:
    """Raise `WireError` unless `value` is within the limits and its arrays are consistent."""
    if depth > MAX_DEPTH:
        raise WireError(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, Array):
        check_array(value)
    elif isinstance(value, Moment):
        check_moment(value)
    elif isinstance(value, Table):
        check_table(value)
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
    elif isinstance(value, Ref | Seeded | Function):
        raise WireError(f"a reference ({type(value).__name__}) where a value belongs")


def _check_keys(keys: Sequence[Value], depth: int) -> None:
    """Raise `WireError` unless the values may be the keys of a dict or the items of a set, and are looked up in linear time."""
    for key in keys:
        if isinstance(key, Items) and key.kind in ("tuple", "frozenset") and depth <= MAX_DEPTH:
            _check_keys(key.items, depth + 1)
        elif isinstance(key, LargeInteger | Moment):
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
    if type(obj) in _PLAIN:
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
        return encode_array(np.asarray(obj))
    if isinstance(obj, datetime.date | datetime.time | datetime.timedelta):
        found = encode_moment(obj)
        return found if isinstance(found, Moment) else encode(found)
    if isinstance(obj, Ref | Seeded | Function | Table):
        return obj
    if is_table(obj):
        return encode_table(obj)
    if isinstance(obj, list | tuple | dict | set | frozenset) and len(obj) > MAX_ITEMS:
        raise UnsendableError("many_items", type(obj).__name__, len(obj))
    if depth >= MAX_DEPTH:
        raise UnsendableError("nested", MAX_DEPTH)
    if isinstance(obj, list | tuple):
        items = [item if type(item) in _PLAIN else encode(item, depth + 1) for item in obj]
        return Items("tuple" if isinstance(obj, tuple) else "list", tuple(items))
    if isinstance(obj, dict):
        keys = _encode_keys(obj, "dict_key", depth + 1)
        return Mapping(tuple((key, encode(item, depth + 1)) for key, item in zip(keys, obj.values(), strict=True)))
    if isinstance(obj, set | frozenset):
        found_keys = _encode_keys(obj, "set_item", depth + 1)
        return Items("set" if isinstance(obj, set) else "frozenset", tuple(sorted(found_keys, key=_place)))
    if isinstance(obj, FunctionType | BuiltinFunctionType | MethodType):
        raise UnsendableError("function", obj.__name__)
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
        obj = (obj.astype(f"{obj.dtype.kind}8[us]") if obj.dtype.kind in "mM" else obj).item()
    if isinstance(obj, tuple | frozenset):
        if depth > MAX_DEPTH:
            raise UnsendableError("nested", MAX_DEPTH)
        items = [_encode_key(item, reason, depth + 1) for item in obj]
        return Items("tuple", tuple(items)) if isinstance(obj, tuple) else Items("frozenset", tuple(sorted(items, key=_place)))
    if obj is None or type(obj) in (bool, int, float, str):
        return encode(obj, depth)
    if isinstance(obj, datetime.date | datetime.time | datetime.timedelta) and isinstance(found := encode_moment(obj), Moment):
        return found
    raise UnsendableError(reason, type(obj).__name__)


def decode(value: Value, writable: bool = False) -> Any:
    """The Python object encoded as `value`; a `Ref`, a `Function` and a `Table` are returned as they are.

    Args:
        writable: whether it is an argument of the course's: arrays are then no read-only views, a table is what pandas makes of it,
            and the name of a time zone is followed.
    """
    if type(value) in _DECODED:
        return value
    if isinstance(value, Array):
        return decode_array(value, writable)
    if isinstance(value, Moment):
        return decode_moment(value, zoned=writable)
    if isinstance(value, Table):
        return value.to_pandas() if writable else value
    if isinstance(value, Complex):
        return complex(value.real, value.imag)
    if isinstance(value, LargeInteger):
        return _integer(value)
    if isinstance(value, Seeded):
        return np.random.default_rng(value.seed)
    if isinstance(value, Items):
        return collected(value.kind, [item if type(item) in _DECODED else decode(item, writable) for item in value.items])
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
