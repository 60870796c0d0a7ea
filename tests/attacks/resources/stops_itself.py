"""Stops itself, so that it neither runs nor ends"""

from facts import *

import os
import signal


def vault(x):
    attempt(lambda: os.kill(os.getpid(), signal.SIGSTOP) or "sent")
    attempt(lambda: signal.raise_signal(signal.SIGSTOP) or "sent")
    return x
