"""Which keys of two dicts, or items of two sets, are the same: what is equal, and floats that are as close as the tolerance allows."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from grader.text.language import gettext as _

SHOWN = 5  # keys in a message
LONGEST = 40  # characters of one


class Pairs(msgspec.Struct, frozen=True):
    """The keys of two dicts, or the items of two sets.

    Attributes:
        pairs: each expected one, with the one that came.
        missing, extra: those of the expected ones and of those that came which have none.
    """

    pairs: tuple[tuple[Any, Any], ...]
    missing: tuple[Any, ...]
    extra: tuple[Any, ...]


def paired(expected: Collection[Any], got: Collection[Any], at: Callable[[NDArray[Any]], float]) -> Pairs:
    """The pairs of `expected` and `got`, two dicts or two sets.

    Args:
        at: the largest difference between floats that passes, of the expected floats.
    """
    missing, extra = [key for key in expected if key not in got], [key for key in got if key not in expected]
    near = dict(_near(_floats(missing), _floats(extra), at, _floats(expected)))
    others = set(near.values())
    return Pairs(
        (*((key, key) for key in expected if key in got), *near.items()),
        tuple(key for key in missing if key not in near),
        tuple(key for key in extra if key not in others),
    )


def _near(
    wanted: Sequence[float], found: Sequence[float], at: Callable[[NDArray[Any]], float], scale: Sequence[float]
) -> Iterator[tuple[float, float]]:
    """Each wanted float with one that was found and is close enough; both are sorted."""
    if not wanted or not found:
        return
    near, place = at(np.array(scale)), 0
    for want in wanted:
        while place < len(found) and found[place] < want - near:
            place += 1
        if place < len(found) and found[place] <= want + near:
            yield want, found[place]
            place += 1


def _floats(keys: Iterable[Any]) -> list[float]:
    return sorted(key for key in keys if type(key) is float and math.isfinite(key))


def text_of(key: Any) -> str:
    """A key in short."""
    text = repr(key)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def texts_of(keys: Iterable[Any]) -> str:
    """The first of the keys, in order; "" for none."""
    found = list(keys)
    try:
        found.sort()
    except TypeError:  # of several types
        found.sort(key=text_of)
    texts = ", ".join(map(text_of, found[:SHOWN]))
    more = len(found) - SHOWN
    return _("{keys} and {n} more").format(keys=texts, n=more) if more > 0 else texts
