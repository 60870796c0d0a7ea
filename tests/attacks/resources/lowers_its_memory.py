"""Lowers its own memory limit below what it has"""

from facts import *

import resource


def vault(x):
    resource.setrlimit(resource.RLIMIT_AS, (1, 1))
    return bytearray(1 << 22)
