"""Lowers its own stack and recurses as deep as it likes"""

from facts import *

import resource
import sys


def vault(x):
    resource.setrlimit(resource.RLIMIT_STACK, (1 << 16, 1 << 16))
    sys.setrecursionlimit(10**6)

    def deeper(n):
        return [deeper(n + 1)]

    return deeper(0)
