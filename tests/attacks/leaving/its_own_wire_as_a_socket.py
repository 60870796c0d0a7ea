"""Uses the wire as a socket: sends descriptors and addresses over it"""

from facts import *

import array
import socket


def vault(x):
    wire = attempt(lambda: socket.socket(fileno=3))
    attempt(lambda: syscall(46, 3, 0, 0))
    attempt(lambda: syscall(41, 1, 1, 0))
    attempt(lambda: syscall(54, 3, 1, 5, None, 0))
    attempt(lambda: syscall(48, 3, 2))
    attempt(lambda: socket.send_fds(wire, [b"x"], [0, 1, 3]) if wire else 1 / 0)
    if wire:
        wire.detach()
    return x
