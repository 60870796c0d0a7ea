"""Arrays on the wire: raw bytes with dtype and shape, of plain numbers, texts, dates and durations."""

import math
import re
from typing import Annotated, Any

import msgspec
import numpy as np

from grader.sandbox.limits import MAX_BYTES, MAX_DIMENSIONS, MAX_ITEMS, UnsendableError, WireError, size_text

_TEXT = re.compile(r"<U[1-9]\d{0,5}")  # the dtype of an array of texts
_TIMES = re.compile(
    r"<[Mm]8(\[(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?"
)  # of one of dates or durations; without a unit, of no date at all
_DTYPES = {np.dtype(code).str: np.dtype(code).itemsize for code in "?bBhHiIlLqQefdFD"}
_READ = {text: np.dtype(text) for text in _DTYPES}


class Array(msgspec.Struct, frozen=True, tag="array", array_like=True):
    """An n-dimensional array as raw bytes in C order (a numpy scalar has shape `()`)."""

    dtype: Annotated[str, msgspec.Meta(max_length=8)]  # checked when it is decoded: an error that quotes it stays short
    shape: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_DIMENSIONS)]
    data: bytes


def check_array(value: Array) -> None:
    """Raise `WireError` unless dtype, shape and bytes go together and are within the limits."""
    known = _DTYPES.get(value.dtype)
    fits = known is not None and 0 < math.prod(value.shape) * known == len(value.data) <= MAX_BYTES
    if fits and value.dtype != "|b1" and len(value.shape) <= MAX_DIMENSIONS and min(value.shape, default=0) >= 0:
        return  # as nearly all are
    text = _TEXT.fullmatch(value.dtype) is not None
    if value.dtype not in _DTYPES and not text and not _TIMES.fullmatch(value.dtype):
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


def encode_array(array: np.ndarray[Any, Any]) -> Array | str:
    """An array as it is sent; a single text as a string.

    Raises:
        UnsendableError: it holds objects, or is too large.
    """
    if (dtype := array.dtype.str) in _DTYPES and array.nbytes <= MAX_BYTES:
        return Array(dtype, array.shape, array.tobytes())  # as nearly all are
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
    if array.dtype.kind in "Mm":
        array = _in_one_unit(array)
    elif array.dtype.newbyteorder("=").str not in _DTYPES and array.dtype.kind != "U":
        raise UnsendableError("dtype", str(array.dtype)[:60])
    if array.nbytes > MAX_BYTES:
        raise UnsendableError("large_array", array.shape, size_text(array.nbytes), size_text(MAX_BYTES))
    native = array.astype(array.dtype.newbyteorder("="), order="C", copy=False)
    data = native.tobytes()
    if native.dtype.kind == "U" and not _is_unicode(data):
        raise UnsendableError("unknown", "surrogates")
    return Array(native.dtype.str, native.shape, data)


def decode_array(value: Array, writable: bool = False) -> np.ndarray[Any, Any]:
    """The array; a read-only view of the bytes unless `writable`."""
    array: np.ndarray[Any, Any] = np.ndarray(value.shape, _READ.get(value.dtype, value.dtype), value.data)
    return array.copy() if writable else array


def _in_one_unit(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Dates or durations in steps of one unit: numpy also counts in steps of 25 seconds."""
    unit, count = np.datetime_data(array.dtype)
    return array if count == 1 else array.astype(f"{array.dtype.kind}8[{unit}]")


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
