"""Loads programs into the kernel: bpf, perf, modules, userfaultfd"""

from facts import *

import ctypes


def vault(x):
    attempt(lambda: syscall(321, 0, ctypes.create_string_buffer(128), 128))
    attempt(lambda: syscall(298, ctypes.create_string_buffer(128), 0, -1, -1, 0))
    attempt(lambda: syscall(313, 0, b"", 0))
    attempt(lambda: syscall(323, 0))
    attempt(lambda: syscall(442, 0, 0, 0, 0, 0))
    return x
