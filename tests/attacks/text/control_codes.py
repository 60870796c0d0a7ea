"""Raises and prints terminal control codes: colours, cleared screens, links, titles"""

from facts import *

CODES = "\x1b[2J\x1b[31mFULL MARKS\x1b[0m\x1b]0;title\x07\x1b]8;;http://example.org\x07link\x1b]8;;\x07\r\x08\x7f"


def vault(x):
    print(CODES)
    raise RuntimeError(CODES)
