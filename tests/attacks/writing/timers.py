"""Sets timers that would ring after the answer"""

from facts import *

import ctypes
import signal


def vault(x):
    attempt(lambda: signal.setitimer(signal.ITIMER_REAL, 0.01))
    attempt(lambda: syscall(37, 1))
    attempt(lambda: syscall(222, 0, None, ctypes.byref(ctypes.c_int())))
    attempt(lambda: syscall(283, 0, 0))
    return x
