"""Takes memory by private, shared and huge mappings, and past the break"""

from facts import *

import ctypes
import mmap


def vault(x):
    attempt(lambda: [mmap.mmap(-1, 1 << 28, flags=mmap.MAP_SHARED) for _ in range(64)])
    attempt(lambda: [mmap.mmap(-1, 1 << 28, flags=mmap.MAP_PRIVATE) for _ in range(64)])
    attempt(lambda: mmap.mmap(-1, 1 << 31, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000))
    attempt(lambda: mmap.mmap(-1, 1 << 24, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | 0x40000))
    ctypes.CDLL(None).sbrk.restype = ctypes.c_long
    attempt(lambda: 1 / (ctypes.CDLL(None).sbrk(ctypes.c_long(1 << 33)) + 1))
    return x
