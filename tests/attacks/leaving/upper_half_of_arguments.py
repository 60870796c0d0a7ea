"""Hides forbidden arguments of allowed calls in the upper half of a register"""

from facts import *

import ctypes


def vault(x):
    attempt(lambda: syscall(72, 1, ctypes.c_ulong((7 << 32) | 8), 1))
    attempt(lambda: syscall(16, 0, ctypes.c_ulong((1 << 32) | 0x5412), b"x"))
    attempt(lambda: syscall(302, ctypes.c_ulong((1 << 32) | GRADER), 0, None, None))
    return x
