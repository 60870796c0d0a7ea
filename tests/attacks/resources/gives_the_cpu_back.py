"""Is always ready to run, and gives the CPU back at once"""

from facts import *

import os


def vault(x):
    while True:
        os.sched_yield()
