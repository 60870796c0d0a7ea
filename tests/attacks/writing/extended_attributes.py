"""Sets extended attributes on what it owns"""

from facts import *

import os


def vault(x):
    attempt(lambda: os.setxattr(FILE, "user.grader-attack", b"1"))
    attempt(lambda: os.listxattr(FILE))
    attempt(lambda: syscall(188, FILE.encode(), b"user.x", b"1", 1, 0))
    return x
