"""Becomes root, or gets capabilities"""

from facts import *

import ctypes
import os


def vault(x):
    attempt(lambda: os.setuid(0) or "is root")
    attempt(lambda: os.setresuid(0, 0, 0) or "is root")
    attempt(lambda: os.setgroups([0]) or "is in root's group")
    header, data = (ctypes.c_uint * 2)(0x20080522, 0), (ctypes.c_uint * 6)(*[0xFFFFFFFF] * 6)
    attempt(lambda: syscall(126, header, data))
    attempt(lambda: syscall(157, 47, 2, 0, 0, 0))
    attempt(lambda: os.execv("/usr/bin/su", ["su"]))
    return x
