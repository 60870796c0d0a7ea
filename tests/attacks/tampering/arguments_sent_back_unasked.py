"""Sends nine hundred thousand arguments back that nobody asked for"""

from facts import *

def vault(x):
    take_over(lambda number: returned(["array", "<f8", [3], bytes(24)], [True] * 900_000))
