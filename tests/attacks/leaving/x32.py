"""Calls the kernel by the numbers of the x32 ABI"""

from facts import *

def vault(x):
    for number in (41, 57, 59, 101):
        attempt(lambda: syscall(0x40000000 | number, 2, 1, 0))
    return x
