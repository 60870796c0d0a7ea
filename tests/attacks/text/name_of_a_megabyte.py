"""Raises an exception whose name, file and message are a megabyte long"""

from facts import *

LONG = "A" * 1_000_000
Long = type(LONG, (ValueError,), {"__module__": LONG})


def vault(x):
    raise Long(LONG)
