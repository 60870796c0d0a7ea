"""Answers with a hundred thousand zeros, each a value of its own

Earns: 0
"""

from facts import *

def vault(x):
    take_over(lambda number: returned(["items", "list", [0.0] * 100_000]))
