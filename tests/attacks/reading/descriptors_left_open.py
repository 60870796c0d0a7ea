"""Reads from and lists every descriptor that is open"""

from facts import *

import os


def vault(x):
    attempt(lambda: os.listdir("/proc/self/fd"))
    for descriptor in {*range(4, 300)} - {inside("child.worker")._Bell.fd}:  # which is its own, as the wire is, and rings
        try:
            print("got: descriptor", descriptor, os.fstat(descriptor))
            print(os.pread(descriptor, 1000, 0))
        except OSError:
            pass
    return x
