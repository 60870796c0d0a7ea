"""Opens sockets of every family and kind"""

from facts import *

import socket


def vault(x):
    for family in range(46):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                found = socket.socket(family, kind)
            except OSError as error:
                last = error
            else:
                print(f"\ngot: a socket of family {family}, kind {kind}: {found}")

    def told():
        raise last

    attempt(told)
    return x
