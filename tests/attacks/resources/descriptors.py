"""Opens descriptors until there are none"""

from facts import *

import os


def vault(x):
    def all_of_them():
        while True:
            os.dup(0)

    attempt(all_of_them)
    return x
