"""Removes numpy from memory and imports it again"""

from facts import *

import importlib
import sys


def vault(x):
    for name in list(sys.modules):
        if name.partition(".")[0] in ("numpy", "msgspec", "grader"):
            del sys.modules[name]
    attempt(lambda: importlib.import_module("numpy").full_marks)
    attempt(lambda: importlib.import_module("msgspec"))
    attempt(lambda: importlib.import_module("grader.sandbox.wire"))
    return x
