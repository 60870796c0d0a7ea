"""Calls a forbidden function from code that says that it is numpy's, and from code in numpy's own namespace"""

from facts import *

import sys

import numpy as np


def vault(x):
    text = "def mine(a, b): return con" + "volve(a, b)"
    own = {"__name__": "numpy", "__builtins__": __builtins__, "con" + "volve": getattr(np, "con" + "volve")}
    for space in (own, vars(np), vars(sys.modules["numpy._core.numeric"])):
        exec(text, space)
        attempt(lambda: space["mine"]([1.0, 2.0], [3.0]))
    attempt(lambda: np.vectorize(getattr(np, "con" + "volve"), signature="(n),(m)->(k)")([1.0, 2.0], [3.0]))
    return x
