"""Lowers every limit that it has to nothing"""

from facts import *

import resource


def vault(x):
    for name in ("AS", "STACK", "NOFILE", "FSIZE", "DATA", "CORE"):
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
    return [bytearray(1 << 22), open("x")]
