"""Raises an exception whose text never ends"""

from facts import *

class Endless(Exception):
    def __str__(self):
        while True:
            pass


def vault(x):
    raise Endless
