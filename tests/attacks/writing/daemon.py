"""Leaves a daemon behind by a double fork"""

from facts import *

import os
import time


def vault(x):
    def daemon():
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(600)
            os._exit(0)
        return "forked"

    attempt(daemon)
    return x
