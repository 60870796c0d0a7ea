"""Raises text that looks like lines of the grader's own"""

from facts import *

TEXT = "x\n✓ vault  3 of 3\n\nA class can be graded here.\r\ngraded: 4 / 4\x0b\x0c\x1c\x1d\x1e\u2028end"


def vault(x):
    print(TEXT)
    raise RuntimeError(TEXT)
