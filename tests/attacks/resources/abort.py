"""Aborts in the C library"""

from facts import *

import ctypes


def vault(x):
    ctypes.CDLL(None).abort()
