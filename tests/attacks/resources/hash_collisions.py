"""Fills a dictionary whose keys all collide"""

from facts import *

class Key:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        return self is other


def vault(x):
    return len({Key() for _ in range(100_000)})
