"""Raises the recursion limit and recurses in C until the stack ends"""

from facts import *

import sys


class Deep:
    def __repr__(self):
        return repr(self)

    def __eq__(self, other):
        return self == other


def vault(x):
    sys.setrecursionlimit(10**8)
    return repr(Deep()) if len(x) else Deep() == Deep()
