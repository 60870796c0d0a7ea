"""Answers with an empty outcome, and with one that is a list"""

from facts import *

def vault(x):
    take_over(lambda number: b"\x80" if number % 2 else b"\x90")
