"""Has signals sent to others by making them owners of a descriptor"""

from facts import *

import fcntl
import os


def vault(x):
    for pid in (os.getppid(), VICTIM, -1):
        for descriptor in (1, 3):
            attempt(lambda: fcntl.fcntl(descriptor, fcntl.F_SETOWN, pid))
            attempt(lambda: fcntl.fcntl(descriptor, 15, b"\1\0\0\0\0\0\0\0"))
        attempt(lambda: fcntl.ioctl(3, 0x8901, b"\1\0\0\0"))
    return x
