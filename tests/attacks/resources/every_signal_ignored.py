"""Ignores and blocks every signal, and computes without end"""

from facts import *

import signal

for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        continue
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def vault(x):
    while True:
        pass
