"""Sends tables of a thousand columns whose labels are texts of all letters there are

Topic: studio
"""

from facts import *

NAMES = ["str", ["array", "<U1", [3], b"n\0\0\0s\0\0\0w\0\0\0"], None]
WHOLE = ["int64", ["array", "<i8", [3], bytes(24)], None]
LABELS = [[chr(0x1F600) * 100 + str(place)] * 8 for place in range(300)]


def by_shop(sales):
    take_over(lambda seq: returned(["table", "frame", LABELS, [WHOLE] * 300, [None], [NAMES]]))
