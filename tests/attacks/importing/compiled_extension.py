"""Loads a shared library of its own, and one of the system's"""

from facts import *

import ctypes
import importlib.machinery
import importlib.util


def vault(x):
    def extension():
        loader = importlib.machinery.ExtensionFileLoader("extension", FILE)
        return importlib.util.module_from_spec(importlib.util.spec_from_loader("extension", loader))

    attempt(lambda: open(f"{FOLDER}/grader-attack.so", "wb").write(b"\x7fELF"))
    attempt(lambda: ctypes.CDLL(f"{FOLDER}/grader-attack.so"))
    attempt(lambda: ctypes.CDLL(FILE))
    attempt(extension)
    return x
