"""Reads the text of the grader's modules by inspection, linecache and their loaders"""

from facts import *

import inspect
import linecache
import pkgutil
import sys


def vault(x):
    module = inside("values")
    attempt(lambda: inspect.getsource(module))
    attempt(lambda: [linecache.getlines(module.__file__)][0][0])
    attempt(lambda: module.__loader__.get_data(module.__file__)[:100])
    attempt(lambda: pkgutil.get_data("grader.sandbox", "values.py")[:100])
    attempt(lambda: sys.modules["grader.judge"])
    return x
