"""Makes namespaces in which it would be root"""

from facts import *

import ctypes


def vault(x):
    for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000, 0x4000000):
        attempt(lambda: syscall(272, flag))
    attempt(lambda: syscall(56, 0x10000000 | 17, 0, 0, 0, 0))
    attempt(lambda: syscall(435, ctypes.create_string_buffer(b"\0\0\0\x10" + b"\0" * 84, 88), 88))
    attempt(lambda: syscall(308, 3, 0))
    return x
