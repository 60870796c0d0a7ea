"""Handles the signal of the CPU limit and goes on"""

from facts import *

import signal


def again(*_):
    raise KeyboardInterrupt


signal.signal(signal.SIGXCPU, again)


def vault(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
