"""Fills the bell that announces answers, makes it wait for its reader, and tries to read from it"""

from facts import *

import fcntl
import os


def vault(x):
    bell = inside("child.worker")._Bell.fd
    attempt(lambda: os.read(bell, 1))
    attempt(lambda: os.pread(bell, 1, 0))
    for flags in (os.O_NONBLOCK, 0):
        try:
            fcntl.fcntl(bell, fcntl.F_SETFL, flags)
            for _ in range(200):
                os.write(bell, b"x" * 65536)
        except OSError:
            pass
    inside("child.worker")._ring = lambda: None
    return x
