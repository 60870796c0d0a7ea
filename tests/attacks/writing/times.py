"""Changes the times of what it owns"""

from facts import *

import os


def vault(x):
    attempt(lambda: os.utime(FILE, (0, 0)))
    attempt(lambda: syscall(280, -100, FILE.encode(), None, 0))
    attempt(lambda: syscall(132, FILE.encode(), None))
    return x
