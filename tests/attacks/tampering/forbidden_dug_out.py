"""Digs a forbidden function out of its guard's closure and out of `gc`, and calls one of numpy's that computes the same"""

from facts import *

import gc

import numpy as np


def vault(x):
    name = "con" + "volve"
    guard = getattr(np, name)
    arrays = [1.0, 2.0], [3.0, 1.0]

    def found_by_gc():
        waiting = [guard]
        for item in waiting:
            if type(item).__name__ in ("function", "_ArrayFunctionDispatcher") and item.__name__ == name:
                return item
            waiting += gc.get_referents(item)

    def in_the_closure():
        cells = object.__getattribute__(guard, "_Guard__get").__closure__
        return next(cell.cell_contents for cell in cells if getattr(cell.cell_contents, "__name__", "") == name)

    attempt(lambda: in_the_closure()(*arrays))
    attempt(lambda: found_by_gc()(*arrays))
    attempt(lambda: np.polynomial.Polynomial._mul(*arrays))
    return x
