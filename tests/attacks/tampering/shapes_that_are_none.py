"""Answers with shapes of booleans, of negative and of endless numbers"""

from facts import *

SHAPES = ([True], [1.0], [-1, -1], [1 << 63], [(1 << 64) - 1], [0, 1 << 62], [1] * 64)


def vault(x):
    take_over(lambda number: returned(["array", "<f8", SHAPES[number % len(SHAPES)], bytes(8)]))
