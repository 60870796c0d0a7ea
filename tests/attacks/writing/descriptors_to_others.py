"""Sends its descriptors over the wire to whoever reads there, and fetches those of others"""

from facts import *

import array
import os
import socket


def vault(x):
    def send():
        wire = socket.socket(fileno=os.dup(3))
        return wire.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])

    attempt(send)
    attempt(lambda: syscall(438, os.pidfd_open(os.getppid()), 3, 0))
    attempt(lambda: syscall(438, os.pidfd_open(GRADER), 0, 0))
    return x
