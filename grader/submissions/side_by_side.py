"""Two submissions beside each other: the functions of the same name at the same height, with what both share marked."""

from collections.abc import Iterator
from itertools import zip_longest

import msgspec

from grader.sandbox.lines import lines_of
from grader.submissions.fingerprints import Pair


class Side(msgspec.Struct, frozen=True):
    """A line of one of the two, by its number from 1, and whether the other has what is in it."""

    number: int
    text: str
    shared: bool


def side_by_side(pair: Pair, first: str, second: str) -> Iterator[tuple[Side | None, Side | None]]:
    """The lines of the two texts of a pair that are not blank; None where one of them has no more in that function."""
    left, right = (_functions(text, {*lines}) for text, lines in zip((first, second), pair.lines, strict=True))
    for name in dict.fromkeys([*left, *right]):
        yield from zip_longest(left.get(name, ()), right.get(name, ()))


def _functions(text: str, shared: set[int]) -> dict[str, list[Side]]:
    """The lines of each function, by its name."""
    found: dict[str, list[Side]] = {}
    name = ""
    for number, line in enumerate(lines_of(text), 1):
        if line.startswith(("def ", "class ")):
            name = line.partition("(")[0].partition(":")[0]
        if line.strip():
            found.setdefault(name, []).append(Side(number, line, number in shared))
    return found
