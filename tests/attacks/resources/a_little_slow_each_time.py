"""Uses nearly all of the time of each call"""

from facts import *

import time


def vault(x):
    end = time.process_time() + 0.25
    while time.process_time() < end:
        pass
    return x
