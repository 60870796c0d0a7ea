"""Changes __main__ and the module's own name"""

from facts import *

import sys

__name__ = "__main__"
__file__ = "/etc/passwd"
sys.modules["__main__"].main = lambda: print("full marks")


def vault(x):
    raise RuntimeError(__file__)
