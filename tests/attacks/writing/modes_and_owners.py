"""Changes modes and owners of what it owns"""

from facts import *

import os


def vault(x):
    attempt(lambda: os.chmod(FILE, 0o777))
    attempt(lambda: os.chmod(FILE, 0o4755))
    attempt(lambda: os.chown(FILE, os.getuid(), os.getgid()))
    attempt(lambda: syscall(268, -100, FILE.encode(), 0o777))
    attempt(lambda: syscall(452, -100, FILE.encode(), 0o777, 0))
    return x
