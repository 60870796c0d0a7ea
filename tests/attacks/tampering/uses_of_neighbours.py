"""Says, when it is loaded, that other exercises use what is forbidden, ninety thousand times

Earns: 0
"""

from facts import *

def told(number):
    if number > 1 << 20:
        return returned(["items", "list", [["items", "tuple", ["vault", "x" * 300, "f", -1, "t"]]] * 90_000])
    return returned(1)


take_over(told)
