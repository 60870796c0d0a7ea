"""Takes its own locks off: filters, Landlock, no_new_privs, limits"""

from facts import *

import ctypes
import os
import resource


def vault(x):
    attempt(lambda: syscall(157, 38, 0, 0, 0, 0))
    attempt(lambda: syscall(157, 22, 0, 0, 0, 0))
    attempt(lambda: syscall(157, 4, 1, 0, 0, 0))
    attempt(lambda: syscall(157, 1, 0, 0, 0, 0))
    attempt(lambda: syscall(317, 0, 0, None))
    attempt(lambda: syscall(317, 1, 0, ctypes.create_string_buffer(16)))
    attempt(lambda: syscall(444, None, 0, 1))
    attempt(lambda: syscall(446, 3, 0))
    for name in ("AS", "CPU", "NOFILE", "FSIZE", "NPROC", "CORE", "STACK", "MEMLOCK"):
        kind = getattr(resource, f"RLIMIT_{name}")
        soft, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            attempt(lambda: resource.setrlimit(kind, (hard + 1, hard + 1)) or "raised")
    return x
