"""Does everything through io_uring, past the filter of system calls"""

from facts import *

import ctypes


def vault(x):
    attempt(lambda: syscall(425, 8, ctypes.create_string_buffer(256)))
    attempt(lambda: syscall(426, 4, 1, 0, 0, None, 0))
    attempt(lambda: syscall(427, 4, 0, None, 0))
    attempt(lambda: syscall(206, 8, ctypes.byref(ctypes.c_ulong())))
    return x
