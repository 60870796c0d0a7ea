"""Answers with a reference to a result that was never saved"""

from facts import *

def vault(x):
    take_over(lambda number: returned(["ref", "forward", 1]))
