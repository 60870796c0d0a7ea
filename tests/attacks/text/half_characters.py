"""Raises and prints half of a surrogate pair, NUL and noncharacters"""

from facts import *

TEXT = "\ud800 \udcff \0 \uffff \U0010ffff"


def vault(x):
    try:
        print(TEXT)
    except UnicodeError:
        pass
    raise type("E\ud800", (RuntimeError,), {})(TEXT)
