"""Prints without end"""

from facts import *

import os


def vault(x):
    while True:
        os.write(1, b"x" * 65536)
        os.write(2, b"\n" * 65536)
