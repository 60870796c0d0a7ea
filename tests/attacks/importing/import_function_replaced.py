"""Replaces __import__ by a function that gives away what it likes"""

from facts import *

import builtins

real = builtins.__import__


def importer(name, *args, **kwargs):
    print("imports", name)
    return real(name, *args, **kwargs)


builtins.__import__ = importer
__builtins__["__import__"] = importer


def vault(x):
    import fractions

    return x
