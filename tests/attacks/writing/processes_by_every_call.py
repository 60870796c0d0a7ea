"""Starts processes by fork, vfork, clone, clone3, posix_spawn and subprocess"""

from facts import *

import ctypes
import os
import subprocess


def vault(x):
    def child(number):
        pid = syscall(number, 17, 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        return pid

    def shell():
        if ctypes.CDLL(None).system(b"sleep 600 &") != 0:
            raise OSError("no shell")

    attempt(lambda: child(56))
    attempt(lambda: child(57))
    attempt(lambda: child(435))
    attempt(lambda: os.posix_spawn("/bin/sleep", ["sleep", "600"], {}))
    attempt(lambda: subprocess.Popen(["sleep", "600"]))
    attempt(shell)
    attempt(lambda: os.execv("/bin/sleep", ["sleep", "600"]))
    return x
