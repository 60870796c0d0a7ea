"""How rubrics write numbers in their messages: as a person writes them on a slide.

    number(2.0), term(-1.5)             2, (-1.5)
    total([1, 2, -3])                   1 + 2 + -3
    products([1, 2], [3, -4])           1*3 + 2*-4

A rubric that wants other numbers makes a `Writing` of its own:

    hand = Writing(decimals=4)
    number, products = hand.number, hand.products
"""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

Numbers = Any  # anything that numpy makes an array of


class Writing(msgspec.Struct, frozen=True):
    """A way to write numbers.

    Attributes:
        digits: the most significant digits of a number.
        decimals: the most of them after the point (None: any).
        zero: whether -0 is written as 0.
    """

    digits: int = 6
    decimals: int | None = None
    zero: bool = False

    def number(self, value: Any) -> str:
        """A number: integers without a point."""
        rounded = float(value) if self.decimals is None else round(float(value), self.decimals)
        return f"{rounded + 0.0 if self.zero else rounded:.{self.digits}g}"

    def term(self, value: Any) -> str:
        """A number as a term or a factor: in brackets where it is negative."""
        return f"({self.number(value)})" if value < 0 else self.number(value)

    def total(self, values: Numbers) -> str:
        """A sum of numbers, element by element of an array."""
        return " + ".join(map(self.number, np.ravel(values)))

    def products(self, left: Numbers, right: Numbers, brackets: bool = False) -> str:
        """A sum of the products of corresponding numbers in two arrays of the same size; 0 for empty ones.

        Args:
            brackets: whether negative numbers are in brackets.
        """
        write = self.term if brackets else self.number
        return " + ".join(f"{write(a)}*{write(b)}" for a, b in zip(np.ravel(left), np.ravel(right), strict=True)) or "0"


def place(index: Iterable[Any]) -> str:
    """An index as it is written in brackets."""
    return ",".join(str(int(i)) for i in index)


def mean(terms: Sequence[str]) -> str:
    """The mean of terms; a single term itself."""
    return f"({' + '.join(terms)})/{len(terms)}" if len(terms) > 1 else terms[0]


PLAIN = Writing()
number, term, total, products = PLAIN.number, PLAIN.term, PLAIN.total, PLAIN.products
