"""Writes to a file that its user owns"""

from facts import *

import os


def vault(x):
    attempt(lambda: open(FILE, "a").write("x"))
    attempt(lambda: os.truncate(FILE, 0))
    attempt(lambda: os.open(FILE, os.O_WRONLY | os.O_TRUNC))
    attempt(lambda: os.open(FILE, os.O_RDONLY | os.O_APPEND | os.O_TRUNC))
    return x
