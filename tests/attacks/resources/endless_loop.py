"""Computes without end"""

from facts import *

def vault(x):
    while True:
        pass
