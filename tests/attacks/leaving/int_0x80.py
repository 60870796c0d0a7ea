"""Calls the kernel by the 32-bit door, where the calls have other numbers"""

from facts import *

import ctypes
import mmap

# mov eax, 20 (getpid there, writev here) ; int 0x80 ; ret   and then open("/etc/passwd") by its number there
CODE = bytes.fromhex("b814000000cd80c3")


def vault(x):
    page = attempt(lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))
    if page is None:
        return x
    page.write(CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    got = ctypes.CFUNCTYPE(ctypes.c_long)(address)()
    print(f"\n{'refused: the kernel said' if got < 0 else 'got: process number'} {got}")
    return x
