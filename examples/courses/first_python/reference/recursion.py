"""What `recursion` should return, without recursion where that is easy."""

import itertools
import math


def factorial(n):
    """The library's; it refuses negative numbers by itself."""
    return math.factorial(n)


def depth(tree):
    """Layer by layer."""
    layers, layer = 0, [tree]
    while any(isinstance(item, list) for item in layer):
        layers += 1
        layer = [inner for item in layer if isinstance(item, list) for inner in item]
    return layers


def permutations(items):
    """The library's."""
    return [list(order) for order in itertools.permutations(items)]


def hanoi(n, start, goal, other):
    """With a pile of what is still to be done."""
    moves, pile = [], [(n, start, goal, other)]
    while pile:
        height, a, b, c = pile.pop()
        if height == 1:
            moves.append((a, b))
        elif height > 1:
            pile += [(height - 1, c, b, a), (1, a, b, c), (height - 1, a, c, b)]
    return moves


def fibonacci(n):
    """From below."""
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def why_slow():
    """A person decides."""
    return "The same numbers are computed again and again."
