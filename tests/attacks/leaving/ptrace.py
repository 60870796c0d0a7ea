"""Traces its parent, the grader, a stranger, and has itself traced"""

from facts import *

import os


def vault(x):
    for request, pid in ((16, os.getppid()), (0x4206, os.getppid()), (16, GRADER), (16, VICTIM), (0, 0)):
        attempt(lambda: syscall(101, request, pid, 0, 0))
    attempt(lambda: syscall(311, os.getppid(), None, 0, None, 0, 0))
    attempt(lambda: syscall(312, os.getpid(), os.getppid(), 0, 0, 0))
    attempt(lambda: syscall(440, 3, None, 0, 0, 0))
    return x
