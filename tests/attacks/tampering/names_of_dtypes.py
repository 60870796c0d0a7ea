"""Answers with arrays whose dtype is spelt in other ways"""

from facts import *

SPELT = ("<f8 ", "f8", "float64", "=f8", ">f8", "|V8", "|S8", "<M8[ns]", "O", "|O8", "<f8,<f8", "")


def vault(x):
    take_over(lambda number: returned(["array", SPELT[number % len(SPELT)], [3], bytes(24)]))
