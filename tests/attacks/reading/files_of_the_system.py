"""Opens password files, keys and histories"""

from facts import *

import os


def vault(x):
    for path in ("/etc/passwd", "/etc/shadow", "/root/.ssh/id_rsa", "/root/.bash_history", "/proc/version", "/proc/cpuinfo", "/sys/kernel"):
        attempt(lambda: open(path).read(50))
    return x
