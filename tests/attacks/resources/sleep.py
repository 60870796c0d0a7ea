"""Sleeps"""

from facts import *

import time


def vault(x):
    time.sleep(3600)
