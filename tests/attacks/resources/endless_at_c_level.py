"""Computes in compiled code that never comes back to Python"""

from facts import *

def vault(x):
    return sum(range(10**12))
