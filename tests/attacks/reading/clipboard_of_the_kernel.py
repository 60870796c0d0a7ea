"""Reads the kernel's log, its keys and its terminals"""

from facts import *

import ctypes
import fcntl


def vault(x):
    buffer = ctypes.create_string_buffer(1000)
    attempt(lambda: syscall(103, 3, buffer, 1000))
    attempt(lambda: syscall(250, 11, -3, buffer, 1000))
    attempt(lambda: open("/dev/kmsg"))
    attempt(lambda: open("/dev/tty"))
    attempt(lambda: open("/dev/mem", "rb"))
    attempt(lambda: fcntl.ioctl(0, 0x5412, b"x"))
    return x
