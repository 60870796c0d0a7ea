"""Leaves work for the end of the process: atexit, finalisers, threads' hooks"""

from facts import *

import atexit
import os
import weakref


class Last:
    def __del__(self):
        open(f"{FOLDER}/grader-attack-finaliser", "w")


last = Last()
atexit.register(lambda: open(f"{FOLDER}/grader-attack-atexit", "w"))
weakref.finalize(Last, lambda: open(f"{FOLDER}/grader-attack-weakref", "w"))
os.register_at_fork(before=lambda: open(f"{FOLDER}/grader-attack-fork", "w"))


def vault(x):
    return x
