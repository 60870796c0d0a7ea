"""Answers with a dictionary of a hundred thousand keys"""

from facts import *

MANY = ["mapping", [[f"key {place}", 0] for place in range(100_000)]]


def vault(x):
    take_over(lambda number: returned(MANY))
