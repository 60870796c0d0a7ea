"""Rewrites the locals of its caller's frame"""

from facts import *

import ctypes
import sys


def vault(x):
    frame = sys._getframe(1)
    for name in ("result", "value", "target"):
        frame.f_locals[name] = 41.75
    ctypes.pythonapi.PyFrame_LocalsToFast(ctypes.py_object(frame), ctypes.c_int(0))
    return x
