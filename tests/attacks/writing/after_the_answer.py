"""Goes on after its answer: a timer, a garbage collector's callback and a finaliser write to the wire

Earns: 1
"""

from facts import *

import gc
import os
import signal
import sys


def late(*_):
    os.write(3, b"\xff" * 8)


def vault(x):
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    gc.callbacks.append(late)
    sys.unraisablehook = late
    return x
