"""What `chance` should return; of what is drawn, one possibility."""

import itertools
import random

import numpy as np


def roll(seed, n):
    """Another way to draw."""
    rng = random.Random(seed)
    return rng.choices(range(1, 7), k=n)


def walk(steps):
    """Sums of ones and minus ones."""
    return [0, *itertools.accumulate(2 * int(up) - 1 for up in steps)]


def random_walk(seed, n):
    """Another way to draw."""
    rng = random.Random(seed)
    return walk([rng.choice((True, False)) for _ in range(n)])


def darts(rng, n):
    """Another way to draw."""
    return np.linalg.norm(rng.uniform(size=(n, 2)), axis=1) < 1


def collatz(n):
    """The next number by a rule."""
    while True:
        yield n
        n = (n // 2, 3 * n + 1)[n % 2]


class Purse:
    """The sum of all that was put in and taken out."""

    def __init__(self, cents=0):
        if cents < 0:
            raise ValueError("negative")
        self._moved = [cents]

    @property
    def cents(self):
        return sum(self._moved)

    def put(self, cents):
        self._moved.append(cents)

    def pay(self, cents):
        enough = self.cents >= cents
        self._moved.append(-cents * enough)
        return enough
