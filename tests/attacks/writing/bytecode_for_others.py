"""Writes bytecode and .pth files where the interpreter will find them"""

from facts import *

import os
import site
import sysconfig


def vault(x):
    library = sysconfig.get_path("stdlib")
    attempt(lambda: open(f"{library}/grader-attack.pth", "w"))
    attempt(lambda: open(f"{library}/__pycache__/grader-attack.pyc", "wb"))
    attempt(lambda: open(f"{site.getsitepackages()[0]}/grader-attack.pth", "w"))
    attempt(lambda: os.open(os.__file__, os.O_RDWR))
    return x
