"""Answers with a string of thirty megabytes"""

from facts import *

def vault(x):
    take_over(lambda number: returned("<" * 30_000_000))
