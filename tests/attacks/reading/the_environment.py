"""Prints its environment, and that of its ancestors"""

from facts import *

import os


def vault(x):
    print(os.environ, os.environb)
    for pid in ("self", os.getppid(), 1, GRADER, VICTIM):
        attempt(lambda: open(f"/proc/{pid}/environ", "rb").read())
    return x
