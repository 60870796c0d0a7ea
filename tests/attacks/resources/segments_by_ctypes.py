"""Writes to address zero, and jumps there, by ctypes"""

from facts import *

import ctypes


def vault(x):
    if len(x):
        ctypes.memset(0, 1, 1)
    return ctypes.CFUNCTYPE(None)(0)()
