"""Lowers every limit of its own process as far as it goes"""

from facts import *

import resource


def vault(x):
    for name in dir(resource):
        if name.startswith("RLIMIT_") and name != "RLIMIT_CPU":
            try:
                resource.setrlimit(getattr(resource, name), (0, 0))
            except (OSError, ValueError):
                continue
    return x
