"""Waits for input that never comes"""

from facts import *

import select


def vault(x):
    attempt(input)
    select.select([3], [], [])
