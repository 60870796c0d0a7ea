"""Overwrites the interpreter's own small numbers and constants"""

from facts import *

import ctypes


def vault(x):
    address = id(0.0) + 16
    ctypes.c_double.from_address(address).value = 41.75
    ctypes.c_long.from_address(id(1) + 24).value = 0
    return x
