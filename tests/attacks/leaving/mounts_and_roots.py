"""Mounts, changes its root, opens trees"""

from facts import *

import os


def vault(x):
    attempt(lambda: syscall(165, b"none", b"/tmp", b"tmpfs", 0, None))
    attempt(lambda: os.chroot("/tmp") or "did")
    attempt(lambda: os.chdir(COURSE) or "did")
    attempt(lambda: syscall(428, -100, b"/", 1))
    attempt(lambda: syscall(155, b"/", b"/"))
    attempt(lambda: syscall(430, b"tmpfs", 0))
    return x
