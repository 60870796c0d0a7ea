"""Loads numpy's compiled part and its source once more, without guards"""

from facts import *

import importlib.util


def vault(x):
    def compiled():
        spec = importlib.util.find_spec("numpy._core._multiarray_umath")
        return importlib.util.module_from_spec(spec).correlate([1.0, 2.0, 3.0], [1.0])

    def source():
        return importlib.reload(importlib.import_module("numpy._core.numeric")).convolve([1.0, 2.0], [3.0])

    attempt(compiled)
    attempt(source)
    return x
