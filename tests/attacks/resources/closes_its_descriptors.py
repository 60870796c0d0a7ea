"""Closes all of its descriptors and goes on"""

from facts import *

import os
import time


def vault(x):
    os.closerange(0, 64)
    time.sleep(0.2)
    return x
