"""Yields steps that never come, that are never the last, that hold themselves, and a generator that will not be closed

Topic: studio
"""

from facts import *

import itertools

import numpy as np

calls = []


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return np.zeros(1_000_000)

    def __len__(self):
        return -5 % 2**61


def stays():
    while True:
        try:
            yield 1.0
        except GeneratorExit:
            yield 2.0


def walk(n, start):
    calls.append(n)
    holds = []
    holds.append(holds)
    return [Endless(), stays(), itertools.repeat(holds), (step for step in itertools.count() if step < 0)][len(calls) % 4]
