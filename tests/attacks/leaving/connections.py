"""Connects to who listens: TCP, UDP, unix, abstract"""

from facts import *

import socket


def vault(x):
    attempt(lambda: socket.create_connection(("127.0.0.1", PORT), 1).send(b"hello"))
    attempt(lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"hello", ("127.0.0.1", PORT)))

    def unix(kind, name):
        found = socket.socket(socket.AF_UNIX, kind)
        found.connect(name)
        return found.send(b"hello")

    attempt(lambda: unix(socket.SOCK_STREAM, UNIX))
    attempt(lambda: unix(socket.SOCK_DGRAM, ABSTRACT))
    return x
