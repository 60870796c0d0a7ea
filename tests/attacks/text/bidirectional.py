"""Raises text that is shown in another order than it is written"""

from facts import *

TEXT = "score \u202e0.4 fo 0.4\u202c \u2066\u200f\u061c\u2069 \u200b\ufeff"


def vault(x):
    print(TEXT)
    raise ValueError(TEXT + str(len(x)))
