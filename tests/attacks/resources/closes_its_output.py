"""Closes its output and prints a megabyte"""

from facts import *

import os


def vault(x):
    os.close(1)
    os.close(2)
    print("x" * 10**6)
    return x
