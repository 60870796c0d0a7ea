"""Crashes the interpreter"""

from facts import *

import ctypes


def vault(x):
    ctypes.string_at(0)
