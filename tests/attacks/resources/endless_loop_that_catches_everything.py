"""Computes without end and catches whatever is thrown at it"""

from facts import *

import signal

for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass


def vault(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
