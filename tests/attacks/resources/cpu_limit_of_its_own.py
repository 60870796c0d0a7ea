"""Lowers its own limit on CPU time, so that the kernel kills it as somebody outside would"""

from facts import *

import resource


def vault(x):
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass
