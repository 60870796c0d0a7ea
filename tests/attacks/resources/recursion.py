"""Calls itself without end, in Python and in C"""

from facts import *

import sys


def vault(x):
    sys.setrecursionlimit(10**9)
    return repr(nested()) + vault(x)


def nested():
    found = []
    for _ in range(200_000):
        found = [found]
    return found
