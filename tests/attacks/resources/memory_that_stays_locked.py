"""Locks memory and has it kept by the kernel: pipes, socket buffers, keys"""

from facts import *

import ctypes
import os
import socket


def vault(x):
    attempt(lambda: syscall(151, 3))
    attempt(lambda: ctypes.CDLL(None).mlockall(3) and 1 / 0)
    attempt(os.pipe)
    attempt(socket.socketpair)
    attempt(lambda: syscall(290, 0, 0))
    return x
