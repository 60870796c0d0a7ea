"""Prints bytes that are not text"""

from facts import *

import os


def vault(x):
    os.write(1, bytes(range(256)))
    os.write(2, b"\xc3\x28\xa0\xff\xfe\x00")
    return "\x00\x1b[2J"
