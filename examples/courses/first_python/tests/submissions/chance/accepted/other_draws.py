"""Drawn in other ways."""

import random

import numpy as np


def roll(seed, n):
    rng = random.Random(seed + 7)
    return [int(6 * rng.random()) + 1 for _ in range(n)]


def walk(steps):
    place, places = 0, [0]
    for up in steps:
        if up:
            place += 1
        else:
            place -= 1
        places.append(place)
    return places


def random_walk(seed, n):
    rng = random.Random(seed)
    return walk([bool(rng.getrandbits(1)) for _ in range(n)])


def darts(rng, n):
    found = []
    for _ in range(n):
        x, y = rng.random(), rng.random()
        found.append(x**2 + y**2 < 1)
    return np.array(found)


def collatz(n):
    yield n
    yield from collatz(3 * n + 1 if n % 2 else n // 2)


class Purse:
    def __init__(self, cents=0):
        if cents < 0:
            raise ValueError(cents)
        self.cents = cents

    def put(self, cents):
        self.cents = self.cents + cents

    def pay(self, cents):
        enough = self.cents >= cents
        if enough:
            self.cents -= cents
        return enough
