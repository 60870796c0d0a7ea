"""Writes to the wire without end"""

from facts import *

import os


def vault(x):
    while True:
        os.write(3, b"\0" * 65536)
