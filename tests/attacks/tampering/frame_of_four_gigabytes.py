"""Announces an answer of 4 GiB"""

from facts import *

import os


def vault(x):
    os.write(3, b"\xff\xff\xff\xff" + b"passed" * 1000)
    return x
