# -*- coding: evil -*-
"""Is written in a coding that would run code when it is read

Earns: 0
"""

from facts import *


def vault(x):
    return x
