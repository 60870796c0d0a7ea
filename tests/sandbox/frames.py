"""Strategies for everything that crosses a process's border: values, requests, replies, packets; and how to damage their bytes."""

from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st

from grader.sandbox import control
from grader.sandbox.import_policy.rules import Rules
from grader.sandbox.outcome import MAX_TEXT, BadReturn, OutOfMemory, Raised, Returned, Unimplemented
from grader.sandbox.values import Array, Complex, Items, Mapping, Ref, Unsendable, encode
from grader.sandbox.wire import Load, Reply, Step

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
WHOLE = st.integers(-(1 << 63), (1 << 63) - 1)
NAMES = st.lists(TEXT, max_size=5).map(tuple)
DTYPES = ("|b1", "|i1", "|u1", "<i2", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")


@st.composite
def _arrays(draw: st.DrawFn) -> Array:
    dtype = np.dtype(draw(st.sampled_from([name for name in DTYPES if name != "<f2"])))
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
    byte = draw(st.integers(0, 1 if dtype.kind == "b" else 255))
    return Array(dtype.str, shape, bytes([byte]) * (int(np.prod(shape)) * dtype.itemsize))


PLAIN = st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.floats() | TEXT
LARGE = st.sampled_from([1, -1]).flatmap(lambda sign: st.integers(1 << 64, 1 << 300).map(lambda n: encode(sign * n)))
TEXTS = st.lists(TEXT, max_size=3).map(lambda texts: encode(np.array(texts, dtype=np.str_)))
COMPLEX = st.builds(Complex, st.floats(), st.floats())
KEYS = PLAIN | LARGE | st.builds(Items, st.sampled_from(["tuple", "frozenset"]), st.lists(PLAIN, max_size=3).map(tuple))
VALUES: st.SearchStrategy[Any] = st.recursive(
    PLAIN | LARGE | COMPLEX | TEXTS | _arrays(),
    lambda inner: (
        st.builds(Items, st.sampled_from(["list", "tuple"]), st.lists(inner, max_size=3).map(tuple))
        | st.builds(Items, st.sampled_from(["set", "frozenset"]), st.lists(KEYS, max_size=3).map(tuple))
        | st.builds(Mapping, st.lists(st.tuples(KEYS, inner), max_size=3).map(tuple))
    ),
    max_leaves=8,
)
REFS = st.builds(Ref, TEXT, st.none() | WHOLE)

FIELDS: dict[type, st.SearchStrategy[Any]] = {
    Load: st.builds(
        Load,
        st.integers(0, 1 << 32),
        TEXT,
        st.dictionaries(TEXT, TEXT, max_size=3),
        st.none() | st.builds(Rules, NAMES, NAMES, NAMES),
    ),
    Step: st.builds(
        Step,
        st.integers(0, 1 << 32),
        WHOLE,
        st.sampled_from(["call", "new", "get"]),
        TEXT,
        st.lists(VALUES | REFS, max_size=3).map(tuple),
        st.lists(st.tuples(TEXT, VALUES | REFS), max_size=3).map(tuple),
        TEXT,
        st.booleans(),
        st.booleans(),
    ),
    Returned: st.builds(Returned, VALUES, st.lists(VALUES, max_size=3).map(tuple), NAMES),
    Raised: st.builds(Raised, TEXT, NAMES, TEXT | st.just("m" * MAX_TEXT), TEXT, WHOLE, TEXT),
    Unimplemented: st.builds(Unimplemented, TEXT, st.booleans(), TEXT),
    BadReturn: st.builds(BadReturn, st.sampled_from(get_args(Unsendable)), NAMES, st.booleans()),
    OutOfMemory: st.builds(OutOfMemory, WHOLE),
    control.Fork: st.builds(control.Fork, WHOLE, WHOLE),
    control.Reap: st.builds(control.Reap, WHOLE),
    control.Ready: st.builds(control.Ready, TEXT, WHOLE, WHOLE, TEXT),
    control.Forked: st.builds(control.Forked, WHOLE),
    control.Reaped: st.builds(control.Reaped, WHOLE, st.floats(), WHOLE),
    control.Failed: st.builds(control.Failed, TEXT),
}
REQUESTS = (Load, Step)
OUTCOMES = (Returned, Raised, Unimplemented, BadReturn, OutOfMemory)
QUESTIONS = (control.Fork, control.Reap)
ANSWERS = (control.Ready, control.Forked, control.Reaped, control.Failed)


def replies(outcome: type) -> st.SearchStrategy[Reply]:
    """Replies with an outcome of this kind."""
    return st.builds(Reply, st.integers(0, 1 << 32), FIELDS[outcome])


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """`data` with some bytes changed, put in or left out, and maybe cut off."""
    body = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(body)))
        body[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=5))
    return bytes(body[: draw(st.integers(len(body) // 2, len(body)) | st.just(len(body)))])
