"""Returns empty lists, which have no bytes, as many as may be sent, at every call"""

from facts import *


def vault(x):
    return [[] for _ in range(50_000)]
