"""Writes to the terminals and descriptors of others"""

from facts import *

import os


def vault(x):
    for pid in (os.getppid(), GRADER, VICTIM, "self"):
        for descriptor in (0, 1, 2, 3):
            attempt(lambda: os.open(f"/proc/{pid}/fd/{descriptor}", os.O_WRONLY))
    attempt(lambda: syscall(438, 3, 1, 0))
    return x
