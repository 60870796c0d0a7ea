"""Leaves a key in the kernel's keyring"""

from facts import *

def vault(x):
    for ring in (-1, -3, -4, -5):
        attempt(lambda: syscall(248, b"user", b"grader-attack", b"x", 1, ring))
    return x
