"""Raises and prints the control codes of 128 to 159"""

from facts import *

CODES = "\x9b2J\x9b31mFULL MARKS\x9d0;title\x9c\x90q\x85\x84\x8d"


def vault(x):
    print(CODES)
    raise RuntimeError(CODES)
