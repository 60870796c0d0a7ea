"""Tries every system call by its number, without arguments that could do harm"""

from facts import *

import ctypes
import errno

# What ends or blocks whoever calls it, and what every process may do
LEFT_OUT = {15, 34, 60, 61, 130, 219, 231, 247}


def vault(x):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    refused = 0
    if len(x) == 0:
        return x
    for number in (*range(20, 23), *range(40, 60), *range(101, 186), *range(206, 228), *range(237, 257), *range(258, 262), *range(272, 302), *range(303, 318), *range(319, 332), *range(424, 463)):
        if number in LEFT_OUT:
            continue
        ctypes.set_errno(0)
        got = libc.syscall(ctypes.c_long(number), ctypes.c_long(-1), ctypes.c_long(-1), ctypes.c_long(-1), ctypes.c_long(-1), ctypes.c_long(-1), ctypes.c_long(-1))
        refused += got == -1 and ctypes.get_errno() in (errno.EPERM, errno.ENOSYS)
    print(f"\nrefused: {refused} system calls EPERM")
    return x
