"""Chance: dice, a walk, a generator that never ends, and a class. Replace the lines that raise NotImplementedError.

Whoever simulates gets the numbers from a generator of random numbers that is given a seed: random.Random(seed).
"""

import random
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def roll(seed: int, n: int) -> list[int]:
    """n rolls of a die: numbers from 1 to 6, each as likely as the others.

    Draw from random.Random(seed) in any way you like; the same seed gives the same rolls.
    """
    rng = random.Random(seed)
    return [rng.randrange(1, 6) for _ in range(n)]


def walk(steps: list[bool]) -> list[int]:
    """Where a walker is who begins at 0 and goes one place up for True, one down for False: the beginning, then after each step.

    >>> walk([True, True, False])
    [0, 1, 2, 1]
    """
    places = [0]
    for up in steps:
        places.append(places[-1] + (1 if up else -1))
    return places


def random_walk(seed: int, n: int) -> list[int]:
    """A `walk` of n steps, each up or down with the same chance, drawn from random.Random(seed) in any way you like."""
    rng = random.Random(seed)
    return walk([rng.random() < 0.5 for _ in range(n)])


def darts(rng: np.random.Generator, n: int) -> NDArray[np.bool_]:
    """Throw n darts at a square of side 1, any place as likely as any other: which hit the quarter of a circle around (0, 0)?

    Draw the places from `rng`, which is given, in any way you like. Returns n truth values.
    """
    x, y = rng.random(n), rng.random(n)
    return x * x + y * y < 1


def collatz(n: int) -> Iterator[int]:
    """n, then from each number the next: half of it if it is even, else three times it and 1.

    It goes on for ever: 4, 2, 1, 4, 2, 1, …
    """
    while True:
        yield n
        n = n // 2 if n % 2 == 0 else 3 * n + 1


class Purse:
    """A purse that knows how much is in it."""

    def __init__(self, cents: int = 0) -> None:
        """Begin with so many cents. A negative number is refused with a ValueError."""
        if cents < 0:
            raise ValueError("a purse holds no debts")
        self.cents = cents

    def put(self, cents: int) -> None:
        """Put some more in."""
        self.cents += cents

    def pay(self, cents: int) -> bool:
        """Take so much out, and say True; where there is too little, take nothing, and say False."""
        if cents > self.cents:
            return False
        self.cents -= cents
        return True
