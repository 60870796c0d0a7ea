"""Sends signals to the zygote, the grader, a stranger and everyone"""

from facts import *

import ctypes
import os
import signal


def vault(x):
    for pid in (os.getppid(), GRADER, VICTIM):
        attempt(lambda: os.kill(pid, signal.SIGTERM) or "sent")
        attempt(lambda: syscall(200, pid, 15))
        attempt(lambda: syscall(234, pid, pid, 15))
        attempt(lambda: syscall(129, pid, 15, ctypes.create_string_buffer(128)))
        attempt(lambda: os.killpg(pid, 0) or "sent")
        attempt(lambda: signal.pidfd_send_signal(os.pidfd_open(pid), 15) or "sent")
    attempt(lambda: os.kill(-1, 0) or "sent")
    attempt(lambda: os.kill(0, 0) or "sent")
    return x
