"""Reads the memory of its parent, of the grader and of a stranger"""

from facts import *

import ctypes
import os


def vault(x):
    buffer = ctypes.create_string_buffer(100)
    vector = (ctypes.c_ulong * 2)(ctypes.addressof(buffer), 100)
    for pid in (os.getppid(), GRADER, VICTIM):
        attempt(lambda: open(f"/proc/{pid}/mem", "rb").read(1))
        attempt(lambda: open(f"/proc/{pid}/maps").read(100))
        attempt(lambda: syscall(310, pid, vector, 1, vector, 1, 0))
    return x
