"""Raises an integer to a power that fills the machine"""

from facts import *

def vault(x):
    return 3 ** (10**9)
