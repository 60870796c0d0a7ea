"""What is printed: whether a text says a result, and how two texts differ, line by line."""

import math
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

import msgspec
import numpy as np

from grader.checks.forms import is_large
from grader.text.language import gettext as _
from grader.text.language import ngettext

NEAR = 1e-6  # relative to the largest number: numpy prints eight digits
COMPARED = 300  # lines of each text that are matched with each other
SHOWN = 8  # lines of a difference
WIDEST = 70  # characters of a line that are shown
_NUMBER = re.compile(r"[-+]?(?:\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?|nan|inf)")


def says(text: str, expected: Any, atol: float = 0.0) -> bool:
    """Whether a printed text says an expected result, and nothing else: a text itself, numbers to the digits that numpy prints.

    Args:
        atol: how far off a float may be, where the expected ones have fewer digits.
    """

    def numbers(value: Any) -> Iterator[int | float]:  # in here, where it is nothing that a student could call
        if isinstance(value, np.ndarray) and value.dtype.kind in "iuf" and value.size <= COMPARED:
            yield from value.ravel().tolist()
        elif type(value) in (int, float) and not is_large(value):
            yield value
        elif isinstance(value, list | tuple) and len(value) <= COMPARED:
            for item in value:
                yield from numbers(item)

    if isinstance(expected, str):
        return text.split() == expected.split() and bool(expected.strip())
    if expected is None:
        return False
    if text.split() == str(expected).split():
        return True
    wanted = list(numbers(expected))
    if (
        not wanted
        or not all(map(math.isfinite, wanted))
        or re.search(r"[^\W\d_]", re.sub(r"(?i)array|dtype=\w+|e[-+]|nan|inf|true|false", "", text))
    ):
        return False
    found = [_float(token) for token in _NUMBER.findall(text)]
    scale = max(map(abs, wanted))
    near = [max(NEAR * scale, atol) if type(number) is float else 0.0 for number in wanted]  # counts are exact
    return len(found) == len(wanted) and all(abs(a - b) <= most for a, b, most in zip(wanted, found, near, strict=True))


def printed_text() -> str:
    """The message where nothing was returned, but something was printed that cannot be judged."""
    return _("it printed something, but returned None; is a `print` in place of a `return`?")


def _float(token: str) -> float:
    try:
        return float(token)
    except ValueError:
        return math.nan


class LinesApart(msgspec.Struct, frozen=True):
    """How two texts differ.

    Attributes:
        right: the part of the lines that are in both, in order.
        first: the number of the first line that differs, from 1.
        text: the lines around it; `-` begins one that is expected, `+` one that was printed.
        expected, got: how many lines there are.
    """

    right: float
    first: int
    text: str
    expected: int
    got: int


def apart(expected: str, got: str) -> LinesApart:
    """The difference between two texts, of which long ones are looked at around the first line that differs."""
    want, have = _lines(expected), _lines(got)
    start = next(
        (place for place, (one, other) in enumerate(zip(want, have, strict=False)) if one != other), min(len(want), len(have))
    )
    end = next(
        (place for place, (one, other) in enumerate(zip(want[start:][::-1], have[start:][::-1], strict=False)) if one != other),
        min(len(want), len(have)) - start,
    )
    left, right = want[start : len(want) - end], have[start : len(have) - end]
    blocks = SequenceMatcher(None, left[:COMPARED], right[:COMPARED], autojunk=False)
    same = start + end + sum(block.size for block in blocks.get_matching_blocks())
    shown = [f"  {start}  {_short(want[start - 1])}"] if start else []
    for word, low, high, lower, higher in blocks.get_opcodes():
        if word == "equal":
            shown += [f"  {start + low + 1}  {_short(left[low])}"] + (["  …"] if high - low > 1 else [])
            continue
        shown += [f"- {start + place + 1}  {_short(left[place])}" for place in range(low, high)]
        shown += [f"+ {start + place + 1}  {_short(right[place])}" for place in range(lower, higher)]
    if len(shown) > SHOWN:
        shown = [*shown[:SHOWN], "…"]
    return LinesApart(same / max(len(want), len(have), 1), start + 1, "\n".join(shown), len(want), len(have))


def _lines(text: str) -> Sequence[str]:
    return text.split("\n") if text else []


def _short(line: str) -> str:
    return line if len(line) <= WIDEST else f"{line[:WIDEST]}…"


def apart_text(found: LinesApart) -> str:
    """The difference, for the student: `-` lines are expected, `+` lines theirs."""
    if not found.got:
        return _("nothing is printed; expected:") + f"\n{found.text}"
    return _("the printed text differs (- expected, + yours):") + f"\n{found.text}"


def public_text(found: LinesApart) -> str:
    """The same without what is expected."""
    if not found.got:
        return _("nothing is printed")
    lines = ngettext("{n} line is printed", "{n} lines are printed", found.got).format(n=found.got)
    if found.got != found.expected:
        return _("{lines} where {n} are expected; the first that differs is line {first}").format(
            lines=lines, n=found.expected, first=found.first
        )
    return _("the first line that differs is line {first}").format(first=found.first)
